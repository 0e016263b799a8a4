"""Two records become one, with everything that belongs to them."""

from datetime import date, datetime, timedelta

import pytest

from hearth.core.actor import Actor
from hearth.core.errors import NotAllowed
from hearth.core.models import EventRecord
from hearth.customers.models import ContactPoint, Customer, CustomerMerge, CustomerPlace, UnitRole
from hearth.customers.origins import Origin
from hearth.customers.permissions import CHANGE_CUSTOMER, MERGE_CUSTOMER, VIEW_CUSTOMER
from hearth.customers.services import (
    AlreadyMerged,
    MergeGroup,
    NothingToMerge,
    SampleAndReal,
    TwoIdentityNumbers,
    UnknownChoice,
    merge_customers,
    merge_groups,
    state_field_origin,
    undo_merge,
    update_customer,
)
from hearth.organization.models import OrgUnit
from tests.customers.builders import make_customer, make_home, make_household, make_unit_role
from tests.organization.builders import make_actor

pytestmark = pytest.mark.django_db

ONE_NUMBER, OTHER_NUMBER = "11010519491231002X", "440524188001010014"
SYSTEM = Actor.system("test")


def merge(survivor: Customer, *absorbed: Customer, at: datetime, **values: Customer) -> CustomerMerge:
    chosen = {field: row.pk for field, row in values.items()}
    return merge_customers(survivor, absorbed, values=chosen, actor=SYSTEM, now=at)


def phones_of(customer: Customer) -> list[tuple[str, bool]]:
    points = ContactPoint.objects.filter(customer=customer, kind="phone").order_by("id")
    return [(point.value, point.is_primary) for point in points]


@pytest.mark.requirement("S133")
def test_the_absorbed_record_points_at_the_survivor_and_is_seen_by_nobody(
    company: OrgUnit, now: datetime
) -> None:
    survivor, absorbed = make_customer(company, name="王建国"), make_customer(company, name="王建國")

    merge(survivor, absorbed, at=now)

    absorbed.refresh_from_db()
    assert absorbed.merged_into == survivor
    assert list(Customer.objects.visible_to(SYSTEM)) == [survivor]
    assert list(Customer.objects.visible_to(make_actor(company, VIEW_CUSTOMER))) == [survivor]


def test_the_survivor_keeps_its_values_and_takes_what_it_lacks(company: OrgUnit, now: datetime) -> None:
    survivor = make_customer(company, name="王建国", note="周末来访", at=now)
    earlier = now - timedelta(days=90)
    absorbed = make_customer(
        company, name="王建國", occupation="教师", birth_date=date(1980, 2, 3), note="怕吵", at=earlier
    )

    merge(survivor, absorbed, at=now)

    survivor.refresh_from_db()
    assert (survivor.name, survivor.occupation, survivor.birth_date) == ("王建国", "教师", date(1980, 2, 3))
    assert survivor.note == "周末来访\n怕吵"
    assert survivor.created_at == earlier


def test_a_person_chooses_whose_value_is_kept(company: OrgUnit, now: datetime) -> None:
    survivor = make_customer(company, name="王建国", note="甲")
    absorbed = make_customer(company, name="欧阳建国", note="乙")
    household = make_household(absorbed, name="欧阳家")

    merge(survivor, absorbed, at=now, name=absorbed, note=absorbed)

    survivor.refresh_from_db()
    assert (survivor.name, survivor.note, survivor.household) == ("欧阳建国", "乙", household)
    assert Customer.objects.visible_to(SYSTEM).filter(name_tokens__matches=["欧阳"]).get() == survivor


def test_a_choice_must_name_a_field_and_one_of_the_records(company: OrgUnit, now: datetime) -> None:
    survivor, absorbed, stranger = (make_customer(company) for _number in range(3))

    with pytest.raises(UnknownChoice):
        merge(survivor, absorbed, at=now, name=stranger)
    with pytest.raises(UnknownChoice):
        merge(survivor, absorbed, at=now, number=absorbed)


