"""Recording and changing customers, contacts, households and homes."""

from datetime import date, datetime, timedelta

import pytest

from hearth.core.actor import Actor
from hearth.core.errors import Conflict, NotAllowed
from hearth.core.models import EventRecord
from hearth.customers.contacts import InvalidIdentity, InvalidPhoneNumber
from hearth.customers.models import ContactPoint, Customer, Household, Reveal, UnitRole
from hearth.customers.permissions import CHANGE_CUSTOMER, REVEAL_CONTACT, VIEW_CONTACT, VIEW_CUSTOMER
from hearth.customers.selectors import present_contacts
from hearth.customers.services import (
    IdentityNumberKnown,
    LooksKnown,
    NameMissing,
    NewCustomer,
    NotInHousehold,
    ReasonMissing,
    RoleAlreadyEnded,
    RoleAlreadyHeld,
    RoleEndsBeforeItBegins,
    add_contact_point,
    assign_unit_role,
    create_customer,
    end_unit_role,
    form_household,
    join_household,
    leave_household,
    make_contact_point_preferred,
    make_known_at,
    note_contacts,
    remove_contact_point,
    reveal_contact_point,
    update_customer,
)
from hearth.customers.services.contact_points import ContactAlreadyKept
from hearth.customers.services.households import HouseholdNotVisible
from hearth.organization.models import OrgUnit
from tests.customers.builders import make_customer, make_home, make_household, make_unit_role
from tests.organization.builders import make_actor

pytestmark = pytest.mark.django_db
IDENTITY = "11010519491231002X"


def events_of(customer: Customer) -> list[str]:
    events = EventRecord.objects.filter(customer_id=customer.pk).order_by("position")
    return list(events.values_list("type", flat=True))


@pytest.mark.requirement("S63")
def test_a_new_customer_is_kept_with_sealed_contacts_found_by_index(
    company: OrgUnit, actor: Actor, now: datetime
) -> None:
    new = NewCustomer(
        name=" 欧阳 娜娜 ",
        phones=("138 0000 1234", "+8613800001234"),
        emails=("Nana@Example.com",),
        identity_number=IDENTITY,
        source="web",
    )

    customer = create_customer(new, org_unit=company, actor=actor, now=now)

    kept = Customer.objects.get(pk=customer.pk)
    phone = kept.contact_points.get(kind="phone")
    assert (kept.name, kept.pinyin.split()[0], kept.source) == ("欧阳 娜娜", "ou", "web")
    assert (kept.identity_number, kept.birth_date, kept.sex) == (IDENTITY, date(1949, 12, 31), "female")
    assert (phone.value, phone.is_primary) == ("+8613800001234", True)
    assert b"13800001234" not in bytes(phone.value_sealed)
    assert kept.contact_points.get(kind="email").value == "nana@example.com"
    assert events_of(kept) == ["customer.created"]


@pytest.mark.requirement("S92")
def test_the_source_of_a_customer_is_kept_and_told_by_the_event(company: OrgUnit) -> None:
    customer = make_customer(company, source="referral")

    event = EventRecord.objects.get(customer_id=customer.pk, type="customer.created")
    assert event.payload == {"kind": "person", "source": "referral"}


