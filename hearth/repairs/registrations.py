"""Places of repairs in the rail, and what the timeline says of them."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.cases.models import Case
from hearth.cases.offers import offers_settlement
from hearth.core.actor import Actor
from hearth.core.models import EventRecord
from hearth.core.navigation import Place, register_place
from hearth.core.timeline import Detail, timeline_detail
from hearth.repairs import lists  # noqa: F401  (registers what it offers)
from hearth.repairs.events import (
    RepairBooked,
    RepairCancelled,
    RepairOrdered,
    RepairPartsCorrected,
    RepairPassedOn,
    RepairReached,
    RepairReported,
    RepairSigned,
)
from hearth.repairs.models import RepairOrder
from hearth.repairs.permissions import VIEW_REPAIR, WORK_REPAIR
from hearth.repairs.selectors import settled_by_repairs

register_place(Place(_("Repairs"), "tool", "repairs:repairs", VIEW_REPAIR, order=63))
register_place(
    Place(pgettext_lazy("repairs", "My repairs today"), "tools", "repairs:my_day", WORK_REPAIR, order=64)
)
register_place(
    Place(
        pgettext_lazy("repairs", "Board of the day"),
        "calendar-event",
        "repairs:day",
        VIEW_REPAIR,
        order=65,
        is_in_rail=False,
    )
)
register_place(Place(_("Spare parts"), "tool", "repairs:parts", VIEW_REPAIR, order=66, is_in_rail=False))


offers_settlement(Case.Kind.REPAIR)(settled_by_repairs)


@timeline_detail(
    RepairOrdered.type,
    RepairBooked.type,
    RepairReached.type,
    RepairReported.type,
    RepairPartsCorrected.type,
    RepairSigned.type,
    RepairCancelled.type,
    RepairPassedOn.type,
)
def repair_details(events: Sequence[EventRecord], actor: Actor) -> Mapping[UUID, Detail]:
    """Name the repair and the part of the home, with what is broken where it was ordered; one query."""
    wanted = {event.subject_id for event in events if event.subject_id}
    orders = {row.pk: row for row in RepairOrder.objects.visible_to(actor).filter(pk__in=wanted)}
    return {
        event.id: Detail(
            summary=f"{row} {row.get_part_display()}",
            body=row.fault if event.type == RepairOrdered.type else "",
            url=reverse("repairs:order", args=[row.pk]),
        )
        for event in events
        if event.subject_id and (row := orders.get(event.subject_id))
    }
