"""Contracts 签约 and the money received for them 回款."""

from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.core.models import Record
from hearth.core.querysets import ScopedQuerySet
from hearth.customers.models import Customer
from hearth.organization.models import OrgUnit
from hearth.properties.models import Unit
from hearth.sales.permissions import VIEW_CONTRACT

ENDED = ("cancelled", "replaced")


class ContractQuerySet(ScopedQuerySet["Contract"]):
    view_permission = VIEW_CONTRACT

    def live(self) -> "ContractQuerySet":
        return self.exclude(state__in=ENDED)

    def with_received(self) -> "ContractQuerySet":
        """Add `received`, the money that came in less what went back."""
        paid = models.Sum("payments__amount", default=Decimal(0))
        return self.annotate(received=paid)


class Contract(Record):
    """The sale of one unit to a customer, as it stands now.

    What it said before stands in `ContractVersion`. `recorded_at` is when the present version was written; it is empty
    until the first change, when that was `created_at`. A contract for another home takes the place of the one it
    `replaces`.
    """

    class State(models.TextChoices):
        SIGNED = "signed", _("signed")
        FILED = "filed", _("filed online")
        CANCELLED = "cancelled", _("cancelled")
        REPLACED = "replaced", pgettext_lazy("contract", "replaced by another")

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
    version = models.PositiveIntegerField(_("version"), default=1)
    recorded_at = models.DateTimeField(_("recorded"), null=True, editable=False)
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )

    objects = ContractQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["-signed_date", "-id"], name="contract_by_date")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["org_unit", "number"], name="one_contract_for_each_number_in_a_company"
            ),
            models.UniqueConstraint(
                fields=["unit"],
                condition=~models.Q(state__in=ENDED),
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
    def is_live(self) -> bool:
        return self.state not in ENDED

    @property
    def known_at(self) -> datetime:
        """When this was recorded as it stands now."""
        return self.recorded_at or self.created_at

    @property
    def outstanding_amount(self) -> Decimal:
        """What is still to be paid; load the contract `with_received`."""
        received: Decimal = self.received  # type: ignore[attr-defined]
        return self.total_amount - received


class ContractVersionQuerySet(ScopedQuerySet["ContractVersion"]):
    view_permission = VIEW_CONTRACT

    def believed_at(self, instant: datetime) -> "ContractVersionQuerySet":
        """Keep what held at an instant and holds no more."""
        return self.filter(recorded_at__lte=instant, superseded_at__gt=instant)


class ContractVersion(Record):
    """What a contract said between two instants, before it was changed; `because` is the code of the change."""

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+")
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="versions")
    version = models.PositiveIntegerField(_("version"))
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(_("state"), max_length=10, choices=Contract.State)
    total_amount = models.DecimalField(_("total, ¥"), max_digits=14, decimal_places=2)
    recorded_at = models.DateTimeField(_("recorded"))
    superseded_at = models.DateTimeField(_("thought until"))
    superseded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    because = models.CharField(_("reason"), max_length=20)

    objects = ContractVersionQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["contract", "version"], name="a_version_of_a_contract_once"),
            models.CheckConstraint(
                condition=models.Q(superseded_at__gte=models.F("recorded_at")),
                name="a_version_of_a_contract_is_superseded_after_it_was_recorded",
            ),
        ]

    def __str__(self) -> str:
        return f"V{self.version}"


class SettlementLineQuerySet(ScopedQuerySet["SettlementLine"]):
    view_permission = VIEW_CONTRACT


class SettlementLine(Record):
    """What stays with the company, or goes back to the customer, of the money of a contract that was cancelled."""

    class Kind(models.TextChoices):
        PENALTY = "penalty", pgettext_lazy("settlement", "penalty")
        FEE = "fee", pgettext_lazy("settlement", "fee")
        REFUND = "refund", pgettext_lazy("settlement", "refund due")

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+")
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="settlement")
    kind = models.CharField(pgettext_lazy("settlement", "kind"), max_length=7, choices=Kind)
    amount = models.DecimalField(_("amount, ¥"), max_digits=14, decimal_places=2)

    objects = SettlementLineQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["contract", "kind"], name="one_settlement_line_of_a_kind_for_a_contract"
            ),
            models.CheckConstraint(
                condition=models.Q(amount__gt=0), name="a_settlement_line_is_of_a_positive_amount"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount}"


class PaymentQuerySet(ScopedQuerySet["Payment"]):
    view_permission = VIEW_CONTRACT


class Payment(Record):
    """Money received from a customer, for a contract or for a service.

    `instalment` is what somebody said it is for; without it the oldest due instalment comes first. What was received
    for a contract that another replaced is moved by two lines, out and in; the line in names its `counterpart`.
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
    counterpart = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="moved_to"
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
