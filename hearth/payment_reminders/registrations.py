"""What the timeline says of a reminder."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.urls import reverse

from hearth.core.actor import Actor
from hearth.core.models import EventRecord
from hearth.core.timeline import Detail, timeline_detail
from hearth.payment_reminders.events import PaymentReminded
from hearth.sales.models import Instalment


@timeline_detail(PaymentReminded.type)
def reminder_details(events: Sequence[EventRecord], actor: Actor) -> Mapping[UUID, Detail]:
    """Name the instalment and its contract; one query."""
    rows = Instalment.objects.visible_to(actor).filter(pk__in=[event.subject_id for event in events])
    by_id = {row.pk: row for row in rows.select_related("plan__contract")}
    return {
        event.id: Detail(
            summary=f"{row.plan.contract.number} · {row}",
            url=reverse("sales:contract", args=[row.plan.contract_id]),
        )
        for event in events
        if event.subject_id and (row := by_id.get(event.subject_id))
    }
