"""What partners earn 佣金: rules in versions, a line for each contract, and sheets that are paid once."""

from datetime import date
from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.brokers.models.partners import Partner
from hearth.brokers.models.registrations import ChannelRegistration
from hearth.brokers.permissions import VIEW_COMMISSION
from hearth.core.models import Record
from hearth.core.querysets import ScopedQuerySet
from hearth.organization.models import OrgUnit
from hearth.properties.models import Project
from hearth.sales.models import Contract


class CommissionRuleQuerySet(ScopedQuerySet["CommissionRule"]):
    view_permission = VIEW_COMMISSION

    def holding_on(self, day: date) -> "CommissionRuleQuerySet":
        """Keep those that hold on a day."""
        until = models.Q(valid_until_date=None) | models.Q(valid_until_date__gte=day)
        return self.filter(until, valid_from_date__lte=day)


class CommissionRule(Record):
    """One version of what a project pays: to a partner, or to every partner without a rule of their own.

    A version is never changed; the next one ends it the day before it begins.
    """

    class Kind(models.TextChoices):
        PERCENT = "percent", pgettext_lazy("commission", "percent of the contract")
        FIXED = "fixed", pgettext_lazy("commission", "fixed amount, ¥")

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="commission_rules")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, null=True, related_name="commission_rules")
    version = models.PositiveIntegerField(_("version"))
    kind = models.CharField(pgettext_lazy("commission", "kind"), max_length=7, choices=Kind)
    payable_percent = models.DecimalField(
        pgettext_lazy("commission", "payable once so many percent were received"),
        max_digits=5,
        decimal_places=2,
    )
    valid_from_date = models.DateField(pgettext_lazy("commission", "valid from"))
    valid_until_date = models.DateField(pgettext_lazy("commission", "valid until"), null=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    objects = CommissionRuleQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["project", "partner", "version"],
                nulls_distinct=False,
                name="a_version_of_a_commission_rule_once",
            ),
            models.UniqueConstraint(
                fields=["project", "partner"],
                condition=models.Q(valid_until_date=None),
                nulls_distinct=False,
                name="one_commission_rule_is_open_at_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(payable_percent__gte=0, payable_percent__lte=100),
                name="a_commission_waits_for_a_share_of_the_total",
            ),
            models.CheckConstraint(
                condition=models.Q(valid_until_date=None)
                | models.Q(valid_until_date__gte=models.F("valid_from_date")),
                name="a_commission_rule_ends_after_it_began",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project} V{self.version}"

    @property
    def words(self) -> str:
        """The steps as they are written: from which deal which rate; load the rule with them."""
        steps = sorted(self.steps.all(), key=lambda step: step.from_deal)
        return " · ".join(f"{step.from_deal}: {step.rate}" for step in steps)


class CommissionStepQuerySet(ScopedQuerySet["CommissionStep"]):
    view_permission = VIEW_COMMISSION


