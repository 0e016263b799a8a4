"""Who handles the mail of a place."""

from datetime import datetime

from django.utils.timezone import localdate

from hearth.mailroom.permissions import HANDLE_MAIL
from hearth.organization.models import Membership, OrgUnit


def handlers_at(place: OrgUnit, *, now: datetime) -> set[int]:
    """Return the ids of the active people who handle mail at a place or above it; one query."""
    held = Membership.objects.current(localdate(now)).filter(
        org_unit__path__in=place.ancestor_paths(),
        role__permissions__contains=[HANDLE_MAIL],
        user__is_active=True,
    )
    return set(held.values_list("user_id", flat=True))
