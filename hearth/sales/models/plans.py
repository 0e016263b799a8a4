"""How a contract is to be paid 付款方式: templates, plans in versions, and their instalments."""

from datetime import date
from decimal import Decimal
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.core.models import Record
from hearth.core.querysets import ScopedQuerySet
from hearth.organization.models import OrgUnit
from hearth.properties.models import Building
from hearth.sales.models.contracts import ENDED, Contract
from hearth.sales.permissions import VIEW_CONTRACT


class Stage(models.TextChoices):
    """What a building reaches, and an instalment may wait for."""

    FOUNDATION = "foundation", pgettext_lazy("building stage", "foundation finished")
    HALF_HEIGHT = "half_height", pgettext_lazy("building stage", "half of the floors built")
    TOPPED_OUT = "topped_out", pgettext_lazy("building stage", "topped out")
    COMPLETED = "completed", pgettext_lazy("building stage", "completed")
    HANDED_OVER = "handed_over", pgettext_lazy("building stage", "ready for handover")


class Kind(models.TextChoices):
    """What an instalment is."""

    WHOLE = "whole", pgettext_lazy("instalment", "whole price")
    DOWN = "down", pgettext_lazy("instalment", "down payment")
    STAGED = "staged", pgettext_lazy("instalment", "instalment")
    MORTGAGE = "mortgage", pgettext_lazy("instalment", "mortgage loan")
    TAIL = "tail", pgettext_lazy("instalment", "final payment")


class Method(models.TextChoices):
    """How a home is paid."""

    ONCE = "once", pgettext_lazy("payment method", "at once")
    INSTALMENTS = "instalments", pgettext_lazy("payment method", "in instalments")
    MORTGAGE = "mortgage", pgettext_lazy("payment method", "with a mortgage")


class PlanTemplateQuerySet(ScopedQuerySet["PlanTemplate"]):
    view_permission = VIEW_CONTRACT

    def used_at(self, place: OrgUnit) -> "PlanTemplateQuerySet":
        """Keep those in use at a place: its own, and those of the places above."""
        return self.filter(org_unit__path__in=place.ancestor_paths(), is_active=True)


class PlanTemplate(Record):
    """A way to pay that a place and all below it offer; `steps` are written and read by `terms`."""

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="plan_templates")
    name = models.CharField(_("name"), max_length=60)
    method = models.CharField(pgettext_lazy("payment plan", "method"), max_length=11, choices=Method)
    steps = models.JSONField()
    is_active = models.BooleanField(_("in use"), default=True)

    objects = PlanTemplateQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["org_unit", "name"], name="one_plan_template_of_a_name_at_a_place"
            )
        ]

    def __str__(self) -> str:
        return self.name


class PaymentPlanQuerySet(ScopedQuerySet["PaymentPlan"]):
    view_permission = VIEW_CONTRACT

    def current(self) -> "PaymentPlanQuerySet":
        return self.filter(superseded_at=None)


class PaymentPlan(Record):
    """One version of how a contract is to be paid. A version is never changed; another takes its place.

    `unallocated_amount` is what was received beyond all instalments; negative where a file told first what went back.
    """

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="payment_plans")
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="plans")
    version = models.PositiveSmallIntegerField(_("version"))
    name = models.CharField(_("name"), max_length=60)
    method = models.CharField(pgettext_lazy("payment plan", "method"), max_length=11, choices=Method)
    reason = models.CharField(
        pgettext_lazy("payment plan", "why it was replaced"), max_length=300, blank=True
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    superseded_at = models.DateTimeField(null=True)
    unallocated_amount = models.DecimalField(max_digits=14, decimal_places=2, default=Decimal(0))

    objects = PaymentPlanQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["contract", "version"], name="one_plan_of_a_version_for_a_contract"
            ),
            models.UniqueConstraint(
                fields=["contract"],
                condition=models.Q(superseded_at=None),
                name="a_contract_is_paid_by_one_plan_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


class InstalmentQuerySet(ScopedQuerySet["Instalment"]):
    view_permission = VIEW_CONTRACT

    def receivable(self) -> "InstalmentQuerySet":
        """Keep what is still to come in on a known day, for contracts that hold."""
        rows = self.filter(plan__superseded_at=None, due_date__isnull=False)
        return rows.filter(paid_amount__lt=models.F("amount")).exclude(plan__contract__state__in=ENDED)


class Instalment(Record):
    """One part of the price with its day. Where it waits for a stage of the building, the day is not known yet.

    `paid_amount` is computed from all that was received and went back, by `allocation`.
    """

    class Standing(models.TextChoices):
        OPEN = "open", pgettext_lazy("instalment", "open")
        PARTLY = "partly", pgettext_lazy("instalment", "partly paid")
        PAID = "paid", pgettext_lazy("instalment", "paid")

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="instalments")
    plan = models.ForeignKey(PaymentPlan, on_delete=models.CASCADE, related_name="instalments")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(pgettext_lazy("instalment", "kind"), max_length=8, choices=Kind)
    due_date = models.DateField(pgettext_lazy("instalment", "due"), null=True)
    stage = models.CharField(
        pgettext_lazy("instalment", "building stage"), max_length=11, choices=Stage, blank=True
    )
    days_after = models.PositiveSmallIntegerField(default=0)
    amount = models.DecimalField(_("amount, ¥"), max_digits=14, decimal_places=2)
    paid_amount = models.DecimalField(
        pgettext_lazy("instalment", "paid, ¥"), max_digits=14, decimal_places=2, default=Decimal(0)
    )

    objects = InstalmentQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["due_date", "id"],
                name="instalment_to_come_in",
                condition=models.Q(due_date__isnull=False, paid_amount__lt=models.F("amount")),
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "position"], name="instalments_of_a_plan_are_numbered"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="an_instalment_is_positive"),
            models.CheckConstraint(
                condition=models.Q(paid_amount__gte=0, paid_amount__lte=models.F("amount")),
                name="no_more_is_paid_on_an_instalment_than_it_is",
            ),
            models.CheckConstraint(
                condition=models.Q(due_date__isnull=False) | ~models.Q(stage=""),
                name="an_instalment_has_a_day_or_waits_for_a_stage",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.get_kind_display()}"

    @property
    def open_amount(self) -> Decimal:
        """What is still to come in."""
        return self.amount - self.paid_amount

    @property
    def standing(self) -> "Instalment.Standing":
        """Tell whether it is open, partly paid or paid."""
        if self.paid_amount >= self.amount:
            return self.Standing.PAID
        return self.Standing.PARTLY if self.paid_amount else self.Standing.OPEN

    def days_overdue(self, today: date) -> int:
        """How many days its day is over while something is open; nought on the day itself."""
        if self.due_date is None or not self.open_amount:
            return 0
        return max((today - self.due_date).days, 0)


class BuildingStageQuerySet(ScopedQuerySet["BuildingStage"]):
    view_permission = VIEW_CONTRACT


class BuildingStage(Record):
    """That a building has reached a stage, from which instalments fall due."""

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="building_stages")
    building = models.ForeignKey(Building, on_delete=models.PROTECT, related_name="stages")
    stage = models.CharField(pgettext_lazy("building stage", "stage"), max_length=11, choices=Stage)
    reached_date = models.DateField(pgettext_lazy("building stage", "reached"))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = BuildingStageQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["building", "stage"], name="a_building_reaches_a_stage_once")
        ]

    def __str__(self) -> str:
        return str(self.get_stage_display())
