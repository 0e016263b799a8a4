"""From the stream of events to deliveries: the stream is the outbox, and nothing in it is passed over.

An endpoint's place in the stream moves in the transaction that writes the deliveries up to there. Whoever dies in
between has done neither.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from hearth.core.actor import Actor
from hearth.core.attribution import working_for
from hearth.core.bulk import insert_many
from hearth.core.horizon import BEGINNING, Position, settled_after, settled_before
from hearth.core.models import EventRecord
from hearth.webhooks.models import LAST_POSITION, Delivery, Endpoint
from hearth.webhooks.selectors import events_for, owner_actor
from hearth.webhooks.services.endpoints import disable_endpoint

SENDER = Actor.system("webhooks")
EVENTS_AT_ONCE = 500
# Beyond this many unsettled deliveries the rest waits in the stream, which takes no more room for that.
LONGEST_QUEUE = 2_000
WAITING = Delivery.State.WAITING
PLACE = ("after_transaction", "after_position")
# So far back a gatherer that starts anew finds the same nothing again.
PLACE_WRITTEN_EVERY = timedelta(hours=1)


class Gatherer:
    """Turns what is new in the stream into deliveries; may run beside others of its kind.

    It remembers how far it looked for each endpoint, since writing down each time that nothing was there would itself
    be a transaction to wait for; it does so once an hour. Whoever starts anew begins at the written place.
    """

    def __init__(self) -> None:
        self._looked: dict[UUID, Position] = {}
        self._written: dict[UUID, datetime] = {}

    def gather(self, *, now: datetime) -> int:
        """Write the deliveries that are new for active endpoints, and return how many.

        Three queries when nothing is new for anybody, and some for each endpoint otherwise.
        """
        before = settled_before()
        active = Endpoint.objects.filter(state=Endpoint.State.ACTIVE)
        places = {pk: (row, position) for pk, row, position in active.values_list("pk", *PLACE)}
        starts = {pk: max(place, self._looked.get(pk, BEGINNING)) for pk, place in places.items()}
        if not starts:
            return 0
        end = (before - 1, LAST_POSITION)
        if not settled_after(EventRecord.objects.all(), min(starts.values()), before=before).exists():
            self._looked = dict.fromkeys(starts, end)
            return 0
        found = 0
        for endpoint_id, start in starts.items():
            is_due = self._is_due(endpoint_id, now)
            number, reached = _gather(endpoint_id, start, before, now, writes_place=is_due)
            self._looked[endpoint_id] = reached
            found += number
        return found

    def _is_due(self, endpoint_id: UUID, now: datetime) -> bool:
        """Tell whether an endpoint's place is written down again although nothing was there for it."""
        written = self._written.get(endpoint_id)
        if written is not None and now - written < PLACE_WRITTEN_EVERY:
            return False
        self._written[endpoint_id] = now
        return True


@transaction.atomic
def _gather(
    endpoint_id: UUID, start: Position, before: int, now: datetime, *, writes_place: bool
) -> tuple[int, Position]:
    """Write one endpoint's deliveries, and return how many and how far it looked."""
    endpoint = (
        Endpoint.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("org_unit", "owner")
        .filter(pk=endpoint_id, state=Endpoint.State.ACTIVE)
        .first()
    )
    if endpoint is None:
        return 0, start
    if not endpoint.owner.is_active:
        disable_endpoint(endpoint, Endpoint.Reason.OWNER_LEFT, actor=SENDER, now=now)
        return 0, start
    limit = min(EVENTS_AT_ONCE, LONGEST_QUEUE - endpoint.deliveries.filter(state=WAITING).count())
    if limit <= 0:
        return 0, start
    # Somebody else may have moved the place since it was read.
    start = max(start, (endpoint.after_transaction, endpoint.after_position))
    owner = owner_actor(endpoint.owner, now=now)
    with working_for(owner):
        rows = list(settled_after(events_for(endpoint, owner), start, before=before)[:limit])
    if rows:
        write_deliveries(endpoint, rows, now=now)
        reached = (rows[-1].transaction, rows[-1].position)
    else:
        reached = max(start, (before - 1, LAST_POSITION))
        if not writes_place:
            return 0, reached
    Endpoint.objects.filter(pk=endpoint.pk).update(after_transaction=reached[0], after_position=reached[1])
    return len(rows), reached


def write_deliveries(endpoint: Endpoint, events: Iterable[EventRecord], *, now: datetime) -> list[Delivery]:
    """Make events due for an endpoint and return the new deliveries; one that exists is left as it is.

    Two queries for any number; opens no transaction.
    """
    wanted = {event.id: event for event in events}
    known = endpoint.deliveries.filter(event_id__in=list(wanted)).values_list("event_id", flat=True)
    for event_id in list(known):
        del wanted[event_id]
    rows = [
        Delivery(
            endpoint=endpoint,
            event_id=event.id,
            event_type=event.type,
            event_occurred_at=event.occurred_at,
            due_at=now,
            created_at=now,
            updated_at=now,
        )
        for event in wanted.values()
    ]
    insert_many(rows)
    return rows