class CommissionStep(Record):
    """What a rule pays from the so-manyth deal on, in percent or yuan as the rule says; the first step is from one."""

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+")
    rule = models.ForeignKey(CommissionRule, on_delete=models.CASCADE, related_name="steps")
    from_deal = models.PositiveIntegerField(pgettext_lazy("commission", "from deal"))
    rate = models.DecimalField(pgettext_lazy("commission", "rate"), max_digits=12, decimal_places=2)

    objects = CommissionStepQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["rule", "from_deal"], name="a_step_of_a_rule_begins_once"),
            models.CheckConstraint(
                condition=models.Q(from_deal__gte=1, rate__gt=0), name="a_step_of_a_rule_pays_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_deal}: {self.rate}"


class CommissionSheetQuerySet(ScopedQuerySet["CommissionSheet"]):
    view_permission = VIEW_COMMISSION

    def open(self) -> "CommissionSheetQuerySet":
        """Keep the sheets that are not paid yet."""
        return self.exclude(state=CommissionSheet.State.PAID)


class CommissionSheet(Record):
    """A sheet of commissions of one partner: made by one person, approved by another, paid once.

    `author` made it and `editor` submitted it; neither approves it. `total_amount` is the sum of its lines.
    """

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("commission sheet", "draft")
        SUBMITTED = "submitted", pgettext_lazy("commission sheet", "waits for approval")
        APPROVED = "approved", pgettext_lazy("commission sheet", "approved")
        PAID = "paid", pgettext_lazy("commission sheet", "paid")

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="commission_sheets")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="settlements")
    number = models.PositiveIntegerField(pgettext_lazy("commission sheet", "number"))
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.DRAFT)
    total_amount = models.DecimalField(
        pgettext_lazy("commission sheet", "total, ¥"), max_digits=14, decimal_places=2, default=Decimal(0)
    )
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    editor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    approved_at = models.DateTimeField(pgettext_lazy("commission sheet", "approved"), null=True)
    returned_because = models.CharField(
        pgettext_lazy("commission sheet", "sent back because"), max_length=500, blank=True
    )
    payment_number = models.CharField(
        pgettext_lazy("commission sheet", "number of the payment"), max_length=60, blank=True
    )
    paid_date = models.DateField(pgettext_lazy("commission sheet", "paid"), null=True)

    objects = CommissionSheetQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["org_unit", "-id"], name="commission_sheet_at_a_place")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["org_unit", "number"], name="a_commission_sheet_has_its_own_number"
            ),
            models.UniqueConstraint(
                fields=["partner"],
                condition=models.Q(state__in=("draft", "submitted")),
                name="one_commission_sheet_of_a_partner_is_made_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["org_unit", "payment_number"],
                condition=~models.Q(payment_number=""),
                name="a_payment_pays_one_commission_sheet",
            ),
            models.CheckConstraint(
                condition=~models.Q(approved_by=models.F("author"))
                & ~models.Q(approved_by=models.F("editor")),
                name="nobody_approves_a_commission_sheet_they_made",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=("draft", "submitted"), approved_by=None)
                | models.Q(state__in=("approved", "paid"), approved_by__isnull=False),
                name="an_approved_commission_sheet_says_by_whom",
            ),
            models.CheckConstraint(
                condition=(models.Q(state="paid", paid_date__isnull=False) & ~models.Q(payment_number=""))
                | (~models.Q(state="paid") & models.Q(paid_date=None, payment_number="")),
                name="a_paid_commission_sheet_says_when_and_by_what",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.partner} #{self.number}"


class CommissionQuerySet(ScopedQuerySet["Commission"]):
    view_permission = VIEW_COMMISSION

    def payable(self) -> "CommissionQuerySet":
        """Keep what may stand on a sheet and stands on none yet."""
        return self.filter(settlement=None, payable_at__isnull=False)


class Commission(Record):
    """A line: what a contract earned, or its counter line when the contract was cancelled. Lines are never changed.

    `rate`, `deal` and `total_amount` say how the amount came about; `payable_at` is when the condition of the rule was
    met, `settlement` the sheet on which the line stands.
    """

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+")
    registration = models.ForeignKey(
        ChannelRegistration, on_delete=models.PROTECT, related_name="commissions"
    )
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="commissions")
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="commissions")
    rule = models.ForeignKey(CommissionRule, on_delete=models.PROTECT, related_name="commissions")
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="reversed_by")
    deal = models.PositiveIntegerField(pgettext_lazy("commission", "deal"))
    rate = models.DecimalField(pgettext_lazy("commission", "rate"), max_digits=12, decimal_places=2)
    total_amount = models.DecimalField(
        pgettext_lazy("commission", "total of the contract, ¥"), max_digits=14, decimal_places=2
    )
    amount = models.DecimalField(
        pgettext_lazy("commission", "commission, ¥"), max_digits=14, decimal_places=2
    )
    payable_at = models.DateTimeField(pgettext_lazy("commission", "payable since"), null=True)
    settlement = models.ForeignKey(CommissionSheet, on_delete=models.PROTECT, null=True, related_name="lines")

    objects = CommissionQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["contract"],
                condition=models.Q(reverses=None),
                name="a_contract_earns_a_commission_once",
            ),
            models.CheckConstraint(
                condition=models.Q(reverses=None, amount__gte=0)
                | models.Q(reverses__isnull=False, amount__lte=0),
                name="a_counter_line_takes_back",
            ),
            models.CheckConstraint(
                condition=models.Q(settlement=None) | models.Q(payable_at__isnull=False),
                name="what_is_settled_was_payable",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contract} {self.amount}"

    @property
    def is_reversal(self) -> bool:
        return self.reverses_id is not None
