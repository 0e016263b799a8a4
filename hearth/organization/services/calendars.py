"""Days on which a place works although the country does not, or rests although it works."""

from datetime import date, datetime

from django.db import transaction

from hearth.core.actor import Actor
from hearth.core.events import record
from hearth.organization.events import CalendarDayChanged
from hearth.organization.models import CalendarDay, OrgUnit
from hearth.organization.permissions import CHANGE_SETTING


@transaction.atomic
def set_calendar_day(
    day_date: date, *, actor: Actor, now: datetime, org_unit: OrgUnit, is_working: bool, reason: str = ""
) -> CalendarDay:
    """Say that a place and all below it work or rest on a day, whatever the national calendar says.

    :raises NotAllowed: if the actor may not set rules at the place
    """
    actor.require(CHANGE_SETTING, org_unit.pk)
    day, _created = CalendarDay.objects.update_or_create(
        org_unit=org_unit, day_date=day_date, defaults={"is_working": is_working, "reason": reason.strip()}
    )
    event = CalendarDayChanged(org_unit_id=org_unit.pk, day=day_date.isoformat(), is_working=is_working)
    record(event, actor=actor, now=now)
    return day


@transaction.atomic
def clear_calendar_day(day_date: date, *, actor: Actor, now: datetime, org_unit: OrgUnit) -> None:
    """Follow the calendar from above again. May be repeated.

    :raises NotAllowed: if the actor may not set rules at the place
    """
    actor.require(CHANGE_SETTING, org_unit.pk)
    deleted, _by_model = CalendarDay.objects.filter(org_unit=org_unit, day_date=day_date).delete()
    if deleted:
        event = CalendarDayChanged(org_unit_id=org_unit.pk, day=day_date.isoformat(), is_working=None)
        record(event, actor=actor, now=now)
