"""Taking what is due, and settling what came of it. Between the two, nothing is locked and no transaction is open."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from hearth.core.actor import Actor
from hearth.core.attribution import working_for
from hearth.core.models import EventRecord
from hearth.webhooks.gateway import TIMEOUT_SECONDS, Outcome
from hearth.webhooks.models import Attempt, Delivery, Endpoint
from hearth.webhooks.payloads import write_payload
from hearth.webhooks.selectors import owner_actor, visible_events
from hearth.webhooks.services.endpoints import disable_endpoint
from hearth.webhooks.services.gathering import SENDER
from hearth.webhooks.signing import signed_headers

State = Delivery.State
# Seconds from one attempt to the next; after the last one the delivery is given up.
PAUSES = (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
JITTER = 0.1
# One slow system keeps no more than so many from the others.
AT_ONCE_TO_ONE, AT_ONCE_TO_FAILING = 8, 2
LEASE = timedelta(seconds=3 * TIMEOUT_SECONDS)
DISABLED_AFTER = timedelta(days=3)


@dataclass(frozen=True)
class Parcel:
    """A delivery that this worker has taken, ready to be sent."""

    delivery_id: UUID
    endpoint_id: UUID
    claim_ends_at: datetime
    url: str
    headers: Mapping[str, str]
    body: bytes


def take_due(busy: Mapping[UUID, int], *, free: int, now: datetime) -> list[Parcel]:
    """Take at most `free` deliveries that are due and put together what is sent; `busy` is how many of each are sent.

    What another worker holds is left to it. A delivery whose event the owner may no longer see is dropped.
    """
    due = Delivery.objects.filter(_is_due(now)).order_by().values("endpoint")
    ready = Endpoint.objects.filter(
        Q(hold_ends_at__isnull=True) | Q(hold_ends_at__lte=now), state=Endpoint.State.ACTIVE, pk__in=due
    )
    parcels: list[Parcel] = []
    # In no order, so that none is always served first.
    for endpoint in ready.select_related("org_unit", "owner").order_by("?"):
        most = AT_ONCE_TO_FAILING if endpoint.first_failed_at else AT_ONCE_TO_ONE
        room = min(most - busy.get(endpoint.pk, 0), free - len(parcels))
        if room > 0:
            parcels += _take(endpoint, room, now)
    return parcels


def _is_due(now: datetime) -> Q:
    free = Q(claim_ends_at__isnull=True) | Q(claim_ends_at__lte=now)
    return free & Q(state=State.WAITING, due_at__lte=now)


@transaction.atomic
def _take(endpoint: Endpoint, limit: int, now: datetime) -> list[Parcel]:
    if not endpoint.owner.is_active:
        disable_endpoint(endpoint, Endpoint.Reason.OWNER_LEFT, actor=SENDER, now=now)
        return []
    waiting = endpoint.deliveries.filter(_is_due(now)).order_by("due_at", "id")
    rows = list(waiting.select_for_update(skip_locked=True)[:limit])
    owner = owner_actor(endpoint.owner, now=now)
    with working_for(owner):
        events = _load_events(endpoint, owner, rows)
        payloads = {
            key: write_payload(event, owner, is_full=endpoint.is_full) for key, event in events.items()
        }
    sendable = [row for row in rows if row.event_id in events]
    until = now + LEASE
    Delivery.objects.filter(pk__in=[row.pk for row in sendable]).update(claim_ends_at=until, updated_at=now)
    lost = [row.pk for row in rows if row.event_id not in events]
    Delivery.objects.filter(pk__in=lost).update(state=State.DROPPED, finished_at=now, updated_at=now)
    in_force = endpoint.secrets.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=now))
    secrets = [row.secret for row in in_force.order_by("-id")]
    parcels = []
    for row in sendable:
        body = payloads[row.event_id]
        headers = signed_headers(str(row.event_id), body, secrets, now=now)
        headers |= {"Content-Type": "application/json", "User-Agent": "Hearth-Webhooks/1"}
        parcels.append(Parcel(row.pk, endpoint.pk, until, endpoint.url, headers, body))
    return parcels


def _load_events(endpoint: Endpoint, owner: Actor, rows: Sequence[Delivery]) -> dict[UUID, EventRecord]:
    """Load the events that the owner may still see; what was chosen when they became due is sent."""
    found = visible_events(endpoint, owner).filter(
        occurred_at__in=[row.event_occurred_at for row in rows], id__in=[row.event_id for row in rows]
    )
    return {event.id: event for event in found}


@transaction.atomic
def settle(parcel: Parcel, outcome: Outcome, *, now: datetime) -> None:
    """Write down an attempt and what follows from it: done, once more later, given up, or the endpoint switched off.

    An attempt whose delivery another worker has taken meanwhile is only written down.
    """
    endpoint = Endpoint.objects.select_for_update().filter(pk=parcel.endpoint_id).first()
    delivery = Delivery.objects.select_for_update().filter(pk=parcel.delivery_id).first()
    if endpoint is None or delivery is None:
        return
    _write_attempt(delivery, outcome, now)
    if delivery.claim_ends_at != parcel.claim_ends_at or delivery.state != State.WAITING:
        return
    delivery.attempts += 1
    delivery.claim_ends_at, delivery.updated_at = None, now
    if outcome.is_success:
        delivery.state, delivery.finished_at = State.DELIVERED, now
        _note_health(endpoint, None)
    else:
        _postpone(delivery, outcome, now)
        _note_failure(endpoint, outcome, now)
    delivery.save(update_fields=["attempts", "claim_ends_at", "state", "finished_at", "due_at", "updated_at"])


def _write_attempt(delivery: Delivery, outcome: Outcome, now: datetime) -> None:
    attempt = Attempt(
        delivery=delivery,
        status=outcome.status,
        error=outcome.error,
        seconds=outcome.seconds,
        created_at=now,
        updated_at=now,
    )
    attempt.answer = outcome.answer
    attempt.save(force_insert=True)


def _postpone(delivery: Delivery, outcome: Outcome, now: datetime) -> None:
    if outcome.is_gone or delivery.attempts > len(PAUSES):
        delivery.state, delivery.finished_at = State.FAILED, now
        return
    pause = PAUSES[delivery.attempts - 1] * (1 + random.uniform(0, JITTER))  # noqa: S311  (spreads load)
    asked = outcome.retry_after or 0 if outcome.wants_pause else 0
    delivery.due_at = now + timedelta(seconds=max(pause, asked))


def _note_failure(endpoint: Endpoint, outcome: Outcome, now: datetime) -> None:
    if outcome.wants_pause and outcome.retry_after:
        endpoint.hold_ends_at = now + timedelta(seconds=outcome.retry_after)
        endpoint.save(update_fields=["hold_ends_at"])
    _note_health(endpoint, endpoint.first_failed_at or now)
    if outcome.is_gone:
        disable_endpoint(endpoint, Endpoint.Reason.GONE, actor=SENDER, now=now)
    elif endpoint.first_failed_at and now - endpoint.first_failed_at >= DISABLED_AFTER:
        disable_endpoint(endpoint, Endpoint.Reason.FAILING, actor=SENDER, now=now)


def _note_health(endpoint: Endpoint, first_failed_at: datetime | None) -> None:
    if endpoint.first_failed_at != first_failed_at:
        endpoint.first_failed_at = first_failed_at
        endpoint.save(update_fields=["first_failed_at"])
