"""Who watches over the cases of a place, level by level of the tree."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Q

from hearth.accounts.models import User
from hearth.cases.permissions import OVERSEE_CASE
from hearth.organization.models import Membership, OrgUnit


def overseers_at(place: OrgUnit, *, today: date) -> Sequence[User]:
    """Return who watches over cases at a place itself or in one of its departments. One query."""
    here = Q(org_unit=place) | Q(org_unit__parent=place, org_unit__kind=OrgUnit.Kind.DEPARTMENT)
    held = Membership.objects.current(today).filter(here, role__permissions__contains=[OVERSEE_CASE])
    people: Sequence[User] = list(User.objects.active().filter(pk__in=held.values("user")).order_by("id"))
    return people


def nearest_overseers(place: OrgUnit, *, today: date) -> Sequence[User]:
    """Return who watches over cases at the place, or at the nearest above it where anybody does."""
    for above in OrgUnit.objects.above(place).order_by("-depth"):
        if people := overseers_at(above, today=today):
            return people
    return []


def overseers_from(place: OrgUnit, level: str, *, today: date) -> tuple[OrgUnit | None, Sequence[User]]:
    """Return the place of a level above (`OrgUnit.Kind`), or the nearest above it where anybody watches, and who."""
    kinds = [OrgUnit.Kind.CITY_COMPANY, OrgUnit.Kind.REGION, OrgUnit.Kind.GROUP]
    wanted = kinds[kinds.index(OrgUnit.Kind(level)) :]
    for above in OrgUnit.objects.above(place).filter(kind__in=wanted).order_by("-depth"):
        if people := overseers_at(above, today=today):
            return above, people
    return None, []
