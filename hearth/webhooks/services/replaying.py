"""Having events sent again, one or all of some days, and trying the connection."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.errors import DomainError, InvalidInput
from hearth.core.events import record
from hearth.webhooks.events import DeliveriesReplayed, EndpointTested
from hearth.webhooks.models import Delivery, Endpoint
from hearth.webhooks.permissions import MANAGE_WEBHOOK
from hearth.webhooks.selectors import events_for, owner_actor
from hearth.webhooks.services.gathering import write_deliveries

MOST_REPLAYED = 10_000
LONGEST_RANGE = timedelta(days=31)


class ReplayRangeWrong(InvalidInput):
    """The end lies before the beginning, or the range is longer than a month."""

    code = "replay_range_wrong"
    message = _("Choose a range of at most 31 days that ends after it begins.")


class ReplayTooLarge(DomainError):
    """More events than are sent again at a time."""

    code = "replay_too_large"
    message = _("These are more than %(most)s events; choose a shorter range.")


class WebhookNotActive(DomainError):
    """Nothing is sent to a paused endpoint."""

    code = "webhook_not_active"
    message = _("This webhook is paused or switched off. Resume it first.")


@transaction.atomic
def replay_delivery(delivery: Delivery, *, actor: Actor, now: datetime) -> None:
    """Make a delivery due once more, with the same id and all its attempts before it.

    :raises NotAllowed: if the actor may not manage webhooks there
    """
    endpoint = delivery.endpoint
    actor.require(MANAGE_WEBHOOK, endpoint.org_unit_id)
    Delivery.objects.filter(pk=delivery.pk).update(**_fresh(now))
    _record(endpoint, 1, actor=actor, now=now)


@transaction.atomic
def replay_range(endpoint: Endpoint, *, since: datetime, until: datetime, actor: Actor, now: datetime) -> int:
    """Send again what occurred from `since` to before `until`, whether it was sent before or not; return how many.

    :raises NotAllowed: if the actor may not manage webhooks there
    :raises ReplayRangeWrong, ReplayTooLarge: if the range cannot be
    """
    actor.require(MANAGE_WEBHOOK, endpoint.org_unit_id)
    if not since < until <= since + LONGEST_RANGE:
        raise ReplayRangeWrong("until")
    # Nobody gathers for this endpoint meanwhile: both would write the same delivery.
    endpoint = (
        Endpoint.objects.select_for_update(of=("self",))
        .select_related("org_unit", "owner")
        .get(pk=endpoint.pk)
    )
    owner = owner_actor(endpoint.owner, now=now)
    events = events_for(endpoint, owner).filter(occurred_at__gte=since, occurred_at__lt=until)
    rows = list(events.order_by("occurred_at", "id")[: MOST_REPLAYED + 1])
    if len(rows) > MOST_REPLAYED:
        raise ReplayTooLarge(most=MOST_REPLAYED)
    known = endpoint.deliveries.filter(event_id__in=[row.id for row in rows])
    known.exclude(state=Delivery.State.WAITING).update(**_fresh(now))
    write_deliveries(endpoint, rows, now=now)
    _record(endpoint, len(rows), actor=actor, now=now)
    return len(rows)


@transaction.atomic
def try_endpoint(endpoint: Endpoint, *, actor: Actor, now: datetime) -> Delivery:
    """Send one event of the type `webhooks.test` to this endpoint alone.

    :raises NotAllowed: if the actor may not manage webhooks there
    :raises WebhookNotActive: if nothing is sent there at present
    """
    actor.require(MANAGE_WEBHOOK, endpoint.org_unit_id)
    if not endpoint.is_active:
        raise WebhookNotActive
    event = EndpointTested(subject_id=endpoint.pk, org_unit_id=endpoint.org_unit_id)
    return write_deliveries(endpoint, [record(event, actor=actor, now=now)], now=now)[0]


def _fresh(now: datetime) -> dict[str, object]:
    return {
        "state": Delivery.State.WAITING,
        "attempts": 0,
        "due_at": now,
        "claim_ends_at": None,
        "finished_at": None,
        "updated_at": now,
    }


def _record(endpoint: Endpoint, number: int, *, actor: Actor, now: datetime) -> None:
    event = DeliveriesReplayed(subject_id=endpoint.pk, org_unit_id=endpoint.org_unit_id, number=number)
    record(event, actor=actor, now=now)
