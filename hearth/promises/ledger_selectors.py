"""What the pages of promises show, and what a buyer was promised."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef

from hearth.core.actor import Actor
from hearth.organization.models import OrgUnit
from hearth.promises.models import Promise, PromiseCase, PromisedUnit
from hearth.promises.permissions import CHANGE_PROMISE
from hearth.properties.models import Building
from hearth.sales.models import Contract, ContractQuerySet


def departments_for(place: OrgUnit) -> list[OrgUnit]:
    """Return who may keep a promise of a place: all below it, all above it, and the departments of those above."""
    above = OrgUnit.objects.above(place)
    below = OrgUnit.objects.filter(path__startswith=place.path)
    beside = OrgUnit.objects.filter(parent__in=above.values("pk"), kind=OrgUnit.Kind.DEPARTMENT)
    ids = {row.pk for rows in (above, below, beside) for row in rows}
    return list(OrgUnit.objects.filter(pk__in=ids, is_active=True).order_by("path", "id"))


def departments_of(actor: Actor) -> list[OrgUnit]:
    """Return who may keep a promise that the actor writes: as `departments_for`, for all their places; one query."""
    places = list(OrgUnit.objects.filter(is_active=True).order_by("path", "id"))
    scope = actor.scope(CHANGE_PROMISE)
    own = [row for row in places if scope.covers(row.pk)]
    above = {row.pk for row in places if any(each.path.startswith(row.path) for each in own)}
    return [
        row
        for row in places
        if scope.covers(row.pk)
        or row.pk in above
        or (row.kind == OrgUnit.Kind.DEPARTMENT and row.parent_id in above)
    ]


@dataclass(frozen=True)
class CoveredBuilding:
    """A building with how many of its homes a promise covers."""

    building: Building
    units: int


def covered_by(promise: Promise) -> list[CoveredBuilding]:
    """Return the buildings whose homes a promise names, by name; one query."""
    rows = Building.objects.filter(units__promises__promise=promise).annotate(covered=Count("units"))
    found = [CoveredBuilding(row, row.covered) for row in rows]  # type: ignore[attr-defined]
    return sorted(found, key=lambda each: (len(each.building.name), each.building.name))


def contracts_covered(promise: Promise) -> ContractQuerySet:
    """Return the live contracts of the homes a promise covers, signed once it was made."""
    rows = Contract.objects.live().filter(
        unit__project=promise.project_id, signed_date__gte=promise.made_date
    )
    if promise.is_for_whole_project:
        return rows
    return rows.filter(unit__in=PromisedUnit.objects.filter(promise=promise).values("unit"))


def contracts_without_case(promise: Promise) -> ContractQuerySet:
    """Return those of the covered contracts for whose home the promise has opened no case."""
    opened = PromiseCase.objects.filter(promise=promise, unit=OuterRef("unit"))
    return contracts_covered(promise).filter(~Exists(opened))


def promises_to(contract: Contract, actor: Actor) -> Sequence[Promise]:
    """Return what was promised for a home and held on the day its contract was signed, the latest last; one query."""
    rows = Promise.objects.visible_to(actor).made_to(contract.unit, contract.signed_date)
    return list(rows.select_related("department").order_by("made_date", "id"))
