"""Figures over the profiles of the customers known at some places."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, Sum
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce

from hearth.analytics.profile_rules import PortfolioAction, ValueClass
from hearth.core.actor import Scope
from hearth.customers.models import Customer, CustomerPlace, CustomerProfile, CustomerProfileQuerySet
from hearth.insight.models import ProfileCount, ScoringRun
from hearth.organization.models import OrgUnit

NEVER_BOUGHT = (ValueClass.PROSPECT.value, ValueClass.SUSPECT.value)
NEW_DAYS = 90


@dataclass(frozen=True)
class Group:
    """Customers of one stage, tier, action and source, with what they spent in the window of value."""

    owner_stage: str
    value_tier: str
    action: str
    source: str
    customers: int
    new_customers: int
    amount: Decimal
    open_complaints: int
    contacts: int


def groups_known_at(scope: Scope, run: ScoringRun) -> list[Group]:
    """Return the groups of the customers known at a place of the scope; at most four queries.

    As counted when the run ended where the scope is a place with all below it, which is what most readers have;
    else counted now, in seconds at a million customers.
    """
    if not scope:
        return []
    place = _place_of(scope)
    counted = ProfileCount.objects.filter(run=run, org_unit=place) if place else ProfileCount.objects.none()
    groups = [Group(*row) for row in counted.values_list(*(field.name for field in fields(Group)))]
    return groups or count_groups(profiles_known_at(scope), run)


def _place_of(scope: Scope) -> OrgUnit | None:
    """Find the place that is a scope together with all below it; two queries."""
    if scope.everywhere:
        return OrgUnit.objects.filter(parent__isnull=True).first()
    highest = OrgUnit.objects.filter(pk__in=scope.org_unit_ids).order_by("depth", "id").first()
    if highest is None:
        return None
    branch = frozenset(OrgUnit.objects.below(highest).values_list("pk", flat=True))
    return highest if branch == scope.org_unit_ids else None


def profiles_known_at(scope: Scope) -> CustomerProfileQuerySet:
    """Keep the profiles of customers known at a place of the scope; no query is made here."""
    merged = Customer.objects.filter(merged_into__isnull=False)
    profiles = CustomerProfile.objects.exclude(customer__in=merged)
    if scope.everywhere:
        return profiles
    known = CustomerPlace.objects.filter(
        customer=OuterRef("customer"), org_unit_id__in=sorted(scope.org_unit_ids)
    )
    return profiles.filter(Exists(known)) if scope else profiles.none()


def count_groups(profiles: CustomerProfileQuerySet, run: ScoringRun) -> list[Group]:
    """Count and sum up by stage, tier, action and source; one query."""
    contacts = Cast(KeyTextTransform(f"all_{middle_contact_days(run)}", "contacts"), IntegerField())
    is_new = Q(customer__created_at__gt=run.as_of_at - timedelta(days=NEW_DAYS))
    rows = profiles.values_list("owner_stage", "value_tier", "portfolio_action", "customer__source").annotate(
        customers=Count("pk"),
        new_customers=Count("pk", filter=is_new),
        amount=Sum("monetary_amount"),
        complaints=Coalesce(Sum("open_complaints"), 0),
        contacted=Coalesce(Sum(contacts), 0),
    )
    return [Group(*row) for row in rows.order_by()]


def middle_contact_days(run: ScoringRun) -> int:
    """Return the window in which contacts are counted for a round: the middle one of the rules, in days."""
    windows = run.rules["contact_days"]
    return int(windows[len(windows) // 2])


def figures_at(org_unit: OrgUnit, run: ScoringRun) -> dict[str, Any]:
    """Return the figures of a place and all below it as JSON, amounts as text in yuan; at most five queries."""
    below = OrgUnit.objects.below(org_unit).values_list("id", flat=True)
    is_group = org_unit.parent_id is None
    groups = groups_known_at(Scope.EVERYWHERE if is_group else Scope(org_unit_ids=frozenset(below)), run)
    customers = sum(group.customers for group in groups)
    buyers = sum(group.customers for group in groups if group.value_tier not in NEVER_BOUGHT)
    return {
        "as_of": run.as_of_at.isoformat(),
        "run": str(run.pk),
        "customers": customers,
        "buyers": buyers,
        "conversion": buyers / customers if customers else None,
        "amount": str(sum((group.amount for group in groups), Decimal(0))),
        "open_complaints": sum(group.open_complaints for group in groups),
        "contacts": sum(group.contacts for group in groups),
        "contact_days": middle_contact_days(run),
        "stages": _sum_by(groups, "owner_stage"),
        "tiers": _sum_by(groups, "value_tier"),
        "actions": _sum_by(groups, "action"),
    }


def _sum_by(groups: list[Group], attribute: str) -> dict[str, int]:
    sums: dict[str, int] = {}
    for group in groups:
        code = getattr(group, attribute)
        sums[code] = sums.get(code, 0) + group.customers
    return sums


@dataclass(frozen=True)
class SourceFigures:
    """Where customers came from: all, those of the last 90 days, and how many ever bought."""

    source: str
    customers: int
    new: int
    buyers: int

    @property
    def label(self) -> str:
        return str(Customer.Source(self.source).label)

    @property
    def conversion(self) -> float:
        return self.buyers / self.customers


def acquisition(groups: Sequence[Group]) -> list[SourceFigures]:
    """Sum up new and converted customers by source, the largest first."""
    sums: dict[str, list[int]] = {}
    for group in groups:
        of_source = sums.setdefault(group.source, [0, 0, 0])
        of_source[0] += group.customers
        of_source[1] += group.new_customers
        of_source[2] += group.customers if group.value_tier not in NEVER_BOUGHT else 0
    found = [SourceFigures(source, *counts) for source, counts in sums.items()]
    return sorted(found, key=lambda figures: (-figures.customers, figures.source))


ACTIONS = (
    PortfolioAction.RETAIN.value,
    PortfolioAction.MAINTAIN.value,
    PortfolioAction.ACTIVATE.value,
    PortfolioAction.ACQUIRE.value,
)
