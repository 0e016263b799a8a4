"""From the stream to deliveries: each event once, whoever commits last, and only what the owner may see."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from hearth.core.models import EventRecord
from hearth.core.partitions import ensure_months
from hearth.organization.models import OrgUnit
from hearth.webhooks.models import Delivery, Endpoint
from hearth.webhooks.selectors import owner_actor
from hearth.webhooks.services import gathering
from hearth.webhooks.services.endpoints import change_endpoint, pause_endpoint, resume_endpoint
from hearth.webhooks.services.gathering import Gatherer
from tests.api.test_events import wait_until_settled
from tests.organization.builders import make_group
from tests.webhooks.builders import make_endpoint, write_event

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def company() -> OrgUnit:
    """The first city company, written for good."""
    make_group()
    ensure_months([timezone.now()])
    return OrgUnit.objects.get(code="SZ")


@pytest.fixture(autouse=True)
def _no_jobs_left() -> Iterator[None]:
    yield
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")


def write(*places: OrgUnit | None) -> list[UUID]:
    """Write one event at each place in one transaction that is settled when this returns."""
    with transaction.atomic():
        ids = [write_event(place, now=timezone.now()).id for place in places]
    wait_until_settled()
    return ids


def delivered_to(endpoint: Endpoint) -> list[UUID]:
    rows = Delivery.objects.filter(endpoint=endpoint, event_type="customer.created")
    return list(rows.order_by("created_at", "id").values_list("event_id", flat=True))


def test_an_endpoint_gets_what_happens_after_it_was_made(company: OrgUnit) -> None:
    write(company)
    endpoint, _secret = make_endpoint(company, now=timezone.now())
    expected = write(company, company)

    Gatherer().gather(now=timezone.now())

    assert delivered_to(endpoint) == expected


def test_nothing_is_gathered_twice_by_one_gatherer_or_another(company: OrgUnit) -> None:
    endpoint, _secret = make_endpoint(company, now=timezone.now())
    first = write(company)
    one = Gatherer()
    one.gather(now=timezone.now())

    second = write(company)
    Gatherer().gather(now=timezone.now())
    one.gather(now=timezone.now())

    assert delivered_to(endpoint) == [*first, *second]


def test_only_what_the_owner_sees_at_the_place_is_gathered(company: OrgUnit) -> None:
    group, neighbour = OrgUnit.objects.get(code="G"), OrgUnit.objects.get(code="GZ")
    of_company, _secret = make_endpoint(company, now=timezone.now())
    of_group, _secret = make_endpoint(group, now=timezone.now())
    own, foreign, of_nobody = write(company, neighbour, None)

    Gatherer().gather(now=timezone.now())

    assert delivered_to(of_company) == [own]
    assert delivered_to(of_group) == [own, foreign, of_nobody]


def test_a_narrow_place_gets_less_than_its_owner_may_see(company: OrgUnit) -> None:
    group = OrgUnit.objects.get(code="G")
    wide, _secret = make_endpoint(group, now=timezone.now())
    narrow, _secret = make_endpoint(company, now=timezone.now(), owner=wide.owner)
    team = OrgUnit.objects.get(code="SZ-A")
    _of_group, of_company, of_team = write(group, company, team)

    Gatherer().gather(now=timezone.now())

    assert delivered_to(narrow) == [of_company, of_team]


def test_types_are_chosen_at_the_source(company: OrgUnit) -> None:
    endpoint, _secret = make_endpoint(company, now=timezone.now(), types=["cases.opened"])
    write(company)

    Gatherer().gather(now=timezone.now())

    assert not Delivery.objects.filter(endpoint=endpoint).exists()


def test_a_paused_endpoint_gets_everything_afterwards(company: OrgUnit) -> None:
    endpoint, _secret = make_endpoint(company, now=timezone.now())
    actor = owner_actor(endpoint.owner, now=timezone.now())
    gatherer = Gatherer()
    pause_endpoint(endpoint, actor=actor, now=timezone.now())
    missed = write(company)
    gatherer.gather(now=timezone.now())
    assert delivered_to(endpoint) == []

    resume_endpoint(endpoint, actor=actor, now=timezone.now())
    wait_until_settled()
    gatherer.gather(now=timezone.now())

    assert delivered_to(endpoint) == missed


def test_a_long_queue_leaves_the_rest_in_the_stream(
    company: OrgUnit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gathering, "LONGEST_QUEUE", 2)
    endpoint, _secret = make_endpoint(company, now=timezone.now(), types=["customer.created"])
    expected = write(company, company, company)
    gatherer = Gatherer()
    gatherer.gather(now=timezone.now())
    gatherer.gather(now=timezone.now())
    assert delivered_to(endpoint) == expected[:2]

    Delivery.objects.update(state="delivered")
    gatherer.gather(now=timezone.now())

    assert delivered_to(endpoint) == expected


def test_many_events_are_gathered_in_steps_and_none_is_passed_over(
    company: OrgUnit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gathering, "EVENTS_AT_ONCE", 2)
    endpoint, _secret = make_endpoint(company, now=timezone.now(), types=["customer.created"])
    expected = write(*[company] * 5)
    gatherer = Gatherer()

    steps = [gatherer.gather(now=timezone.now()) for _ in range(4)]

    assert steps == [2, 2, 1, 0]
    assert delivered_to(endpoint) == expected


def test_looking_at_nothing_new_writes_nothing(company: OrgUnit) -> None:
    make_endpoint(company, now=timezone.now())
    wait_until_settled()
    gatherer = Gatherer()
    gatherer.gather(now=timezone.now())
    newest = EventRecord.objects.aggregate(newest=Max("transaction"))["newest"]

    with connection.cursor() as cursor:
        gatherer.gather(now=timezone.now())
        cursor.execute("SELECT pg_current_xact_id_if_assigned() IS NULL")
        wrote_nothing = cursor.fetchone()[0]

    assert wrote_nothing
    assert EventRecord.objects.aggregate(newest=Max("transaction"))["newest"] == newest


def choose_all(endpoint: Endpoint) -> None:
    actor = owner_actor(endpoint.owner, now=timezone.now())
    change_endpoint(
        endpoint,
        name=endpoint.name,
        url=endpoint.url,
        types=[],
        is_full=False,
        actor=actor,
        now=timezone.now(),
    )


def test_what_was_not_chosen_does_not_come_as_new_when_more_is_chosen(company: OrgUnit) -> None:
    endpoint, _secret = make_endpoint(company, now=timezone.now(), types=["cases.opened"])
    write(company)

    choose_all(endpoint)
    expected = write(company)
    Gatherer().gather(now=timezone.now())

    assert delivered_to(endpoint) == expected


def test_what_waits_for_a_paused_endpoint_still_waits_after_a_change(company: OrgUnit) -> None:
    endpoint, _secret = make_endpoint(company, now=timezone.now(), types=["customer.created"])
    actor = owner_actor(endpoint.owner, now=timezone.now())
    pause_endpoint(endpoint, actor=actor, now=timezone.now())
    missed = write(company)

    choose_all(endpoint)
    resume_endpoint(endpoint, actor=actor, now=timezone.now())
    wait_until_settled()
    Gatherer().gather(now=timezone.now())

    assert delivered_to(endpoint) == missed


def test_how_far_was_looked_is_written_down_once_an_hour(company: OrgUnit) -> None:
    endpoint, _secret = make_endpoint(company, now=timezone.now(), types=["cases.opened"])
    gatherer, start = Gatherer(), timezone.now()
    places = [endpoint.after_transaction]

    for minutes in (0, 30, 61):
        write(company)
        gatherer.gather(now=start + timedelta(minutes=minutes))
        endpoint.refresh_from_db()
        places.append(endpoint.after_transaction)

    assert places[0] < places[1] == places[2] < places[3]
