"""Saying what is so, taking a likeness for the same, and changing what somebody else changed meanwhile."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from hearth.core.actor import Actor
from hearth.customers.models import Customer, CustomerPlace
from hearth.customers.services import update_customer
from hearth.organization.models import OrgUnit
from tests.api.builders import Answered, Program
from tests.customers.builders import make_customer

pytestmark = pytest.mark.django_db
LIN: dict[str, Any] = {"name": "林月", "org_unit": "SZ", "phones": ["13912345678"]}


def put(program: Program, body: dict[str, Any], match: str = "phone", **headers: str) -> Answered:
    return program.put(f"/customers?match={match}", body, **headers)


def test_who_is_not_there_is_recorded_and_then_meant(program: Program) -> None:
    first = put(program, {**LIN, "occupation": "teacher"})
    second = put(program, {**LIN, "note": "Calls in the evening", "emails": ["lin@example.com"]})
    third = put(program, LIN)

    assert (first.status, second.status, third.status) == (201, 200, 200)
    assert {first.body["id"], second.body["id"], third.body["id"]} == {str(Customer.objects.get().pk)}
    assert (third.body["occupation"], third.body["note"]) == ("teacher", "Calls in the evening")
    assert sorted(contact["kind"] for contact in third.body["contacts"]) == ["email", "phone"]


def test_a_key_of_the_other_system_means_one_customer(company: OrgUnit, program: Program) -> None:
    made = put(program, {**LIN, "external_key": "CRM-1"}, "external_key")

    renamed = put(program, {"name": "林悦", "org_unit": "SZ", "external_key": "CRM-1"}, "external_key")

    assert (renamed.status, renamed.body["id"], renamed.body["name"]) == (200, made.body["id"], "林悦")


def test_what_means_two_is_refused_with_both(company: OrgUnit, program: Program) -> None:
    both = {str(make_customer(company, phone="13912345678").pk) for _ in range(2)}

    answered = put(program, LIN)

    assert (answered.status, answered.code) == (409, "several_match")
    assert {candidate["id"] for candidate in answered.body["candidates"]} == both


def test_a_customer_out_of_sight_is_not_changed_and_not_named(neighbour: OrgUnit, program: Program) -> None:
    make_customer(neighbour, phone="13912345678")

    answered = put(program, LIN)

    assert (answered.status, answered.code) == (409, "duplicate")
    assert answered.body["candidates"][0]["id"] is None


@pytest.mark.parametrize(
    ("match", "pointer"), [("phone", "/phones/0"), ("email", "/emails/0"), ("external_key", "/external_key")]
)
def test_the_value_that_is_meant_must_be_there(program: Program, match: str, pointer: str) -> None:
    answered = put(program, {"name": "Lin", "org_unit": "SZ"}, match)

    assert (answered.status, answered.code) == (422, "nothing_to_match")
    assert answered.body["errors"][0]["pointer"] == pointer.removesuffix("/0")


def test_by_what_must_be_said(program: Program) -> None:
    answered = program.put("/customers", LIN)

    assert (answered.status, answered.code) == (400, "invalid_parameter")


def test_who_is_surely_the_same_is_linked(company: OrgUnit, program: Program) -> None:
    known = make_customer(company, name="林月", phone="13912345678")

    linked = program.post("/customers", {**LIN, "emails": ["lin@example.com"]}, X_Duplicate_Policy="link")
    doubtful = program.post(
        "/customers", {"name": "赵强", "org_unit": "SZ", "phones": ["13912345678"]}, X_Duplicate_Policy="link"
    )

    assert (linked.status, linked.body["id"]) == (200, str(known.pk))
    assert len(linked.body["contacts"]) == 2
    assert (doubtful.status, doubtful.code) == (409, "duplicate")


def test_a_linked_customer_is_known_at_the_new_place(company: OrgUnit, group: OrgUnit) -> None:
    from tests.api.builders import make_program  # noqa: PLC0415

    wide = make_program(group)
    known = make_customer(company, name="林月", phone="13912345678")

    wide.post("/customers", {**LIN, "org_unit": "GZ"}, X_Duplicate_Policy="link")

    places = CustomerPlace.objects.filter(customer=known).values_list("org_unit__code", flat=True)
    assert set(places) == {"SZ", "GZ"}


def test_a_conflict_tells_what_stands_against_what(company: OrgUnit, program: Program) -> None:
    customer = make_customer(company)
    tag = program.get(f"/customers/{customer.pk}").headers["ETag"]
    later = timezone.now() + timedelta(seconds=1)
    update_customer(customer, actor=Actor.system("other"), now=later, note="theirs", occupation="nurse")

    refused = program.patch(f"/customers/{customer.pk}", {"note": "mine", "sex": "female"}, If_Match=tag)

    assert (refused.status, refused.code) == (412, "version_changed")
    assert refused.body["difference"] == {
        "asked": {"note": "mine", "sex": "female"},
        "changed": ["note", "occupation"],
        "conflicting": ["note"],
        "mergeable": {"sex": "female"},
    }
    assert refused.body["current"]["note"] == "theirs"
    merged = program.patch(
        f"/customers/{customer.pk}", refused.body["difference"]["mergeable"], If_Match=refused.headers["ETag"]
    )
    assert (merged.status, merged.body["sex"], merged.body["note"]) == (200, "female", "theirs")


def test_the_same_change_by_both_conflicts_with_nothing(company: OrgUnit, program: Program) -> None:
    customer = make_customer(company)
    tag = program.get(f"/customers/{customer.pk}").headers["ETag"]
    later = timezone.now() + timedelta(seconds=1)
    update_customer(customer, actor=Actor.system("other"), now=later, note="same")

    refused = program.patch(f"/customers/{customer.pk}", {"note": "same"}, If_Match=tag)

    assert refused.body["difference"]["conflicting"] == []


def test_a_version_that_was_never_ours_makes_everything_a_conflict(
    company: OrgUnit, program: Program
) -> None:
    customer = make_customer(company)

    refused = program.patch(f"/customers/{customer.pk}", {"note": "mine"}, If_Match='"castle"')

    assert refused.body["difference"]["changed"] is None
    assert refused.body["difference"]["conflicting"] == ["note"]
