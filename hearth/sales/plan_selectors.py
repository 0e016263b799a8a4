"""What the pages of payment plans and receivables show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import F, Sum

from hearth.core.actor import Actor
from hearth.organization.models import OrgUnit
from hearth.sales.ageing import Age, age_of, of_age
from hearth.sales.models import BuildingStage, Contract, Instalment, PaymentPlan, PlanTemplate

NOTHING = Decimal(0)
BY = {
    "project": ("plan__contract__unit__project_id", "plan__contract__unit__project__name"),
    "consultant": (
        "plan__contract__customer__responsible_id",
        "plan__contract__customer__responsible__display_name",
    ),
}


@dataclass(frozen=True)
class Line:
    """An instalment with how long it is overdue."""

    row: Instalment
    days: int

    @property
    def age(self) -> Age:
        return age_of(self.days)


@dataclass(frozen=True)
class PlanShown:
    """The plan by which a contract is paid, with its instalments and the versions before, the newest first."""

    plan: PaymentPlan
    lines: Sequence[Line]
    before: Sequence[PaymentPlan]

    @property
    def amount(self) -> Decimal:
        return sum((line.row.amount for line in self.lines), NOTHING)

    @property
    def paid(self) -> Decimal:
        return sum((line.row.paid_amount for line in self.lines), NOTHING)

    @property
    def open(self) -> Decimal:
        return self.amount - self.paid

    @property
    def overdue(self) -> Decimal:
        return sum((line.row.open_amount for line in self.lines if line.days), NOTHING)


def plan_of(contract: Contract, actor: Actor, today: date) -> PlanShown | None:
    """Return how a contract is paid, None where it is not settled; nothing of a cancelled one is overdue. Two queries.

    The contract is one that the actor sees.
    """
    rows = PaymentPlan.objects.visible_to(actor).filter(contract=contract).select_related("author")
    versions = list(rows.prefetch_related("instalments").order_by("-version"))
    if not versions or versions[0].superseded_at:
        return None
    is_live = contract.is_live
    parts = sorted(versions[0].instalments.all(), key=lambda each: each.position)
    lines = [Line(each, each.days_overdue(today) if is_live else 0) for each in parts]
    return PlanShown(versions[0], lines, versions[1:])


def current_instalments(contract: Contract, actor: Actor) -> Sequence[Instalment]:
    """Return the instalments by which a contract is paid now, in order; one query."""
    rows = Instalment.objects.visible_to(actor).filter(plan__contract=contract, plan__superseded_at=None)
    return list(rows.order_by("position"))


def templates_for(place: OrgUnit) -> Sequence[PlanTemplate]:
    """Return the ways to pay that are offered at a place, those of the places above too; one query."""
    return list(PlanTemplate.objects.used_at(place).order_by("method", "name", "id"))


@dataclass(frozen=True)
class OwedBy:
    """What is to come in for a project or a consultant, by how long it is overdue."""

    key: UUID | int | None
    name: str
    amounts: Sequence[Decimal]

    @property
    def total(self) -> Decimal:
        return sum(self.amounts, NOTHING)


def receivables_by(by: str, actor: Actor, today: date) -> Sequence[OwedBy]:
    """Sum up what is to come in by project or by consultant, the most first; one query for each span of age."""
    key, name = BY[by]
    rows = Instalment.objects.visible_to(actor).receivable().order_by()
    found: dict[Any, dict[str, Any]] = {}
    for age in Age:
        sums = rows.filter(of_age(age, today)).values_list(key, name)
        for group, called, amount in sums.annotate(open=Sum(F("amount") - F("paid_amount"))):
            found.setdefault(group, {"name": called})[age] = amount
    owed = [
        OwedBy(group, each["name"] or "", [each.get(age, NOTHING) for age in Age])
        for group, each in found.items()
    ]
    return sorted(owed, key=lambda each: (-each.total, each.name))


def stages_of(project_id: UUID, actor: Actor) -> Sequence[BuildingStage]:
    """Return which stages the buildings of a project have reached, the newest first; one query."""
    rows = BuildingStage.objects.visible_to(actor).filter(building__project=project_id)
    return list(rows.select_related("building", "user").order_by("-reached_date", "building__name", "id"))
