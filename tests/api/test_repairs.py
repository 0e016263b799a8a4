"""Repairs by API."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from hearth.accounts.models import User
from hearth.organization.models import OrgUnit
from hearth.repairs.models import RepairOrder, RepairVisit
from tests.api.builders import Answered, make_program
from tests.cases.builders import cause_of
from tests.customers.builders import make_customer
from tests.repairs.builders import (
    make_booked,
    make_delivered,
    make_engineer,
    make_order,
    make_part,
    make_repair_case,
    make_repaired,
    make_slot,
)

pytestmark = pytest.mark.django_db
KEY = {"Idempotency_Key": "repair-4711"}


def test_a_program_orders_books_and_reports_a_repair(company: OrgUnit) -> None:
    home, part, program = make_delivered(company), make_part(company), make_program(company)
    case = make_repair_case(company, home)
    slot = make_slot(company, make_engineer(company), starts_at=timezone.now() + timedelta(hours=1))
    wanted = {"unit_id": str(home.pk), "part": "roof", "fault": "屋面渗漏", "cause": cause_of().code}
    report = {
        "key": str(uuid4()),
        "came_at": timezone.now().isoformat(),
        "note": "重做防水",
        "is_finished": True,
        "parts": [{"part_id": str(part.pk), "quantity": "2.5"}],
    }

    bare = program.post(f"/cases/{case.pk}/repairs", wanted)
    made, again = (program.post(f"/cases/{case.pk}/repairs", wanted, **KEY) for _number in range(2))
    address = f"/repairs/{made.body['id']}"
    free = program.get(f"{address}/free-slots")
    booked = program.post(f"{address}/booking", {"slot_id": free.body["slots"][0]["id"]})
    first, second = program.post(f"{address}/visits", report), program.post(f"{address}/visits", report)
    read = program.get(address)

    assert (bare.status, bare.code) == (400, "idempotency_key_required")
    assert (again.body["id"], RepairOrder.objects.count()) == (made.body["id"], 1)
    assert made.headers["Location"] == f"/api/v1{address}"
    assert (made.status, made.body["warranty_until_date"], made.body["warranty_source"]) == (
        201,
        "2028-12-20",
        "builder",
    )
    assert [each["id"] for each in free.body["slots"]] == [str(slot.pk)]
    assert (booked.status, booked.body["state"]) == (201, "booked")
    assert (first.status, second.body["id"]) == (201, first.body["id"])
    assert (read.body["state"], RepairVisit.objects.count()) == ("finished", 1)


def test_a_program_is_told_why_a_repair_is_refused(company: OrgUnit) -> None:
    program = make_program(company)
    home, other = make_delivered(company), make_delivered(company)
    case = make_repair_case(company, home)
    order = make_order(company)
    taken = make_booked(company, now=timezone.now()).slot_id

    def ordered(**values: str) -> Answered:
        wanted = {"unit_id": str(home.pk), "part": "roof", "fault": "漏", **values}
        return program.post(f"/cases/{case.pk}/repairs", wanted, Idempotency_Key=repr(values))

    answers = [
        ordered(unit_id=str(other.pk)),
        ordered(unit_id=str(uuid4())),
        ordered(cause="no-such-cause"),
        ordered(part="garden"),
        program.post(f"/repairs/{order.pk}/booking", {"slot_id": str(taken)}),
        program.post(f"/repairs/{order.pk}/booking", {"slot_id": str(uuid4())}),
    ]

    assert [answer.code for answer in answers] == [
        "home_of_another",
        "unknown_reference",
        "unknown_reference",
        "invalid_body",
        "slot_full",
        "unknown_reference",
    ]
    assert answers[0].body["errors"][0]["pointer"] == "/unit_id"
    assert RepairOrder.objects.filter(case=case).count() == 0


def test_a_program_with_rights_at_two_places_repairs_no_home_of_another_customer(
    group: OrgUnit, company: OrgUnit, neighbour: OrgUnit
) -> None:
    program, theirs = make_program(group), make_delivered(neighbour)
    case = make_repair_case(company, customer=make_customer(company))

    wanted = {"unit_id": str(theirs.pk), "part": "roof", "fault": "漏"}
    answer = program.post(f"/cases/{case.pk}/repairs", wanted, **KEY)

    assert (answer.code, answer.body["errors"][0]["pointer"]) == ("home_of_another", "/unit_id")
    assert not RepairOrder.objects.exists()


def test_a_program_books_no_slot_of_somebody_who_left(company: OrgUnit) -> None:
    program, engineer = make_program(company), make_engineer(company)
    order = make_order(company)
    slot = make_slot(company, engineer, starts_at=timezone.now() + timedelta(hours=1))
    User.objects.filter(pk=engineer.pk).update(is_active=False)

    free = program.get(f"/repairs/{order.pk}/free-slots")
    answer = program.post(f"/repairs/{order.pk}/booking", {"slot_id": str(slot.pk)})

    assert free.body["slots"] == []
    assert (answer.code, answer.body["errors"][0]["pointer"]) == ("no_engineer", "/slot_id")


def test_a_program_that_names_a_part_twice_is_told_so(company: OrgUnit) -> None:
    program, part = make_program(company), make_part(company)
    order = make_booked(company, now=timezone.now())
    used = [{"part_id": str(part.pk), "quantity": amount} for amount in ("1", "2")]
    report = {"key": str(uuid4()), "came_at": timezone.now().isoformat(), "note": "好", "is_finished": True}

    answer = program.post(f"/repairs/{order.pk}/visits", {**report, "parts": used})

    assert (answer.code, answer.body["errors"][0]["pointer"]) == ("part_unlikely", "/parts")
    assert not RepairVisit.objects.exists()


def test_a_program_reads_repairs_of_its_places_by_home_and_repeat(
    company: OrgUnit, neighbour: OrgUnit
) -> None:
    home = make_delivered(company)
    first = make_repaired(company, unit=home)
    again = make_order(company, unit=home, now=first.created_at + timedelta(days=1))
    make_order(company)
    theirs = make_order(neighbour)
    program = make_program(company)

    of_home = program.get("/repairs", {"filter[unit_id][eq]": str(home.pk), "sort": "id"})
    repeats = program.get("/repairs", {"filter[repeat][eq]": "yes"})

    assert [each["id"] for each in of_home.body["data"]] == [str(first.pk), str(again.pk)]
    assert [each["repeat_of_id"] for each in repeats.body["data"]] == [str(first.pk)]
    assert program.get(f"/repairs/{theirs.pk}").status == 404
