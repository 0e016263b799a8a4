"""The pages of the engineer's phone."""

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from hearth.organization.models import OrgUnit
from hearth.repairs.models import RepairVisit
from hearth.vigilance.models import Read
from tests.customers.builders import make_customer
from tests.organization.builders import sign_in
from tests.repairs.builders import (
    booked_today,
    make_booked,
    make_engineer,
    make_part,
    make_visit,
    png,
)

pytestmark = pytest.mark.django_db
EMPTY_FORM = {"key": "", "came_at": ""}


def test_the_phone_shows_what_is_to_be_done_today_and_nothing_of_others(
    client: Client, company: OrgUnit
) -> None:
    engineer = make_engineer(company, "customers.view")
    mine = booked_today(company, engineer, customer=make_customer(company))
    theirs = booked_today(company, make_engineer(company))
    tomorrow = make_booked(company, engineer, now=timezone.now() + timedelta(days=1))
    make_part(company, "角阀")
    sign_in(client, engineer)

    body = client.get(reverse("repairs:my_day")).content.decode()

    assert reverse("repairs:report", args=[mine.pk]) in body
    assert "角阀" in body
    assert str(theirs.pk) not in body
    assert str(tomorrow.pk) not in body


def test_the_phone_shows_numbers_as_far_as_the_right_goes_and_notes_that_it_did(
    client: Client, company: OrgUnit
) -> None:
    customer = make_customer(company, phone="13812345678")
    blind, masked, full = (
        make_engineer(company),
        make_engineer(company, "customers.view"),
        make_engineer(company, "customers.view", "customers.view_contact"),
    )
    bodies = []

    for engineer in (blind, masked, full):
        order = make_booked(company, engineer, customer=customer)
        sign_in(client, engineer)
        bodies.append(client.get(reverse("repairs:visit", args=[order.pk])).content.decode())

    assert ["5678" in body for body in bodies] == [False, True, True]
    assert ["138 1234 5678" in body or "13812345678" in body for body in bodies] == [False, False, True]
    assert Read.objects.filter(user=full, record_id=customer.pk).count() == 1


def test_the_phone_reports_and_a_second_sending_is_kept_once(client: Client, company: OrgUnit) -> None:
    engineer, part = make_engineer(company), make_part(company)
    order = booked_today(company, engineer)
    sign_in(client, engineer)
    now = timezone.now().isoformat()
    address = reverse("repairs:report", args=[order.pk])
    key = str(uuid4())

    def given() -> dict[str, Any]:
        return {
            "key": key,
            "came_at": now,
            "note": "换角阀",
            "is_finished": "on",
            "parts": json.dumps({str(part.pk): "2"}),
            "before": [png()],
            "drawing_owner": png(),
            "name_owner": "王女士",
        }

    came = client.post(reverse("repairs:came", args=[order.pk]), {"came_at": now})
    first, second = client.post(address, given()), client.post(address, given())
    other = client.post(address, {**given(), "key": str(uuid4())})
    signed = client.post(reverse("repairs:sign", args=[order.pk]), {"drawing_engineer": png()})

    visit = RepairVisit.objects.get()
    assert (came.status_code, first.status_code, second.status_code, signed.status_code) == (200,) * 4
    assert (other.status_code, bool(other.json()["refusal"])) == (422, True)
    assert (visit.note, visit.photos.count(), visit.used_parts.get().quantity) == ("换角阀", 1, Decimal(2))
    assert order.sign_offs.count() == 2


@pytest.mark.parametrize(
    "given",
    [
        EMPTY_FORM,
        {"parts": "[1]"},
        {"parts": '{"x": 1}'},
        {"parts": "[" * 20_000},
        {"parts": '{"00000000-0000-7000-8000-000000000000": "1"}'},
        {"parts": '{"PART": "NaN"}'},
        {"parts": '{"PART": NaN}'},
        {"parts": '{"PART": "sNaN"}'},
        {"parts": '{"PART": "-Infinity"}'},
        {"parts": '{"PART": "1e999999"}'},
        {"name_owner": "a\x00"},
        {"name_owner": "王" * 61},
        {"key": "x"},
        {"note": ""},
    ],
)
def test_what_a_phone_sends_unreadably_is_refused_with_a_sentence(
    client: Client, company: OrgUnit, given: dict[str, str]
) -> None:
    engineer = make_engineer(company)
    order = booked_today(company, engineer)
    sign_in(client, engineer)
    whole = {"key": str(uuid4()), "came_at": timezone.now().isoformat(), "note": "好", "is_finished": "on"}
    part = make_part(company)
    sent = {name: value.replace("PART", str(part.pk)) for name, value in {**whole, **given}.items()}

    answer = client.post(reverse("repairs:report", args=[order.pk]), {**sent, "drawing_owner": png()})

    assert (answer.status_code, bool(answer.json()["refusal"])) == (422, True)
    assert not RepairVisit.objects.exists()


def test_a_name_that_cannot_be_kept_is_refused_with_a_sentence(client: Client, company: OrgUnit) -> None:
    engineer = make_engineer(company)
    order = booked_today(company, engineer)
    make_visit(order, now=timezone.now(), came_at=timezone.now())
    sign_in(client, engineer)

    sent = {"drawing_owner": png(), "name_owner": "a\x00"}
    answer = client.post(reverse("repairs:sign", args=[order.pk]), sent)

    assert (answer.status_code, bool(answer.json()["refusal"])) == (422, True)
    assert not order.sign_offs.exists()


def test_another_engineer_gets_no_page_of_a_repair(client: Client, company: OrgUnit) -> None:
    order = make_booked(company)
    sign_in(client, make_engineer(company))

    for name in ("came", "report", "sign"):
        assert client.post(reverse(f"repairs:{name}", args=[order.pk])).status_code == 404
    assert client.get(reverse("repairs:visit", args=[order.pk])).status_code == 404
