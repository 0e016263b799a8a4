"""Who watches over the cases of a place, level by level of the tree."""

from collections.abc import Sequence
from datetime import date

from hearth.accounts.models import User
from hearth.cases.permissions import OVERSEE_CASE
from hearth.organization.models import OrgUnit
from hearth.organization.selectors import holders_at, nearest_with


def nearest_overseers(place: OrgUnit, *, today: date) -> Sequence[User]:
    """Return who watches over cases at the place, or at the nearest above it where anybody does."""
    return nearest_with(OVERSEE_CASE, place, today=today)


def overseers_from(place: OrgUnit, level: str, *, today: date) -> tuple[OrgUnit | None, Sequence[User]]:
    """Return the place of a level above (`OrgUnit.Kind`), or the nearest above it where anybody watches, and who."""
    kinds = [OrgUnit.Kind.CITY_COMPANY, OrgUnit.Kind.REGION, OrgUnit.Kind.GROUP]
    wanted = kinds[kinds.index(OrgUnit.Kind(level)) :]
    for above in OrgUnit.objects.above(place).filter(kind__in=wanted).order_by("-depth"):
        if people := holders_at(OVERSEE_CASE, above, today=today):
            return above, people
    return None, []
