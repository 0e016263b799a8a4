"""What is sent, how often, and when it ends."""

import base64
import json
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.core import mail
from django.db import connection
from django.utils import timezone
from standardwebhooks import Webhook, WebhookVerificationError

from hearth.accounts.models import Notification
from hearth.core.models import EventRecord
from hearth.organization.models import Membership, OrgUnit
from hearth.webhooks.gateway import Outcome, post
from hearth.webhooks.jobs import forget_deliveries, tell_owner
from hearth.webhooks.models import Attempt, Delivery, Endpoint
from hearth.webhooks.selectors import owner_actor
from hearth.webhooks.services.endpoints import rotate_secret
from hearth.webhooks.services.sending import PAUSES, Parcel, settle, take_due
from tests.organization.builders import make_member
from tests.webhooks.builders import RIGHTS, make_delivery, make_endpoint
from tests.webhooks.receiver import Receiver

pytestmark = pytest.mark.django_db
ARRIVED = Outcome(204, "", 0.01)
BROKEN = Outcome(500, "", 0.01, answer="boom")


def take_one(now: datetime) -> Parcel:
    (parcel,) = take_due({}, free=10, now=now)
    return parcel


def test_the_published_library_accepts_what_arrives(company: OrgUnit, receiver: Receiver) -> None:
    now = timezone.now()
    endpoint, secret = make_endpoint(company, now=now, url=receiver.url)
    delivery = make_delivery(endpoint, now=now)
    event = EventRecord.objects.get(id=delivery.event_id)

    parcel = take_one(now)
    outcome = post(parcel.url, parcel.headers, parcel.body, inside=settings.WEBHOOK_NETWORKS)

    (request,) = receiver.requests
    told = Webhook(secret).verify(request.body, request.headers)
    assert outcome.is_success
    assert request.headers["webhook-id"] == str(event.id)
    assert told["type"] == "customer.created"
    assert abs(datetime.fromisoformat(told["timestamp"]) - event.occurred_at) < timedelta(milliseconds=1)
    assert told["data"] == {
        "event_id": str(event.id),
        "recorded_at": told["data"]["recorded_at"],
        "org_unit_id": company.pk,
        "customer_id": str(event.customer_id),
        "actor_kind": "system",
        "channel": "",
        "payload": {"kind": "person", "source": ""},
    }


def test_after_a_change_of_secret_both_verify_for_a_day(company: OrgUnit) -> None:
    now = timezone.now()
    endpoint, old = make_endpoint(company, now=now)
    new = rotate_secret(endpoint, actor=owner_actor(endpoint.owner, now=now), now=now)
    make_delivery(endpoint, now=now)

    parcel = take_one(now)

    assert len(parcel.headers["webhook-signature"].split(" ")) == 2
    for secret in (old, new):
        Webhook(secret).verify(parcel.body, dict(parcel.headers))
    stranger = "whsec_" + base64.b64encode(b"x" * 32).decode()
    with pytest.raises(WebhookVerificationError):
        Webhook(stranger).verify(parcel.body, dict(parcel.headers))


def test_what_arrived_is_not_sent_again(company: OrgUnit, now: datetime) -> None:
    endpoint, _secret = make_endpoint(company, now=now)
    delivery = make_delivery(endpoint, now=now)

    settle(take_one(now), ARRIVED, now=now)

    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts, delivery.finished_at) == ("delivered", 1, now)
    assert take_due({}, free=10, now=now + timedelta(days=9)) == []


def test_a_failure_is_repeated_ten_times_over_three_days_and_then_given_up(
    company: OrgUnit, now: datetime
) -> None:
    endpoint, _secret = make_endpoint(company, now=now)
    delivery = make_delivery(endpoint, now=now)
    moment, waits = now, []

    for _ in range(10):
        settle(take_one(moment), BROKEN, now=moment)
        delivery.refresh_from_db()
        Endpoint.objects.update(first_failed_at=None)
        waits.append((delivery.due_at - moment).total_seconds())
        assert take_due({}, free=10, now=delivery.due_at - timedelta(seconds=1)) == []
        moment = max(delivery.due_at, moment)

    assert (delivery.state, delivery.attempts) == ("failed", 10)
    assert Attempt.objects.filter(delivery=delivery, status=500).count() == 10
    for wait, pause in zip(waits, PAUSES, strict=False):
        assert pause <= wait <= pause * 1.1
    assert timedelta(hours=75) < moment - now < timedelta(hours=84)


def test_the_log_keeps_what_was_answered(company: OrgUnit, now: datetime) -> None:
    endpoint, _secret = make_endpoint(company, now=now)
    make_delivery(endpoint, now=now)

    settle(take_one(now), BROKEN, now=now)

    attempt = Attempt.objects.get()
    assert (attempt.status, attempt.answer, attempt.seconds) == (500, "boom", 0.01)
    assert b"boom" not in bytes(attempt.answer_sealed)


