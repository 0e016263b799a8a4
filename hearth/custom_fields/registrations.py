"""What custom fields offer to the rail and the timeline."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.models import EventRecord
from hearth.core.navigation import Place, Section, register_place
from hearth.core.sealed_places import sealed_in_json
from hearth.core.timeline import Detail, timeline_detail
from hearth.custom_fields.events import CustomValuesChanged
from hearth.custom_fields.models import FieldDefinition
from hearth.custom_fields.permissions import DEFINE_FIELD
from hearth.custom_fields.selectors import roles_of
from hearth.custom_fields.values import name_of, renew_custom

sealed_in_json.register("custom", renew_custom)

register_place(
    Place(
        label=_("Custom fields"),
        icon="components",
        url_name="custom_fields:definitions",
        permission=DEFINE_FIELD,
        order=20,
        section=Section.SETTINGS,
    )
)
register_place(
    Place(
        label=_("Custom field"),
        icon="components",
        url_name="custom_fields:define",
        permission=DEFINE_FIELD,
        order=890,
        section=Section.SETTINGS,
        is_creation=True,
        is_in_rail=False,
    )
)


@timeline_detail(CustomValuesChanged.type)
def describe_changes(events: Sequence[EventRecord], actor: Actor) -> Mapping[UUID, Detail]:
    """Name the fields that changed, those the reader may see; two queries."""
    roles = roles_of(actor).anywhere()
    wanted = {(event.payload["object_code"], key) for event in events for key in event.payload["keys"]}
    rows = FieldDefinition.objects.filter(key__in={key for _code, key in wanted})
    names = {
        (row.object_code, row.key): name_of(row)
        for row in rows
        if not row.view_roles or roles is None or not roles.isdisjoint(row.view_roles)
    }
    return {event.id: Detail(", ".join(_names(event, names))) for event in events}


def _names(event: EventRecord, names: Mapping[tuple[str, str], str]) -> list[str]:
    code = event.payload["object_code"]
    return [names[code, key] for key in event.payload["keys"] if (code, key) in names]
