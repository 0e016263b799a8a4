"""What group complaints offer to the rail and the timeline."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from hearth.cases.permissions import CHANGE_CASE, VIEW_CASE
from hearth.core.actor import Actor
from hearth.core.models import EventRecord
from hearth.core.navigation import Place, register_place
from hearth.core.timeline import Detail, timeline_detail
from hearth.customers.following import rows_follow
from hearth.group_cases import levels, lists  # noqa: F401  (each registers what it offers)
from hearth.group_cases.events import HouseholdJoined, HouseholdLeft, RepresentativeNamed
from hearth.group_cases.models import GroupCase, GroupHousehold

register_place(Place(_("Group complaints"), "users-group", "group_cases:groups", VIEW_CASE, order=61))
register_place(
    Place(
        _("Group complaint"),
        "users-group",
        "group_cases:new",
        CHANGE_CASE,
        order=21,
        is_creation=True,
        is_in_rail=False,
    )
)


@timeline_detail(HouseholdJoined.type, HouseholdLeft.type, RepresentativeNamed.type)
def group_details(events: Sequence[EventRecord], actor: Actor) -> Mapping[UUID, Detail]:
    """Name the group complaint, and of how many households it is; one query."""
    wanted = {event.subject_id for event in events if event.subject_id}
    groups = GroupCase.objects.visible_to(actor).in_bulk(wanted)
    return {
        event.id: Detail(summary=_summary(group), url=reverse("group_cases:group", args=[group.pk]))
        for event in events
        if event.subject_id and (group := groups.get(event.subject_id))
    }


def _summary(group: GroupCase) -> str:
    words = pgettext("group complaint", "%(households)s households")
    return f"#{group.number} {group.title} · {words % {'households': group.households}}"


rows_follow(GroupHousehold, "customer")