def test_gone_switches_the_endpoint_off_and_the_owner_is_told(company: OrgUnit, now: datetime) -> None:
    endpoint, _secret = make_endpoint(company, now=now)
    make_delivery(endpoint, now=now)
    kept_back = make_delivery(endpoint, now=now)
    parcels = take_due({}, free=1, now=now)

    settle(parcels[0], Outcome(410, "", 0.01), now=now)

    endpoint.refresh_from_db()
    assert (endpoint.state, endpoint.state_reason) == ("disabled", "gone")
    assert Delivery.objects.get(pk=parcels[0].delivery_id).state == "failed"
    assert Delivery.objects.get(pk=kept_back.pk).state == "waiting"
    assert take_due({}, free=10, now=now) == []
    assert EventRecord.objects.get(type="webhooks.endpoint_disabled").payload == {"reason": "gone"}
    told = Notification.objects.get(user=endpoint.owner)
    assert (told.kind, told.url) == ("webhooks.switched_off", f"/webhooks/{endpoint.pk}/")
    assert _queued("webhooks.tell_owner") == [{"endpoint_id": str(endpoint.pk)}]


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_owner_reads_what_happened_in_their_language(
    company: OrgUnit, now: datetime, language: str
) -> None:
    endpoint, _secret = make_endpoint(company, now=now, name="呼叫中心")
    Endpoint.objects.update(state="disabled", state_reason="gone")
    endpoint.owner.language = language
    endpoint.owner.save()

    tell_owner(endpoint_id=str(endpoint.pk))

    (letter,) = mail.outbox
    assert letter.to == [endpoint.owner.email]
    assert "呼叫中心" in letter.subject
    assert f"/webhooks/{endpoint.pk}/" in letter.body
    assert ("no event is lost" in letter.body.lower()) == (language == "en")


@pytest.mark.parametrize("status", [429, 503])
def test_who_asks_for_a_pause_gets_it_for_everything(company: OrgUnit, now: datetime, status: int) -> None:
    endpoint, _secret = make_endpoint(company, now=now)
    first = make_delivery(endpoint, now=now)
    make_delivery(endpoint, now=now)
    (parcel,) = take_due({}, free=1, now=now)

    settle(parcel, Outcome(status, "", 0.01, retry_after=600), now=now)

    first.refresh_from_db()
    assert first.due_at == now + timedelta(seconds=600)
    assert take_due({}, free=10, now=now + timedelta(seconds=599)) == []
    assert len(take_due({}, free=10, now=now + timedelta(seconds=601))) == 2


def test_three_days_without_success_switch_the_endpoint_off(company: OrgUnit, now: datetime) -> None:
    endpoint, _secret = make_endpoint(company, now=now)
    for hours in (0, 70, 73):
        moment = now + timedelta(hours=hours)
        make_delivery(endpoint, now=moment)
        for parcel in take_due({}, free=10, now=moment):
            settle(parcel, BROKEN, now=moment)

    endpoint.refresh_from_db()

    assert (endpoint.state, endpoint.state_reason) == ("disabled", "failing")


def test_one_success_ends_the_count_of_days(company: OrgUnit, now: datetime) -> None:
    endpoint, _secret = make_endpoint(company, now=now)
    for hours, outcome in ((0, BROKEN), (1, ARRIVED), (73, BROKEN)):
        moment = now + timedelta(hours=hours)
        make_delivery(endpoint, now=moment)
        for parcel in take_due({}, free=10, now=moment):
            settle(parcel, outcome, now=moment)

    endpoint.refresh_from_db()

    assert (endpoint.state, endpoint.first_failed_at) == ("active", now + timedelta(hours=73))


def test_what_a_dead_worker_held_is_taken_by_another(company: OrgUnit, now: datetime) -> None:
    endpoint, _secret = make_endpoint(company, now=now)
    make_delivery(endpoint, now=now)
    lost = take_one(now)

    assert take_due({}, free=10, now=now + timedelta(seconds=59)) == []
    again = take_one(now + timedelta(seconds=61))
    settle(lost, BROKEN, now=now)
    settle(again, ARRIVED, now=now)

    assert again.headers["webhook-id"] == lost.headers["webhook-id"]
    assert Delivery.objects.get().state == "delivered"
    assert Delivery.objects.get().attempts == 1


def test_a_slow_system_leaves_room_for_the_others(company: OrgUnit, now: datetime) -> None:
    slow, _secret = make_endpoint(company, now=now, name="slow")
    quick, _secret = make_endpoint(company, now=now, name="quick")
    for _ in range(12):
        make_delivery(slow, now=now)
    make_delivery(quick, now=now)

    parcels = take_due({}, free=32, now=now)
    later = take_due({slow.pk: 8}, free=24, now=now)

    assert sorted(parcel.endpoint_id for parcel in parcels) == sorted([*[slow.pk] * 8, quick.pk])
    assert later == []


def test_an_event_the_owner_may_see_no_longer_is_dropped(company: OrgUnit, now: datetime) -> None:
    endpoint, _secret = make_endpoint(company, now=now)
    make_delivery(endpoint, now=now)
    Membership.objects.filter(user=endpoint.owner).delete()

    assert take_due({}, free=10, now=now) == []

    assert Delivery.objects.get().state == "dropped"


def test_an_owner_who_left_sends_nothing(company: OrgUnit, now: datetime) -> None:
    owner = make_member(company, *RIGHTS)
    endpoint, _secret = make_endpoint(company, now=now, owner=owner)
    make_delivery(endpoint, now=now)
    owner.is_active = False
    owner.save()

    assert take_due({}, free=10, now=now) == []

    endpoint.refresh_from_db()
    assert (endpoint.state, endpoint.state_reason) == ("disabled", "owner_left")
    assert Delivery.objects.get().state == "waiting"


def test_the_log_is_forgotten_after_a_month(company: OrgUnit, now: datetime) -> None:
    endpoint, _secret = make_endpoint(company, now=now)
    make_delivery(endpoint, now=now)
    settle(take_one(now), ARRIVED, now=now)
    waiting = make_delivery(endpoint, now=now)

    forget_deliveries(int((now + timedelta(days=31)).timestamp()))

    assert list(Delivery.objects.values_list("pk", flat=True)) == [waiting.pk]


def _queued(task: str) -> list[object]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT args FROM procrastinate_jobs WHERE task_name = %s", [task])
        return [json.loads(row[0]) if isinstance(row[0], str) else row[0] for row in cursor.fetchall()]