def test_phones_come_together_and_one_is_preferred(company: OrgUnit, now: datetime) -> None:
    survivor = make_customer(company, phones=("13900001111", "13900002222"))
    absorbed = make_customer(company, phones=("13900003333", "13900001111"))

    made = merge(survivor, absorbed, at=now)

    assert phones_of(survivor) == [
        ("+8613900001111", True),
        ("+8613900002222", False),
        ("+8613900003333", False),
    ]
    assert phones_of(absorbed) == [("+8613900001111", False)]
    assert made.outcome["stayed"] == {
        "customers.CustomerPlace.customer": 1,
        "customers.ContactPoint.customer": 1,
    }


def test_the_survivor_is_known_wherever_one_of_the_two_was(
    company: OrgUnit, neighbour: OrgUnit, now: datetime
) -> None:
    survivor, absorbed = make_customer(company), make_customer(neighbour)

    merge(survivor, absorbed, at=now)

    places = CustomerPlace.objects.filter(customer=survivor)
    assert set(places.values_list("org_unit_id", flat=True)) == {company.pk, neighbour.pk}


def test_a_role_both_had_is_held_once(company: OrgUnit, now: datetime) -> None:
    survivor, absorbed, home = make_customer(company), make_customer(company), make_home(company)
    kept = make_unit_role(survivor, home, valid_from=date(2024, 5, 1))
    stayed = make_unit_role(absorbed, home, valid_from=date(2022, 5, 1))

    merge(survivor, absorbed, at=now)

    assert list(UnitRole.objects.filter(customer=survivor)) == [kept]
    assert list(UnitRole.objects.filter(customer=absorbed)) == [stayed]


def test_an_identity_number_comes_along(company: OrgUnit, now: datetime) -> None:
    survivor, absorbed = make_customer(company), make_customer(company, identity_number=ONE_NUMBER)

    merge(survivor, absorbed, at=now)

    survivor.refresh_from_db()
    assert survivor.identity_number == ONE_NUMBER


def block(customer: Customer, item: str, now: datetime) -> None:
    state_field_origin(customer, item, Origin(source="page", basis="none"), actor=SYSTEM, now=now)


def test_a_blocked_note_is_joined_with_no_other(company: OrgUnit, now: datetime) -> None:
    survivor, absorbed = make_customer(company, note="喜欢高层"), make_customer(company, note="家里有病人")
    block(absorbed, "note", now)

    merge(survivor, absorbed, at=now)

    kept = Customer.objects.get(pk=survivor.pk)
    assert (kept.note, kept.usable_note) == ("喜欢高层", "喜欢高层")


def test_a_blocked_note_gives_way_to_one_that_may_be_used_and_comes_back_blocked(
    company: OrgUnit, now: datetime
) -> None:
    survivor, absorbed = make_customer(company, note="家里有病人"), make_customer(company, note="喜欢高层")
    block(survivor, "note", now)

    made = merge(survivor, absorbed, at=now)
    merged = Customer.objects.get(pk=survivor.pk)
    undo_merge(made, actor=SYSTEM, now=now)
    parted = Customer.objects.get(pk=survivor.pk)

    assert (merged.note, merged.usable_note) == ("喜欢高层", "喜欢高层")
    assert (parted.note, parted.usable_note) == ("家里有病人", "")


def test_a_merge_does_not_lift_a_block(company: OrgUnit, now: datetime) -> None:
    survivor, same = make_customer(company, note="家里有病人"), make_customer(company)
    absorbed = make_customer(company, note="家里有病人", identity_number=ONE_NUMBER)
    block(absorbed, "note", now)
    block(absorbed, "identity_number", now)

    merge(survivor, same, absorbed, at=now, note=survivor)

    kept = Customer.objects.get(pk=survivor.pk)
    assert (kept.note, kept.usable_note, kept.identity_number) == ("家里有病人", "", ONE_NUMBER)
    assert kept.is_blocked("identity_number")


