"""What families do when places change."""

from hearth.core.events import subscribe
from hearth.core.models import EventRecord
from hearth.families.completeness import COMPLETENESS
from hearth.families.jobs import weigh_again
from hearth.organization.events import OrgUnitMoved, SettingChanged, SettingCleared
from hearth.organization.models import OrgUnit


@subscribe(SettingChanged)
@subscribe(SettingCleared)
def weigh_by_new_rules(event: EventRecord) -> None:
    """Measure every record below a place anew that has other rules now."""
    if event.payload["key"] == COMPLETENESS.key:
        _weigh_below(event.org_unit_id)


@subscribe(OrgUnitMoved)
def weigh_by_rules_above(event: EventRecord) -> None:
    """Measure every record below a place anew that inherits from elsewhere now."""
    _weigh_below(event.org_unit_id)


def _weigh_below(org_unit_id: int | None) -> None:
    place = OrgUnit.objects.filter(pk=org_unit_id or 0).first()
    if place:
        weigh_again.defer(path=place.path)
