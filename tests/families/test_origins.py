"""Where personal data come from, and what happens to those that nobody has a right to."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from hearth.core.actor import Actor
from hearth.core.errors import NotAllowed
from hearth.core.models import EventRecord
from hearth.core.permissions import SIGNED_IN
from hearth.customers.models import ContactPoint, Customer
from hearth.customers.origins import Basis, Origin, Purpose, Source
from hearth.customers.permissions import CHANGE_CUSTOMER, REVEAL_CONTACT, STATE_ORIGIN, VIEW_CUSTOMER
from hearth.customers.selectors import find_customers, present_contacts, present_identity
from hearth.customers.services import (
    DataBlocked,
    NotBlocked,
    OriginUnclear,
    add_contact_point,
    remove_blocked_contact,
    remove_blocked_field,
    reveal_contact_point,
    reveal_identity_number,
    state_contact_origin,
    state_field_origin,
    update_customer,
)
from hearth.families.models import NeedProfile
from hearth.families.selectors import blocked_items, items_of, present_need
from hearth.families.services import NeedValues, remove_blocked_need, state_need_origin, state_needs
from hearth.organization.models import OrgUnit
from tests.customers.builders import make_customer
from tests.organization.builders import make_actor, make_member, sign_in
from tests.query_counts import count_queries

pytestmark = pytest.mark.django_db
BLOCKED = Origin(source=Source.PARTNER, purpose=Purpose.MARKETING, basis=Basis.NONE)
RIGHTFUL = Origin(source=Source.PHONE, purpose=Purpose.SERVICE, basis=Basis.CONSENT)
IDENTITY = "11010519491231002X"


@pytest.fixture
def customer(company: OrgUnit) -> Customer:
    """A customer with a phone, an identity number and a note."""
    return make_customer(company, name="王小明", phone="13800001234", identity_number=IDENTITY, note="爱喝茶")


def phone_of(customer: Customer) -> ContactPoint:
    return ContactPoint.objects.get(customer=customer, kind="phone")


def phones_of(customer: Customer) -> list[ContactPoint]:
    return list(ContactPoint.objects.filter(customer=customer, kind="phone").order_by("id"))


@pytest.mark.requirement("S92")
@pytest.mark.requirement("S94")
@pytest.mark.parametrize(
    ("kind", "source"), [("user", "page"), ("import", "import"), ("api", "api"), ("system", "system")]
)
def test_each_item_keeps_the_way_it_came_in_and_the_right_to_it(
    company: OrgUnit, kind: str, source: str, now: datetime
) -> None:
    customer = make_customer(company)
    member = make_member(company, CHANGE_CUSTOMER)
    actor = Actor(member.pk, "", make_actor(company, CHANGE_CUSTOMER).scopes, kind=kind)

    add_contact_point(customer, kind="email", value="a@example.com", actor=actor, now=now)
    update_customer(customer, actor=actor, now=now, note="x", identity_number=IDENTITY)
    state_needs(customer, NeedValues(purpose="upgrade"), actor=actor, now=now)

    origins = {str(item.label): item for item in items_of(Customer.objects.get(pk=customer.pk))}
    mail, identity = origins["电子邮箱"].origin, origins["身份证号"].origin
    assert mail == Origin(
        source=source,
        purpose="service",
        basis="contract",
        recorded_by=member.pk,
        collected_date=date(2026, 3, 18),
    )
    assert (identity.source, identity.basis) == (source, "legal_duty")
    assert NeedProfile.objects.get().origin["basis"] == "consent"
    assert origins["电子邮箱"].recorded_by == str(member)


def test_what_a_new_customer_brings_along_has_its_origin_too(customer: Customer) -> None:
    kept = {str(item.label): item.origin.basis for item in items_of(customer)}

    assert kept == {"电话": "contract", "身份证号": "legal_duty", "备注": "contract"}


@pytest.mark.requirement("S93")
def test_a_contact_without_a_right_is_shown_found_and_used_by_nobody(
    customer: Customer, actor: Actor, now: datetime
) -> None:
    point = state_contact_origin(phone_of(customer), BLOCKED, actor=actor, now=now)

    assert present_contacts([customer], actor)[customer.pk] == []
    assert find_customers("13800001234", actor, today=now.date(), limit=5) == []
    assert not ContactPoint.objects.usable().exists()
    with pytest.raises(DataBlocked):
        reveal_contact_point(point, reason="客户来电", actor=actor, now=now)


@pytest.mark.requirement("S93")
def test_an_identity_number_and_a_note_without_a_right_are_shown_to_nobody(
    customer: Customer, actor: Actor, now: datetime
) -> None:
    for item in ("identity_number", "note"):
        customer = state_field_origin(customer, item, BLOCKED, actor=actor, now=now)

    assert present_identity(customer, actor).text == ""
    assert customer.usable_note == ""
    with pytest.raises(DataBlocked):
        reveal_identity_number(customer, reason="核对身份", actor=actor, now=now)


@pytest.mark.requirement("S93")
def test_needs_without_a_right_are_not_shown(customer: Customer, actor: Actor, now: datetime) -> None:
    need = state_needs(customer, NeedValues(purpose="upgrade"), actor=actor, now=now)
    assert need

    state_need_origin(need, BLOCKED, actor=actor, now=now)

    assert present_need(customer) is None


@pytest.mark.requirement("S93")
def test_a_right_that_is_found_releases_the_item(customer: Customer, actor: Actor, now: datetime) -> None:
    point = state_contact_origin(phone_of(customer), BLOCKED, actor=actor, now=now)
    assert [item.reference for item in blocked_items(actor)] == [str(point.pk)]

    state_contact_origin(point, RIGHTFUL, actor=actor, now=now)

    assert blocked_items(actor) == []
    assert len(present_contacts([customer], actor)[customer.pk]) == 1
    events = EventRecord.objects.filter(type="origin.stated").order_by("position")
    assert [event.payload["is_blocked"] for event in events] == [True, False]


def test_what_is_entered_anew_has_the_right_of_its_new_origin(
    customer: Customer, actor: Actor, now: datetime
) -> None:
    state_field_origin(customer, "note", BLOCKED, actor=actor, now=now)

    changed = update_customer(customer, actor=actor, now=now, note="客户自述")

    assert changed.usable_note == "客户自述"


@pytest.mark.requirement("S94")
@pytest.mark.parametrize(
    "origin",
    [
        Origin(source="page"),
        Origin(basis="consent"),
        Origin(source="page", basis="because"),
        Origin(source="page", basis="consent", purpose="fun"),
        Origin(source="page", basis="consent", collected_date=date(2026, 3, 19)),
    ],
)
def test_a_statement_that_says_nothing_is_refused(
    customer: Customer, actor: Actor, now: datetime, origin: Origin
) -> None:
    with pytest.raises(OriginUnclear):
        state_contact_origin(phone_of(customer), origin, actor=actor, now=now)


def test_a_field_that_keeps_no_origin_is_refused(customer: Customer, actor: Actor, now: datetime) -> None:
    with pytest.raises(OriginUnclear):
        state_field_origin(customer, "sex", RIGHTFUL, actor=actor, now=now)


def test_stating_takes_a_right_at_a_place_of_the_customer(
    customer: Customer, company: OrgUnit, neighbour: OrgUnit, now: datetime
) -> None:
    for reader in (make_actor(company, CHANGE_CUSTOMER), make_actor(neighbour, STATE_ORIGIN)):
        with pytest.raises(NotAllowed):
            state_contact_origin(phone_of(customer), BLOCKED, actor=reader, now=now)
        with pytest.raises(NotAllowed):
            state_field_origin(customer, "note", BLOCKED, actor=reader, now=now)


@pytest.mark.requirement("S93")
def test_the_page_blocks_and_the_list_of_the_privacy_officer_shows_it(
    signed_in: Client, customer: Customer
) -> None:
    point = phone_of(customer)
    values = {"source": "partner", "purpose": "marketing", "basis": "none"}

    for kind, reference in (("contact", point.pk), ("field", "identity_number"), ("field", "note")):
        address = reverse("families:state-origin", args=[customer.pk, kind, reference])
        assert signed_in.post(address, values).status_code == 302

    listed = signed_in.get(reverse("families:blocked")).content.decode()
    assert listed.count("王小明") == 3
    page = signed_in.get(reverse("workspace:customer", args=[customer.pk])).content.decode()
    edit = signed_in.get(reverse("customers:edit", args=[customer.pk])).content.decode()
    for secret in ("1234", IDENTITY, "爱喝茶"):
        assert secret not in page + edit


def test_saving_the_form_leaves_blocked_values_alone(signed_in: Client, customer: Customer) -> None:
    for item in ("identity_number", "note"):
        state_field_origin(
            customer, item, BLOCKED, actor=Actor.system(), now=customer.updated_at + timedelta(hours=1)
        )

    answer = signed_in.post(
        reverse("customers:edit", args=[customer.pk]), {"kind": "person", "name": "王大明"}
    )

    kept = Customer.objects.get(pk=customer.pk)
    assert answer.status_code == 303
    assert (kept.name, kept.note, kept.identity_number) == ("王大明", "爱喝茶", IDENTITY)


@pytest.mark.parametrize("values", [{}, {"source": "page", "purpose": "service", "basis": "because"}])
def test_an_unclear_statement_is_refused_on_the_page(
    signed_in: Client, customer: Customer, values: dict[str, Any]
) -> None:
    address = reverse("families:state-origin", args=[customer.pk, "contact", phone_of(customer).pk])

    assert signed_in.post(address, values).status_code == 422


@pytest.mark.parametrize(
    ("kind", "reference"), [("contact", "nonsense"), ("need", "nonsense"), ("field", "sex")]
)
def test_what_does_not_exist_is_not_found(
    signed_in: Client, customer: Customer, kind: str, reference: str
) -> None:
    values = {"source": "page", "purpose": "service", "basis": "consent"}

    answer = signed_in.post(reverse("families:state-origin", args=[customer.pk, kind, reference]), values)

    assert answer.status_code in {404, 422}


def test_a_new_contact_may_state_its_origin(signed_in: Client, customer: Customer) -> None:
    values = {"kind": "email", "value": "a@example.com", "source": "visit", "basis": "consent"}

    signed_in.post(reverse("customers:add-contact", args=[customer.pk]), values)

    origin = Origin.read(ContactPoint.objects.get(kind="email").origin)
    assert (origin.source, origin.basis) == ("visit", "consent")


def test_a_reader_sees_origins_but_states_none(client: Client, company: OrgUnit, customer: Customer) -> None:
    sign_in(client, make_member(company, SIGNED_IN, VIEW_CUSTOMER, REVEAL_CONTACT))

    page = client.get(reverse("families:origins", args=[customer.pk])).content.decode()

    assert "履行合同所必需" in page
    assert "<details>" not in page


def test_lists_take_the_same_queries_for_any_number(
    signed_in: Client, company: OrgUnit, actor: Actor, now: datetime
) -> None:
    addresses = [reverse("families:blocked")]
    state_contact_origin(phone_of(make_customer(company)), BLOCKED, actor=actor, now=now)
    one = make_customer(company, phones=("13900001111",))
    addresses.append(reverse("families:origins", args=[one.pk]))

    with_one = [count_queries(signed_in, address) for address in addresses]
    for number in range(2):
        state_contact_origin(phone_of(make_customer(company)), BLOCKED, actor=actor, now=now)
        add_contact_point(one, kind="phone", value=f"1390000222{number}", actor=actor, now=now)

    assert [count_queries(signed_in, address) for address in addresses] == with_one


@pytest.mark.requirement("S93")
def test_who_blocks_removes_what_is_blocked_for_good(
    client: Client, company: OrgUnit, customer: Customer, actor: Actor, now: datetime
) -> None:
    point = state_contact_origin(phone_of(customer), BLOCKED, actor=actor, now=now)
    for item in ("identity_number", "note"):
        state_field_origin(customer, item, BLOCKED, actor=actor, now=now)
    need = state_needs(customer, NeedValues(purpose="upgrade"), actor=actor, now=now)
    assert need
    state_need_origin(need, BLOCKED, actor=actor, now=now)
    sign_in(client, make_member(company, SIGNED_IN, VIEW_CUSTOMER, STATE_ORIGIN))
    page = client.get(reverse("families:origins", args=[customer.pk])).content.decode()
    references = [("contact", point.pk), ("field", "identity_number"), ("field", "note"), ("need", need.pk)]

    for kind, reference in references:
        address = reverse("families:remove-blocked", args=[customer.pk, kind, reference])
        assert address in page
        assert client.post(address).status_code == 303

    kept = Customer.objects.get(pk=customer.pk)
    assert (kept.note, kept.identity_number, kept.identity_index, kept.origins) == ("", "", None, {})
    assert blocked_items(actor) == []
    assert not ContactPoint.objects.exists()
    assert not NeedProfile.objects.exists()
    events = EventRecord.objects.filter(type="blocked.removed").order_by("position")
    assert [event.payload["item"] for event in events] == ["phone", "identity_number", "note", "need"]
    assert make_customer(company, identity_number=IDENTITY).identity_number == IDENTITY


def test_only_what_is_blocked_is_removed_and_only_by_that_right(
    client: Client, company: OrgUnit, customer: Customer, actor: Actor, now: datetime
) -> None:
    need = state_needs(customer, NeedValues(purpose="upgrade"), actor=actor, now=now)
    assert need
    point, stranger = phone_of(customer), make_actor(company, CHANGE_CUSTOMER)

    for reader, refusal in ((actor, NotBlocked), (stranger, NotAllowed)):
        with pytest.raises(refusal):
            remove_blocked_contact(point, actor=reader, now=now)
        with pytest.raises(refusal):
            remove_blocked_field(customer, "note", actor=reader, now=now)
        with pytest.raises(refusal):
            remove_blocked_need(need, actor=reader, now=now)
    sign_in(client, make_member(company, SIGNED_IN, VIEW_CUSTOMER, STATE_ORIGIN))
    answer = client.post(reverse("families:remove-blocked", args=[customer.pk, "field", "note"]))

    assert answer.status_code == 422
    assert "该信息未被封锁。" in answer.content.decode()


def test_a_contact_that_was_not_blocked_takes_the_place_of_the_removed_one(
    customer: Customer, actor: Actor, now: datetime
) -> None:
    other = add_contact_point(customer, kind="phone", value="13900001111", actor=actor, now=now)
    point = state_contact_origin(phones_of(customer)[0], BLOCKED, actor=actor, now=now)

    remove_blocked_contact(point, actor=actor, now=now)

    assert [(left.pk, left.is_primary) for left in phones_of(customer)] == [(other.pk, True)]
