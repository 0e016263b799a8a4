"""What cases do when the rules or the calendar of a place change."""

from hearth.cases.jobs import recompute
from hearth.cases.levels import SERVICE_LEVELS
from hearth.core.events import subscribe
from hearth.core.models import EventRecord
from hearth.organization.events import CalendarDayChanged, OrgUnitMoved, SettingChanged, SettingCleared
from hearth.organization.models import OrgUnit
from hearth.organization.selectors import HOURS


@subscribe(SettingChanged)
@subscribe(SettingCleared)
def recompute_by_new_rules(event: EventRecord) -> None:
    """Make the clocks below a place anew that promises something else now, or works at other hours."""
    if event.payload["key"] in {SERVICE_LEVELS.key, *HOURS}:
        _recompute_below(event.org_unit_id)


@subscribe(CalendarDayChanged)
def recompute_by_new_calendar(event: EventRecord) -> None:
    """Make the clocks below a place anew that works or rests on another day now."""
    _recompute_below(event.org_unit_id)


@subscribe(OrgUnitMoved)
def recompute_by_rules_above(event: EventRecord) -> None:
    """Make the clocks below a place anew that inherits from elsewhere now."""
    _recompute_below(event.org_unit_id)


def _recompute_below(org_unit_id: int | None) -> None:
    place = OrgUnit.objects.filter(pk=org_unit_id or 0).first()
    if place:
        recompute.defer(path=place.path)
