"""The pages of webhooks."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from hearth.accounts.models import User
from hearth.core.permissions import SIGNED_IN
from hearth.organization.models import OrgUnit
from hearth.webhooks.gateway import Outcome
from hearth.webhooks.models import Delivery, Endpoint, SigningSecret
from hearth.webhooks.services.sending import settle, take_due
from tests.organization.builders import make_member, sign_in
from tests.query_counts import count_queries
from tests.webhooks.builders import RIGHTS, make_delivery, make_endpoint

pytestmark = pytest.mark.django_db
LIST = "/webhooks/"


@pytest.fixture
def person(company: OrgUnit) -> User:
    """Somebody who manages webhooks at the first city company, in English."""
    user = make_member(company, SIGNED_IN, *RIGHTS)
    user.language = "en"
    user.save()
    return user


@pytest.fixture
def browser(client: Client, person: User) -> Client:
    client.cookies["hearth_language"] = "en"
    return sign_in(client, person)


def make_log(endpoint: Endpoint, number: int) -> None:
    """Write deliveries with an attempt each."""
    now = timezone.now()
    for _ in range(number):
        make_delivery(endpoint, now=now)
    for parcel in take_due({}, free=number, now=now):
        settle(parcel, Outcome(500, "", 0.2, answer="try later"), now=now)


def test_a_new_webhook_shows_its_secret_once(browser: Client, company: OrgUnit) -> None:
    values = {
        "name": "Warehouse",
        "url": "https://example.com/in",
        "org_unit": company.pk,
        "types": ["cases.opened"],
    }

    response = browser.post("/webhooks/new/", values)
    endpoint = Endpoint.objects.get()
    shown = browser.get(response.headers["Location"]).content.decode()
    again = browser.get(response.headers["Location"]).content.decode()

    secret = SigningSecret.objects.get().secret
    assert (endpoint.name, endpoint.types, endpoint.is_full) == ("Warehouse", ["cases.opened"], False)
    assert secret in shown
    assert secret not in again


def test_a_bad_address_is_refused_beside_its_field(browser: Client, company: OrgUnit) -> None:
    response = browser.post(
        "/webhooks/new/", {"name": "x", "url": "http://example.com/", "org_unit": company.pk}
    )

    assert response.status_code == 422
    assert "Give an address such as https://example.com/hooks" in response.content.decode()
    assert not Endpoint.objects.exists()


def test_a_place_out_of_reach_cannot_be_chosen(browser: Client, neighbour: OrgUnit) -> None:
    values = {"name": "x", "url": "https://example.com/", "org_unit": neighbour.pk}

    response = browser.post("/webhooks/new/", values)

    assert response.status_code == 422
    assert not Endpoint.objects.exists()


def test_an_empty_page_says_what_webhooks_are_for(browser: Client) -> None:
    page = browser.get(LIST).content.decode()

    assert "No system is told of anything yet" in page


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_for_one_row_and_three(
    browser: Client, company: OrgUnit, person: User, rows: int
) -> None:
    for number in range(rows):
        endpoint, _secret = make_endpoint(company, now=timezone.now(), name=f"System {number}", owner=person)
        make_delivery(endpoint, now=timezone.now())

    cost = count_queries(browser, LIST) - cost_of_shell(browser)

    assert browser.get(LIST).content.decode().count("System ") == rows
    assert cost == 1


@pytest.mark.parametrize("rows", [1, 3])
def test_the_log_costs_the_same_for_one_row_and_three(browser: Client, company: OrgUnit, rows: int) -> None:
    endpoint, _secret = make_endpoint(company, now=timezone.now())
    make_log(endpoint, rows)
    path = f"/webhooks/{endpoint.pk}/"

    cost = count_queries(browser, path) - cost_of_shell(browser)

    assert browser.get(path).content.decode().count("try later") == rows
    assert cost == 4


def cost_of_shell(browser: Client) -> int:
    """Return what every page asks, from one that asks twice for its places besides."""
    return count_queries(browser, "/webhooks/new/") - 2


def test_the_log_is_narrowed_by_state(browser: Client, company: OrgUnit) -> None:
    endpoint, _secret = make_endpoint(company, now=timezone.now())
    make_log(endpoint, 1)

    waiting = browser.get(f"/webhooks/{endpoint.pk}/?state=waiting").content.decode()
    given_up = browser.get(f"/webhooks/{endpoint.pk}/?state=failed").content.decode()

    assert "try later" in waiting
    assert "try later" not in given_up


def test_one_event_and_some_days_are_sent_again(browser: Client, company: OrgUnit) -> None:
    endpoint, _secret = make_endpoint(company, now=timezone.now(), types=["customer.created"])
    delivery = make_delivery(endpoint, now=timezone.now())
    Delivery.objects.update(state="delivered")
    today = timezone.localdate()
    days = {"since": f"{today - timedelta(days=1)}T00:00", "until": f"{today + timedelta(days=1)}T00:00"}

    browser.post(f"/webhooks/deliveries/{delivery.pk}/replay/")
    after_one = Delivery.objects.get().state
    Delivery.objects.update(state="delivered")
    browser.post(f"/webhooks/{endpoint.pk}/replay/", days)

    assert (after_one, Delivery.objects.get().state) == ("waiting", "waiting")


def test_a_range_that_ends_before_it_begins_is_refused(browser: Client, company: OrgUnit) -> None:
    endpoint, _secret = make_endpoint(company, now=timezone.now())

    response = browser.post(
        f"/webhooks/{endpoint.pk}/replay/", {"since": "2026-03-18T00:00", "until": "2026-03-17T00:00"}
    )

    assert response.status_code == 422
    assert "at most 31 days" in response.content.decode()


def test_it_is_paused_resumed_tried_renewed_and_removed(browser: Client, company: OrgUnit) -> None:
    endpoint, _secret = make_endpoint(company, now=timezone.now())
    path = f"/webhooks/{endpoint.pk}/"
    states = []

    for act in ("pause", "test", "resume", "test", "rotate"):
        browser.post(f"{path}{act}/")
        states.append((Endpoint.objects.get().state, Delivery.objects.count()))
    secrets = SigningSecret.objects.count()
    browser.post(f"{path}remove/")

    assert states == [("paused", 0), ("paused", 0), ("active", 0), ("active", 1), ("active", 1)]
    assert secrets == 2
    assert not Endpoint.objects.exists()


def test_a_change_is_saved(browser: Client, company: OrgUnit, person: User, now: datetime) -> None:
    endpoint, _secret = make_endpoint(company, now=now)

    browser.post(
        f"/webhooks/{endpoint.pk}/change/",
        {"name": "Other", "url": "https://other.example.com/", "is_full": "on", "types": ["cases.closed"]},
    )

    endpoint.refresh_from_db()
    assert (endpoint.name, endpoint.url, endpoint.types) == (
        "Other",
        "https://other.example.com/",
        ["cases.closed"],
    )
    assert (endpoint.is_full, endpoint.owner) == (True, person)