def test_events_hold_no_personal_data(company: OrgUnit, actor: Actor, now: datetime) -> None:
    customer = make_customer(company, name="张三丰", phone="13800001234")

    update_customer(customer, actor=actor, now=now, name="张君宝", note="喜欢太极")

    payload = EventRecord.objects.get(customer_id=customer.pk, type="customer.changed").payload
    assert payload == {"fields": ["name", "note"]}


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        ({"name": "  "}, NameMissing),
        ({"name": "张三", "phones": ("12345",)}, InvalidPhoneNumber),
        ({"name": "张三", "identity_number": "110105194912310021"}, InvalidIdentity),
    ],
)
def test_an_invalid_customer_is_refused(
    company: OrgUnit, actor: Actor, now: datetime, values: dict[str, object], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        create_customer(NewCustomer(**values), org_unit=company, actor=actor, now=now)  # type: ignore[arg-type]

    assert Customer.objects.count() == 0


def test_an_identity_number_belongs_to_one_customer(company: OrgUnit, actor: Actor, now: datetime) -> None:
    make_customer(company, identity_number=IDENTITY)
    other = make_customer(company)

    with pytest.raises(IdentityNumberKnown):
        update_customer(other, actor=actor, now=now, identity_number=IDENTITY)
    with pytest.raises(IdentityNumberKnown):
        make_customer(company, identity_number=IDENTITY)


def test_a_customer_is_recorded_only_where_the_actor_may(
    company: OrgUnit, neighbour: OrgUnit, now: datetime
) -> None:
    clerk = make_actor(company, VIEW_CUSTOMER, CHANGE_CUSTOMER)

    with pytest.raises(NotAllowed):
        create_customer(NewCustomer(name="张三"), org_unit=neighbour, actor=clerk, now=now)
    create_customer(NewCustomer(name="张三"), org_unit=company, actor=clerk, now=now)

    assert Customer.objects.visible_to(clerk).count() == 1


@pytest.mark.requirement("S140")
def test_a_customer_who_looks_known_is_recorded_only_after_a_second_look(
    company: OrgUnit, actor: Actor, now: datetime
) -> None:
    known = make_customer(company, name="张三", phone="13800001234")
    new = NewCustomer(name="张三", phones=("138-0000-1234",))

    with pytest.raises(LooksKnown) as refused:
        create_customer(new, org_unit=company, actor=actor, now=now)
    create_customer(new, org_unit=company, actor=actor, now=now, accepts_duplicates=True)

    assert [candidate.customer for candidate in refused.value.candidates] == [known]
    assert Customer.objects.count() == 2


def test_a_change_made_meanwhile_is_not_overwritten(company: OrgUnit, actor: Actor, now: datetime) -> None:
    customer = make_customer(company)
    update_customer(customer, actor=actor, now=now + timedelta(minutes=1), note="one")

    with pytest.raises(Conflict):
        update_customer(customer, actor=actor, now=now, unchanged_since=customer.updated_at, note="two")


def test_nothing_is_written_when_nothing_changes(company: OrgUnit, actor: Actor, now: datetime) -> None:
    customer = make_customer(company, name="张三")

    update_customer(customer, actor=actor, now=now, name="张三")

    assert events_of(customer) == ["customer.created"]


def test_a_stranger_changes_nothing(company: OrgUnit, neighbour: OrgUnit, now: datetime) -> None:
    stranger = make_actor(neighbour, VIEW_CUSTOMER, CHANGE_CUSTOMER, REVEAL_CONTACT)
    customer = make_customer(company)
    point = customer.contact_points.get()
    unit = make_home(company)

    with pytest.raises(NotAllowed):
        update_customer(customer, actor=stranger, now=now, name="x")
    with pytest.raises(NotAllowed):
        add_contact_point(customer, kind="email", value="a@b.example", actor=stranger, now=now)
    with pytest.raises(NotAllowed):
        remove_contact_point(point, actor=stranger, now=now)
    with pytest.raises(NotAllowed):
        form_household([customer], actor=stranger, now=now)
    with pytest.raises(NotAllowed):
        assign_unit_role(customer, unit, role="owner", actor=stranger, now=now)
    with pytest.raises(NotAllowed):
        make_known_at(customer, company, actor=stranger, now=now)
    with pytest.raises(NotAllowed):
        reveal_contact_point(point, reason="call back", actor=stranger, now=now)


@pytest.mark.requirement("S49")
def test_the_first_contact_of_a_kind_is_preferred_until_another_is(
    company: OrgUnit, actor: Actor, now: datetime
) -> None:
    customer = make_customer(company, phones=())

    first = add_contact_point(customer, kind="phone", value="13800001111", actor=actor, now=now)
    second = add_contact_point(customer, kind="phone", value="021-66668888", actor=actor, now=now)
    make_contact_point_preferred(second, actor=actor, now=now)

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.is_primary, second.is_primary) == (False, True)
    assert events_of(customer)[1:3] == ["contact_point.added", "contact_point.added"]


def test_a_contact_is_kept_once(company: OrgUnit, actor: Actor, now: datetime) -> None:
    customer = make_customer(company, phone="13800001234")

    with pytest.raises(ContactAlreadyKept):
        add_contact_point(customer, kind="phone", value="+86 138 0000 1234", actor=actor, now=now)


def test_a_removed_contact_is_gone_and_the_next_one_preferred(
    company: OrgUnit, actor: Actor, now: datetime
) -> None:
    customer = make_customer(company, phones=("13800001111", "13800002222"))

    remove_contact_point(customer.contact_points.get(is_primary=True), actor=actor, now=now)

    left = ContactPoint.objects.get(customer=customer)
    assert (left.value, left.is_primary) == ("+8613800002222", True)


@pytest.mark.requirement("S60")
def test_a_masked_value_is_uncovered_with_a_reason_that_is_kept(company: OrgUnit, now: datetime) -> None:
    clerk = make_actor(company, VIEW_CUSTOMER, REVEAL_CONTACT)
    customer = make_customer(company, phone="13800001234")
    point = customer.contact_points.get()

    shown = reveal_contact_point(point, reason="agreed call back", actor=clerk, now=now)

    reveal = Reveal.objects.get()
    event = EventRecord.objects.get(type="contact.revealed")
    assert shown == "13800001234"
    assert (reveal.reason, reveal.user_id, reveal.field) == ("agreed call back", clerk.user_id, "phone")
    assert (event.subject_id, event.payload) == (reveal.pk, {"field": "phone"})


def test_a_value_is_not_uncovered_without_a_reason_or_a_right(company: OrgUnit, now: datetime) -> None:
    clerk = make_actor(company, VIEW_CUSTOMER, REVEAL_CONTACT)
    point = make_customer(company).contact_points.get()

    with pytest.raises(ReasonMissing):
        reveal_contact_point(point, reason=" ", actor=clerk, now=now)
    with pytest.raises(NotAllowed):
        reveal_contact_point(point, reason="curious", actor=make_actor(company, VIEW_CUSTOMER), now=now)

    assert Reveal.objects.count() == 0