def test_two_identity_numbers_never_end_in_one_record(company: OrgUnit, now: datetime) -> None:
    survivor = make_customer(company, identity_number=ONE_NUMBER)
    absorbed = make_customer(company, identity_number=OTHER_NUMBER)

    with pytest.raises(TwoIdentityNumbers):
        merge(survivor, absorbed, at=now)


def test_two_identity_numbers_do_not_meet_through_a_third_record(company: OrgUnit, now: datetime) -> None:
    between, numbered = make_customer(company), make_customer(company, identity_number=ONE_NUMBER)
    other = make_customer(company, identity_number=OTHER_NUMBER)
    merge(between, numbered, at=now)
    between.refresh_from_db()
    update_customer(between, actor=SYSTEM, now=now, identity_number="")

    with pytest.raises(TwoIdentityNumbers):
        merge(other, between, at=now)


def test_a_chain_leads_to_the_last_survivor_in_one_step(company: OrgUnit, now: datetime) -> None:
    first, second, third = (make_customer(company) for _number in range(3))
    merge(second, first, at=now)

    merge(third, second, at=now)

    assert set(Customer.objects.filter(merged_into=third)) == {first, second}


def test_a_record_is_merged_once(company: OrgUnit, now: datetime) -> None:
    survivor, absorbed, other = (make_customer(company) for _number in range(3))
    merge(survivor, absorbed, at=now)

    with pytest.raises(AlreadyMerged):
        merge(other, absorbed, at=now)


def test_a_record_is_not_merged_with_itself(company: OrgUnit, now: datetime) -> None:
    customer = make_customer(company)

    with pytest.raises(NothingToMerge):
        merge(customer, customer, at=now)


def test_a_record_of_the_demo_is_not_merged_with_a_real_one(company: OrgUnit, now: datetime) -> None:
    with pytest.raises(SampleAndReal):
        merge(make_customer(company), make_customer(company, is_sample=True), at=now)


def test_who_may_not_see_one_of_the_two_may_not_merge_them(
    company: OrgUnit, neighbour: OrgUnit, now: datetime
) -> None:
    here, there = make_customer(company), make_customer(neighbour)
    clerk = make_actor(company, VIEW_CUSTOMER, MERGE_CUSTOMER)

    with pytest.raises(NotAllowed):
        merge_customers(here, [there], actor=clerk, now=now)


def test_who_may_change_customers_may_not_therefore_merge_them(company: OrgUnit, now: datetime) -> None:
    clerk = make_actor(company, VIEW_CUSTOMER, CHANGE_CUSTOMER)

    with pytest.raises(NotAllowed):
        merge_customers(make_customer(company), [make_customer(company)], actor=clerk, now=now)


def test_the_act_is_one_event_that_names_ids_only(company: OrgUnit, now: datetime) -> None:
    survivor, absorbed = make_customer(company), make_customer(company)

    made = merge(survivor, absorbed, at=now)

    event = EventRecord.objects.get(type="customer.merged")
    assert (event.customer_id, event.subject_id) == (survivor.pk, made.pk)
    assert event.payload == {"absorbed_ids": [str(absorbed.pk)]}


def test_groups_are_merged_apart_from_those_that_are_refused(company: OrgUnit, now: datetime) -> None:
    one, two, three, four = (make_customer(company) for _number in range(4))
    numbered = [make_customer(company, identity_number=number) for number in (ONE_NUMBER, OTHER_NUMBER)]
    groups = [
        MergeGroup(one.pk, [two.pk, three.pk]),
        MergeGroup(numbered[0].pk, [numbered[1].pk]),
        MergeGroup(four.pk, [two.pk]),
    ]

    results = merge_groups(groups, actor=SYSTEM, now=now)

    assert [type(result.refusal) for result in results] == [type(None), TwoIdentityNumbers, AlreadyMerged]
    assert set(Customer.objects.filter(merged_into=one)) == {two, three}
