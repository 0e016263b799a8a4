"""The place of changes in the rail, how their rows follow a merge, and what the timeline says of them."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hearth.contract_changes import lists  # noqa: F401  (registers the list)
from hearth.contract_changes.events import ChangeApproved, ChangeAsked, ChangeCarriedOut, ChangeEnded
from hearth.contract_changes.models import ChangeRequest
from hearth.contract_changes.permissions import VIEW_CHANGE
from hearth.contract_changes.selectors import label_of
from hearth.core.actor import Actor
from hearth.core.models import EventRecord
from hearth.core.navigation import Place, register_place
from hearth.core.timeline import Detail, timeline_detail
from hearth.customers.following import rows_follow

register_place(
    Place(_("Changes of contracts"), "checklist", "contract_changes:requests", VIEW_CHANGE, order=51)
)
rows_follow(ChangeRequest, "customer")


@timeline_detail(ChangeAsked.type, ChangeApproved.type, ChangeCarriedOut.type, ChangeEnded.type)
def change_details(events: Sequence[EventRecord], actor: Actor) -> Mapping[UUID, Detail]:
    """Name the kind of the change and its contract; one query."""
    rows = ChangeRequest.objects.visible_to(actor).select_related("contract")
    by_id = {row.pk: row for row in rows.filter(pk__in=[event.subject_id for event in events])}
    return {
        event.id: Detail(
            summary=f"{label_of(row)} · {row.contract.number}",
            url=reverse("contract_changes:request", args=[row.pk]),
        )
        for event in events
        if event.subject_id and (row := by_id.get(event.subject_id))
    }
