"""Contracts 签约 and the money received for them 回款."""

from decimal import Decimal
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.core.models import Record
from hearth.core.querysets import ScopedQuerySet
from hearth.customers.models import Customer
from hearth.organization.models import OrgUnit
from hearth.properties.models import Unit
from hearth.sales.permissions import VIEW_CONTRACT


class ContractQuerySet(ScopedQuerySet["Contract"]):
    view_permission = VIEW_CONTRACT

    def live(self) -> "ContractQuerySet":
        return self.exclude(state=Contract.State.CANCELLED)

    def with_received(self) -> "ContractQuerySet":
        """Add `received`, the money that came in less what went back."""
        paid = models.Sum("payments__amount", default=Decimal(0))
        return self.annotate(received=paid)


class Contract(Record):
    """The sale of one unit to a customer."""

    class State(models.TextChoices):
        SIGNED = "signed", _("signed")
        FILED = "filed", _("filed online")
        CANCELLED = "cancelled", _("cancelled")

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="contracts")
    number = models.CharField(_("contract number"), max_length=60)
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="contracts")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="contracts")
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.SIGNED)
    signed_date = models.DateField(_("signed"))
    total_amount = models.DecimalField(_("total, ¥"), max_digits=14, decimal_places=2)
    filing_number = models.CharField(_("filing number"), max_length=60, blank=True, default="")
    filed_date = models.DateField(pgettext_lazy("contract", "filed"), null=True)
    custom = models.JSONField(default=dict, blank=True)

    objects = ContractQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["-signed_date", "-id"], name="contract_by_date")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["org_unit", "number"], name="one_contract_for_each_number_in_a_company"
            ),
            models.UniqueConstraint(
                fields=["unit"],
                condition=~models.Q(state="cancelled"),
                name="a_unit_is_under_one_contract_at_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(total_amount__gt=0), name="a_contract_has_a_positive_total"
            ),
            models.UniqueConstraint(
                fields=["org_unit", "filing_number"],
                condition=~models.Q(filing_number=""),
                name="a_company_files_one_contract_under_a_number",
            ),
            models.CheckConstraint(
                condition=models.Q(filing_number="", filed_date=None)
                | (~models.Q(filing_number="") & models.Q(filed_date__gte=models.F("signed_date"))),
                name="a_contract_is_filed_under_a_number_after_signing",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def outstanding_amount(self) -> Decimal:
        """What is still to be paid; load the contract `with_received`."""
        received: Decimal = self.received  # type: ignore[attr-defined]
        return self.total_amount - received


class PaymentQuerySet(ScopedQuerySet["Payment"]):
    view_permission = VIEW_CONTRACT


class Payment(Record):
    """Money received from a customer, for a contract or for a service.

    `instalment` is what somebody said it is for; without it the oldest due instalment comes first.
    """

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="payments")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="payments")
    contract = models.ForeignKey(
        Contract, on_delete=models.PROTECT, null=True, blank=True, related_name="payments"
    )
    receipt_number = models.CharField(_("receipt"), max_length=60)
    paid_date = models.DateField(_("paid"))
    amount = models.DecimalField(_("amount, ¥"), max_digits=14, decimal_places=2)
    subject = models.CharField(_("for"), max_length=60, blank=True)
    instalment = models.ForeignKey(
        "sales.Instalment", on_delete=models.SET_NULL, null=True, blank=True, related_name="payments"
    )

    objects = PaymentQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["org_unit", "receipt_number"], name="one_payment_for_each_receipt"
            ),
            models.CheckConstraint(condition=~models.Q(amount=0), name="a_payment_is_not_zero"),
        ]

    def __str__(self) -> str:
        return self.receipt_number
