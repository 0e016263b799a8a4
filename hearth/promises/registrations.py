"""Places of disclosures and promises in the rail, and what the timeline says of an acknowledgement."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.models import EventRecord
from hearth.core.navigation import Place, register_place
from hearth.core.timeline import Detail, timeline_detail
from hearth.customers.following import rows_follow
from hearth.promises import ledger_lists, lists  # noqa: F401  (each registers what it offers)
from hearth.promises.events import DisclosureAcknowledged
from hearth.promises.models import Acknowledgement
from hearth.promises.permissions import VIEW_PROMISE

register_place(Place(_("Disclosures"), "speakerphone", "promises:disclosures", VIEW_PROMISE, order=52))
register_place(Place(_("Promises"), "heart-handshake", "promises:promises", VIEW_PROMISE, order=53))
rows_follow(Acknowledgement, "customer")


@timeline_detail(DisclosureAcknowledged.type)
def acknowledged_details(events: Sequence[EventRecord], actor: Actor) -> Mapping[UUID, Detail]:
    """Name the version that was acknowledged, and how; one query."""
    rows = Acknowledgement.objects.visible_to(actor).select_related("disclosure__project")
    by_id = {row.pk: row for row in rows.filter(pk__in=[event.subject_id for event in events])}
    return {
        event.id: Detail(
            summary=f"{row.disclosure.project.name} {row.disclosure} · {row.get_how_display()}",
            url=reverse("promises:disclosure", args=[row.disclosure_id]),
        )
        for event in events
        if event.subject_id and (row := by_id.get(event.subject_id))
    }
