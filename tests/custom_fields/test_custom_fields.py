"""Fields of a company's own: defined by place, checked, sealed, seen by role."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from hearth.core.actor import Actor
from hearth.core.crypto import SealBroken
from hearth.core.errors import NotAllowed
from hearth.core.models import EventRecord
from hearth.core.permissions import SIGNED_IN
from hearth.custom_fields.models import FieldDefinition
from hearth.custom_fields.objects import custom_objects
from hearth.custom_fields.permissions import DEFINE_FIELD
from hearth.custom_fields.selectors import values_of
from hearth.custom_fields.services import (
    CustomValueInvalid,
    FieldKeyTaken,
    FieldNotPossible,
    FieldValues,
    NoSuchField,
    change_field,
    define_field,
    set_custom_values,
)
from hearth.customers.models import Customer
from hearth.customers.permissions import CHANGE_CUSTOMER, VIEW_CUSTOMER
from hearth.organization.models import Membership, OrgUnit
from hearth.organization.selectors import actor_for
from tests.cases.builders import make_case
from tests.custom_fields.builders import make_field
from tests.customers.builders import make_customer, make_home
from tests.organization.builders import make_actor, make_member, sign_in
from tests.query_counts import count_queries
from tests.sales.builders import make_contract

pytestmark = pytest.mark.django_db
CUSTOMER = "customer"


def stored(customer: Customer) -> dict[str, Any]:
    custom: dict[str, Any] = Customer.objects.get(pk=customer.pk).custom
    return custom


def put(customer: Customer, actor: Actor, now: datetime, **values: Any) -> tuple[str, ...]:
    return set_custom_values(custom_objects[CUSTOMER], customer, values, actor=actor, now=now)


def shown(customer: Customer, actor: Actor) -> dict[str, str]:
    kept = Customer.objects.get(pk=customer.pk)
    return {each.definition.key: each.text for each in values_of(custom_objects[CUSTOMER], kept, actor)}


@pytest.mark.requirement("S132")
@pytest.mark.parametrize(
    ("kind", "raw", "kept", "text"),
    [
        ("text", " 太极 ", "太极", "太极"),
        ("number", "1,234.5", "1234.5", "1234.5"),
        ("number", 7, "7", "7"),
        ("money", "¥1,200.50", "1200.50", "¥1,200.50"),
        ("date", "2026/03/18", "2026-03-18", "2026-03-18"),
        ("choice", "乙", "乙", "乙"),
        ("choices", "丙、甲", ["甲", "丙"], "甲, 丙"),
        ("choices", ["乙"], ["乙"], "乙"),
        ("yes_no", "是", True, "yes"),
        ("yes_no", False, False, "no"),
    ],
)
def test_a_value_is_brought_to_the_form_of_its_kind(
    company: OrgUnit, actor: Actor, now: datetime, kind: str, raw: Any, kept: Any, text: str
) -> None:
    choices = ("甲", "乙", "丙") if kind.startswith("choice") else ()
    make_field(company, key="hobby", kind=kind, choices=choices)
    customer = make_customer(company)

    put(customer, actor, now, hobby=raw)

    assert stored(customer) == {"hobby": kept}
    with override("en"):
        assert shown(customer, actor) == {"hobby": text}


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        ("text", "x" * 11),
        ("text", "x"),
        ("number", "many"),
        ("number", "NaN"),
        ("number", "1e20"),
        ("number", "11"),
        ("number", "1"),
        ("number", True),
        ("money", "2.005"),
        ("date", "31 February"),
        ("choice", "丁"),
        ("choices", "甲,丁"),
        ("yes_no", "perhaps"),
    ],
)
def test_what_does_not_fit_is_refused_at_the_field(
    company: OrgUnit, actor: Actor, now: datetime, kind: str, raw: Any
) -> None:
    choices = ("甲", "乙") if kind.startswith("choice") else ()
    bounds: dict[str, Any] = {"minimum": Decimal(2), "maximum": Decimal(10)} if kind != "date" else {}
    make_field(company, key="hobby", kind=kind, choices=choices, **bounds)

    with pytest.raises(CustomValueInvalid) as refusal:
        put(make_customer(company), actor, now, hobby=raw)

    assert refusal.value.field == "hobby"


def test_a_required_field_cannot_be_emptied(company: OrgUnit, actor: Actor, now: datetime) -> None:
    make_field(company, key="hobby", is_required=True)
    customer = make_customer(company)
    put(customer, actor, now, hobby="太极")

    with pytest.raises(CustomValueInvalid):
        put(customer, actor, now, hobby=" ")


def test_an_emptied_value_goes_and_what_is_not_named_stays(
    company: OrgUnit, actor: Actor, now: datetime
) -> None:
    make_field(company, key="hobby")
    make_field(company, key="car")
    customer = make_customer(company)
    put(customer, actor, now, hobby="太极", car="电动")

    changed = put(customer, actor, now, hobby="")

    assert changed == ("hobby",)
    assert stored(customer) == {"car": "电动"}
    last = EventRecord.objects.order_by("-position").first()
    assert last
    assert (last.type, last.customer_id) == ("custom_values.changed", customer.pk)
    assert last.payload == {"object_code": "customer", "keys": ["hobby"]}


def test_the_same_value_again_writes_nothing(company: OrgUnit, actor: Actor, now: datetime) -> None:
    make_field(company, key="hobby", is_sensitive=True)
    customer = make_customer(company)
    put(customer, actor, now, hobby="太极")

    assert put(customer, actor, now, hobby="太极") == ()


@pytest.mark.parametrize(
    ("kind", "raw", "text"),
    [
        ("text", "慢性病", "慢性病"),
        ("choices", ["甲", "乙"], "甲, 乙"),
        ("yes_no", "no", "no"),
        ("number", "3", "3"),
    ],
)
def test_a_sensitive_value_is_sealed_and_bound_to_its_record(
    company: OrgUnit, actor: Actor, now: datetime, kind: str, raw: Any, text: str
) -> None:
    make_field(
        company, key="health", kind=kind, is_sensitive=True, choices=("甲", "乙") if kind == "choices" else ()
    )
    customer, other = make_customer(company), make_customer(company)
    put(customer, actor, now, health=raw)

    Customer.objects.filter(pk=other.pk).update(custom=stored(customer))

    assert list(stored(customer)["health"]) == ["sealed"]
    with override("en"):
        assert shown(customer, actor) == {"health": text}
    with pytest.raises(SealBroken):
        shown(other, actor)


@pytest.mark.requirement("S132")
def test_a_field_holds_at_its_place_and_below(
    company: OrgUnit, group: OrgUnit, neighbour: OrgUnit, actor: Actor
) -> None:
    make_field(group, key="everywhere")
    make_field(company, key="here")
    make_field(company, key="given_up", is_active=False)

    assert set(shown(make_customer(company), actor)) == {"everywhere", "here"}
    assert set(shown(make_customer(neighbour), actor)) == {"everywhere"}


def test_roles_decide_who_sees_and_who_changes(company: OrgUnit, now: datetime) -> None:
    insider = make_member(company, VIEW_CUSTOMER, CHANGE_CUSTOMER)
    outsider = make_member(company, VIEW_CUSTOMER, CHANGE_CUSTOMER)
    code = insider.memberships.get().role.code
    make_field(company, key="seen_by_one", view_roles=(code,))
    make_field(company, key="changed_by_one", change_roles=(code,))
    customer = make_customer(company)
    one, another = (actor_for(user, today=now.date()) for user in (insider, outsider))

    assert set(shown(customer, one)) == {"seen_by_one", "changed_by_one"}
    assert set(shown(customer, another)) == {"changed_by_one"}
    assert put(customer, one, now, seen_by_one="x", changed_by_one="y") == ("changed_by_one", "seen_by_one")
    for key in ("seen_by_one", "changed_by_one"):
        with pytest.raises(NoSuchField):
            put(customer, another, now, **{key: "z"})


def test_a_role_counts_at_its_place_and_not_for_a_limited_token(
    group: OrgUnit, company: OrgUnit, neighbour: OrgUnit, now: datetime
) -> None:
    user, elsewhere = make_member(company, VIEW_CUSTOMER), make_member(neighbour, VIEW_CUSTOMER)
    Membership.objects.filter(user=elsewhere).update(user=user)
    code = user.memberships.get(org_unit=company).role.code
    make_field(group, key="hobby", view_roles=(code,))
    reader = actor_for(user, today=now.date())
    here, there = make_customer(company), make_customer(neighbour)

    assert [set(shown(customer, reader)) for customer in (here, there)] == [{"hobby"}, set()]
    assert shown(here, reader.narrowed_to([VIEW_CUSTOMER])) == {}


def test_values_take_the_right_to_change_the_record(
    company: OrgUnit, neighbour: OrgUnit, now: datetime
) -> None:
    make_field(company, key="hobby")
    customer = make_customer(company)

    for reader in (make_actor(company, VIEW_CUSTOMER), make_actor(neighbour, CHANGE_CUSTOMER)):
        with pytest.raises(NotAllowed):
            put(customer, reader, now, hobby="x")


@pytest.mark.parametrize(
    "values",
    [
        {"key": "Upper"},
        {"key": "1st"},
        {"kind": "poem"},
        {"name_zh": " "},
        {"kind": "choice"},
        {"choices": ("甲",)},
        {"kind": "choice", "choices": ("甲", "甲")},
        {"minimum": Decimal(2), "maximum": Decimal(1)},
    ],
)
def test_a_definition_that_contradicts_itself_is_refused(
    company: OrgUnit, actor: Actor, now: datetime, values: dict[str, Any]
) -> None:
    usual: dict[str, Any] = {"key": "hobby", "name_zh": "爱好", "name_en": "Hobby", "kind": "text"}

    with pytest.raises(FieldNotPossible):
        define_field("customer", FieldValues(**{**usual, **values}), org_unit=company, actor=actor, now=now)


def test_a_key_is_taken_once_for_an_object(company: OrgUnit, neighbour: OrgUnit) -> None:
    make_field(company, key="hobby")

    with pytest.raises(FieldKeyTaken):
        make_field(neighbour, key="hobby")
    make_field(neighbour, key="hobby", object_code="unit")


def test_defining_takes_the_right_at_the_place(company: OrgUnit, neighbour: OrgUnit, now: datetime) -> None:
    values = FieldValues(key="hobby", name_zh="爱好", name_en="Hobby", kind="text")
    stranger = make_actor(neighbour, DEFINE_FIELD)

    with pytest.raises(NotAllowed):
        define_field("customer", values, org_unit=company, actor=stranger, now=now)
    with pytest.raises(NotAllowed):
        change_field(make_field(company), values, actor=stranger, now=now)
    with pytest.raises(FieldNotPossible):
        define_field("castle", values, org_unit=neighbour, actor=stranger, now=now)


@pytest.mark.requirement("S132")
def test_a_field_is_defined_filled_and_given_up_on_pages(signed_in: Client, company: OrgUnit) -> None:
    customer = make_customer(company)
    definition = {
        "object_code": "customer",
        "org_unit": company.pk,
        "key": "pets",
        "kind": "choices",
        "name_zh": "宠物",
        "name_en": "Pets",
        "choices": "猫\n狗",
        "position": "1",
        "is_active": "on",
    }

    signed_in.post(reverse("custom_fields:define"), definition)
    signed_in.post(reverse("custom_fields:values", args=["customer", customer.pk]), {"pets": ["猫"]})
    card = signed_in.get(reverse("custom_fields:card", args=["customer", customer.pk])).content.decode()
    kept = FieldDefinition.objects.get()
    signed_in.post(reverse("custom_fields:change", args=[kept.pk]), {**definition, "is_active": ""})

    assert stored(customer) == {"pets": ["猫"]}
    assert "宠物" in card
    assert not FieldDefinition.objects.get().is_active


@pytest.mark.parametrize("values", [{"hobby": "x" * 99}, {"hobby": ""}])
def test_a_refused_value_stands_at_its_field(
    signed_in: Client, company: OrgUnit, values: dict[str, str]
) -> None:
    make_field(company, key="hobby", maximum=Decimal(5), is_required=True)

    answer = signed_in.post(
        reverse("custom_fields:values", args=["customer", make_customer(company).pk]), values
    )

    assert answer.status_code == 422
    assert "invalid-feedback" in answer.content.decode()


def test_a_contradiction_stands_on_the_page_of_the_definition(signed_in: Client, company: OrgUnit) -> None:
    values = {
        "object_code": "customer",
        "org_unit": company.pk,
        "key": "Pets!",
        "kind": "text",
        "name_zh": "宠物",
        "name_en": "Pets",
        "position": "1",
    }

    assert signed_in.post(reverse("custom_fields:define"), values).status_code == 422


@pytest.mark.requirement("S132")
def test_homes_contracts_and_cases_have_fields_too(signed_in: Client, company: OrgUnit) -> None:
    customer, unit = make_customer(company), make_home(company)
    records: dict[str, Any] = {
        "unit": unit,
        "contract": make_contract(unit, customer),
        "case": make_case(company, customer=customer),
    }

    for code, record in records.items():
        make_field(company, object_code=code, key="remark")
        address = reverse("custom_fields:values", args=[code, record.pk])
        assert signed_in.post(address, {"remark": "好"}).status_code == 302
        record.refresh_from_db()
        assert record.custom == {"remark": "好"}


def test_an_unknown_object_is_not_found(signed_in: Client, company: OrgUnit) -> None:
    address = reverse("custom_fields:card", args=["castle", make_customer(company).pk])

    assert signed_in.get(address).status_code == 404


def test_the_right_to_see_the_object_is_asked(client: Client, company: OrgUnit) -> None:
    sign_in(client, make_member(company, SIGNED_IN))
    address = reverse("custom_fields:card", args=["customer", make_customer(company).pk])

    assert client.get(address).status_code == 403


def test_the_card_takes_the_same_queries_for_any_number(signed_in: Client, company: OrgUnit) -> None:
    address = reverse("custom_fields:card", args=["customer", make_customer(company).pk])
    make_field(company)

    with_one = count_queries(signed_in, address)
    for _number in range(2):
        make_field(company)

    assert count_queries(signed_in, address) == with_one
