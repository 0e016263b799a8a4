"""Sending again: one event, the events of some days, and one that means nothing."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hearth.core.errors import NotAllowed
from hearth.core.models import EventRecord
from hearth.organization.models import OrgUnit
from hearth.webhooks.gateway import Outcome
from hearth.webhooks.models import Delivery
from hearth.webhooks.permissions import MANAGE_WEBHOOK
from hearth.webhooks.selectors import owner_actor
from hearth.webhooks.services import replaying
from hearth.webhooks.services.endpoints import pause_endpoint
from hearth.webhooks.services.replaying import (
    ReplayRangeWrong,
    ReplayTooLarge,
    WebhookNotActive,
    replay_delivery,
    replay_range,
    try_endpoint,
)
from hearth.webhooks.services.sending import settle, take_due
from tests.organization.builders import make_actor
from tests.webhooks.builders import make_delivery, make_endpoint, write_event

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def test_one_event_is_sent_again_with_its_id_and_its_log(company: OrgUnit, now: datetime) -> None:
    endpoint, _secret = make_endpoint(company, now=now)
    delivery = make_delivery(endpoint, now=now)
    (first,) = take_due({}, free=5, now=now)
    settle(first, Outcome(204, "", 0.1), now=now)

    replay_delivery(delivery, actor=owner_actor(endpoint.owner, now=now), now=now)
    (second,) = take_due({}, free=5, now=now)
    settle(second, Outcome(204, "", 0.1), now=now)

    assert second.headers["webhook-id"] == first.headers["webhook-id"]
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts, delivery.tries.count()) == ("delivered", 1, 2)


def test_the_events_of_some_hours_are_sent_also_those_never_sent(company: OrgUnit, now: datetime) -> None:
    early = write_event(company, now=now - 3 * HOUR)
    endpoint, _secret = make_endpoint(company, now=now - 2 * HOUR, types=["customer.created"])
    sent = make_delivery(endpoint, now=now - 2 * HOUR)
    (parcel,) = take_due({}, free=5, now=now)
    settle(parcel, Outcome(204, "", 0.1), now=now)
    write_event(company, now=now)
    actor = owner_actor(endpoint.owner, now=now)

    number = replay_range(endpoint, since=now - 3 * HOUR, until=now, actor=actor, now=now)

    due = take_due({}, free=5, now=now)
    assert number == 2
    assert {parcel.headers["webhook-id"] for parcel in due} == {str(early.id), str(sent.event_id)}
    assert EventRecord.objects.get(type="webhooks.replayed").payload == {"number": 2}


def test_a_neighbours_events_are_not_in_the_range(
    company: OrgUnit, neighbour: OrgUnit, now: datetime
) -> None:
    write_event(neighbour, now=now)
    endpoint, _secret = make_endpoint(company, now=now, types=["customer.created"])
    actor = owner_actor(endpoint.owner, now=now)

    number = replay_range(endpoint, since=now - HOUR, until=now + HOUR, actor=actor, now=now)

    assert number == 0


@pytest.mark.parametrize("until", [-1, 0, 32 * 24])
def test_a_range_that_makes_no_sense_is_refused(company: OrgUnit, now: datetime, until: int) -> None:
    endpoint, _secret = make_endpoint(company, now=now)
    actor = owner_actor(endpoint.owner, now=now)

    with pytest.raises(ReplayRangeWrong):
        replay_range(endpoint, since=now, until=now + until * HOUR, actor=actor, now=now)


def test_too_many_events_are_refused(
    company: OrgUnit, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replaying, "MOST_REPLAYED", 1)
    endpoint, _secret = make_endpoint(company, now=now)
    make_delivery(endpoint, now=now)
    actor = owner_actor(endpoint.owner, now=now)

    with pytest.raises(ReplayTooLarge):
        replay_range(endpoint, since=now - HOUR, until=now + HOUR, actor=actor, now=now)


def test_nobody_replays_what_they_do_not_manage(company: OrgUnit, neighbour: OrgUnit, now: datetime) -> None:
    endpoint, _secret = make_endpoint(company, now=now)
    delivery = make_delivery(endpoint, now=now)
    actor = make_actor(neighbour, MANAGE_WEBHOOK)

    with pytest.raises(NotAllowed):
        replay_delivery(delivery, actor=actor, now=now)
    with pytest.raises(NotAllowed):
        replay_range(endpoint, since=now - HOUR, until=now, actor=actor, now=now)
    with pytest.raises(NotAllowed):
        try_endpoint(endpoint, actor=actor, now=now)


def test_a_test_event_goes_to_this_endpoint_alone(company: OrgUnit, now: datetime) -> None:
    endpoint, _secret = make_endpoint(company, now=now, types=["cases.opened"])
    make_endpoint(company, now=now, name="Other")

    try_endpoint(endpoint, actor=owner_actor(endpoint.owner, now=now), now=now)

    (parcel,) = take_due({}, free=5, now=now)
    assert parcel.endpoint_id == endpoint.pk
    assert b'"type":"webhooks.test"' in parcel.body
    assert Delivery.objects.count() == 1


def test_a_paused_endpoint_is_not_tried(company: OrgUnit, now: datetime) -> None:
    endpoint, _secret = make_endpoint(company, now=now)
    actor = owner_actor(endpoint.owner, now=now)
    paused = pause_endpoint(endpoint, actor=actor, now=now)

    with pytest.raises(WebhookNotActive):
        try_endpoint(paused, actor=actor, now=now)


def test_nobody_gathers_for_an_endpoint_while_it_is_replayed(company: OrgUnit, now: datetime) -> None:
    endpoint, _secret = make_endpoint(company, now=now)
    actor = owner_actor(endpoint.owner, now=now)

    with CaptureQueriesContext(connection) as queries:
        replay_range(endpoint, since=now - HOUR, until=now, actor=actor, now=now)

    statements = [query["sql"] for query in queries]
    locked = next(n for n, sql in enumerate(statements) if "webhooks_endpoint" in sql and "FOR UPDATE" in sql)
    read = next(n for n, sql in enumerate(statements) if "core_eventrecord" in sql)
    assert locked < read
