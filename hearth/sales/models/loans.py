"""Mortgage loans 按揭 of contracts: with which bank, for how much, and how far they are."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import pgettext_lazy

from hearth.core.models import Record
from hearth.core.querysets import ScopedQuerySet
from hearth.organization.models import OrgUnit
from hearth.sales.models.contracts import Contract
from hearth.sales.permissions import VIEW_CONTRACT


class LoanQuerySet(ScopedQuerySet["Loan"]):
    view_permission = VIEW_CONTRACT

    def live(self) -> "LoanQuerySet":
        """Keep those that were not given up."""
        return self.filter(ended_date=None)


class Loan(Record):
    """An application to one bank. Another follows only once this one is given up, with a reason."""

    class Kind(models.TextChoices):
        COMMERCIAL = "commercial", pgettext_lazy("loan", "commercial")
        PROVIDENT = "provident", pgettext_lazy("loan", "provident fund")
        COMBINED = "combined", pgettext_lazy("loan", "combined")

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="loans")
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="loans")
    bank = models.CharField(pgettext_lazy("loan", "bank"), max_length=80)
    kind = models.CharField(pgettext_lazy("loan", "kind"), max_length=10, choices=Kind)
    amount = models.DecimalField(pgettext_lazy("loan", "applied for, ¥"), max_digits=14, decimal_places=2)
    approved_amount = models.DecimalField(
        pgettext_lazy("loan", "approved, ¥"), max_digits=14, decimal_places=2, null=True
    )
    released_amount = models.DecimalField(
        pgettext_lazy("loan", "released, ¥"), max_digits=14, decimal_places=2, null=True
    )
    ended_date = models.DateField(pgettext_lazy("loan", "given up"), null=True)
    ended_because = models.CharField(pgettext_lazy("loan", "why it was given up"), max_length=300, blank=True)

    objects = LoanQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["contract"],
                condition=models.Q(ended_date=None),
                name="a_contract_has_one_loan_at_a_time",
            ),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="a_loan_is_positive"),
            models.CheckConstraint(
                condition=models.Q(ended_date=None, ended_because="")
                | (models.Q(ended_date__isnull=False) & ~models.Q(ended_because="")),
                name="a_loan_that_was_given_up_says_why",
            ),
        ]

    def __str__(self) -> str:
        return self.bank


class LoanStepQuerySet(ScopedQuerySet["LoanStep"]):
    view_permission = VIEW_CONTRACT


class LoanStep(Record):
    """That a loan has come so far, on which day."""

    class Step(models.TextChoices):
        APPLIED = "applied", pgettext_lazy("loan", "applied for")
        DOCUMENTS = "documents", pgettext_lazy("loan", "documents complete")
        APPROVED = "approved", pgettext_lazy("loan", "approved by the bank")
        SIGNED = "signed", pgettext_lazy("loan", "contract with the bank")
        REGISTERED = "registered", pgettext_lazy("loan", "mortgage registered")
        RELEASED = "released", pgettext_lazy("loan", "released")

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+")
    loan = models.ForeignKey(Loan, on_delete=models.CASCADE, related_name="steps")
    step = models.CharField(pgettext_lazy("loan", "step"), max_length=10, choices=Step)
    done_date = models.DateField(pgettext_lazy("loan", "done"))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = LoanStepQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["loan", "step"], name="a_loan_takes_each_step_once")
        ]

    def __str__(self) -> str:
        return str(self.get_step_display())
