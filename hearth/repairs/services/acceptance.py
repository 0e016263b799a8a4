"""Saying when a building was accepted."""

from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.errors import InvalidInput
from hearth.core.events import record
from hearth.properties.models import Building
from hearth.repairs.events import BuildingAccepted
from hearth.repairs.models import BuildingAcceptance
from hearth.repairs.permissions import CHANGE_REPAIR

EARLIEST = date(1980, 1, 1)


class AcceptanceUnlikely(InvalidInput):
    """A building is accepted in our time, and not tomorrow."""

    code = "acceptance_unlikely"
    message = _("This day lies in the future, or before 1980.")


@transaction.atomic
def set_acceptance(
    building: Building, accepted_date: date, *, actor: Actor, now: datetime
) -> BuildingAcceptance:
    """Say when a building was accepted; said again, it takes the place of what was said before.

    Load the building with its project.

    :raises NotAllowed: if the actor may not change repairs there
    :raises AcceptanceUnlikely: if the day lies in the future or before 1980
    """
    actor.require(CHANGE_REPAIR, building.project.org_unit_id)
    if not EARLIEST <= accepted_date <= localdate(now):
        raise AcceptanceUnlikely("accepted_date")
    said = {"accepted_date": accepted_date, "user_id": actor.user_id, "updated_at": now}
    about = {"org_unit_id": building.project.org_unit_id, "is_sample": building.is_sample, "created_at": now}
    row, _made = BuildingAcceptance.objects.update_or_create(
        building=building, defaults=said, create_defaults={**said, **about}
    )
    event = BuildingAccepted(
        org_unit_id=row.org_unit_id,
        project_id=building.project_id,
        subject_id=building.pk,
        is_sample=row.is_sample,
        accepted=accepted_date.isoformat(),
    )
    record(event, actor=actor, now=now)
    return row