@pytest.mark.requirement("S60")
def test_contacts_come_masked_unless_the_reader_may_see_them(company: OrgUnit, neighbour: OrgUnit) -> None:
    customer = make_customer(
        company, phone="13800001234", emails=("zhang@example.com",), addresses=("深圳市福田区深南大道1号",)
    )
    reader, full = make_actor(company, VIEW_CUSTOMER), make_actor(company, VIEW_CUSTOMER, VIEW_CONTACT)
    elsewhere = make_actor(neighbour, VIEW_CUSTOMER, VIEW_CONTACT)

    masked = [contact.text for contact in present_contacts([customer], reader)[customer.pk]]
    shown = [contact.text for contact in present_contacts([customer], full)[customer.pk]]

    assert masked == ["138****1234", "z***@example.com", "深圳市福田区****"]
    assert shown == ["13800001234", "zhang@example.com", "深圳市福田区深南大道1号"]
    assert [each.text for each in present_contacts([customer], elsewhere)[customer.pk]] == masked


def test_a_household_forms_grows_and_ends(company: OrgUnit, actor: Actor, now: datetime) -> None:
    husband, wife, child = (make_customer(company, name=name) for name in ("王一", "李二", "王三"))

    household = form_household([husband, wife], actor=actor, now=now)
    join_household(child, household, actor=actor, now=now, role="child")
    names = list(household.members.order_by("name").values_list("name", flat=True))
    for member in (husband, wife, child):
        leave_household(member, actor=actor, now=now)

    assert names == ["李二", "王一", "王三"]
    assert Household.objects.count() == 0
    assert events_of(child) == ["customer.created", "household.changed", "household.changed"]


def test_nobody_leaves_a_household_they_are_not_in(company: OrgUnit, actor: Actor, now: datetime) -> None:
    with pytest.raises(NotInHousehold):
        leave_household(make_customer(company), actor=actor, now=now)


def test_a_household_of_another_company_is_not_joined(
    company: OrgUnit, neighbour: OrgUnit, now: datetime
) -> None:
    household = make_household(make_customer(neighbour))
    clerk = make_actor(company, VIEW_CUSTOMER, CHANGE_CUSTOMER)

    with pytest.raises(HouseholdNotVisible):
        join_household(make_customer(company), household, actor=clerk, now=now)


@pytest.mark.requirement("S48")
def test_a_role_on_a_home_begins_and_ends_and_makes_the_customer_known_there(
    company: OrgUnit, neighbour: OrgUnit, actor: Actor, now: datetime
) -> None:
    customer, unit = make_customer(company), make_home(neighbour)
    reader = make_actor(neighbour, VIEW_CUSTOMER)

    role = assign_unit_role(customer, unit, role="owner", valid_from=date(2026, 1, 1), actor=actor, now=now)
    end_unit_role(role, last_day=date(2026, 3, 1), actor=actor, now=now)

    assert list(Customer.objects.visible_to(reader)) == [customer]
    assert UnitRole.objects.current(date(2026, 2, 28)).count() == 1
    assert UnitRole.objects.current(date(2026, 3, 1)).count() == 0
    assert events_of(customer)[-3:] == ["customer.changed", "unit_role.started", "unit_role.ended"]


def test_a_role_is_held_once_and_ends_once_after_its_beginning(
    company: OrgUnit, actor: Actor, now: datetime
) -> None:
    customer, unit = make_customer(company), make_home(company)
    role = make_unit_role(customer, unit, valid_from=date(2026, 2, 1))

    with pytest.raises(RoleAlreadyHeld):
        assign_unit_role(customer, unit, role="owner", actor=actor, now=now)
    with pytest.raises(RoleEndsBeforeItBegins):
        end_unit_role(role, last_day=date(2026, 1, 1), actor=actor, now=now)
    end_unit_role(role, last_day=date(2026, 3, 1), actor=actor, now=now)
    with pytest.raises(RoleAlreadyEnded):
        end_unit_role(role, last_day=date(2026, 3, 1), actor=actor, now=now)


@pytest.mark.requirement("S133")
def test_two_companies_share_one_record(
    company: OrgUnit, neighbour: OrgUnit, actor: Actor, now: datetime
) -> None:
    customer = make_customer(company)

    is_new = make_known_at(customer, neighbour, actor=actor, now=now)
    is_new_again = make_known_at(customer, neighbour, actor=actor, now=now)

    seen = [
        list(Customer.objects.visible_to(make_actor(place, VIEW_CUSTOMER))) for place in (company, neighbour)
    ]
    assert (is_new, is_new_again) == (True, False)
    assert seen == [[customer], [customer]]


def test_the_newest_contact_is_kept(company: OrgUnit, now: datetime) -> None:
    customer = make_customer(company)

    note_contacts([customer.pk], at=now)
    older = note_contacts([customer.pk], at=now - timedelta(days=1))

    customer.refresh_from_db()
    assert (customer.last_contact_at, older) == (now, 0)
