"""A merge is undone days later, with what came since where it belongs."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection

from hearth.channels.models import Interaction
from hearth.core.actor import Actor
from hearth.core.errors import Conflict, NotAllowed
from hearth.core.models import EventRecord
from hearth.customers.models import ContactPoint, Customer, CustomerMerge, UnitRole, UnitRoleVersion
from hearth.customers.permissions import MERGE_CUSTOMER, VIEW_CUSTOMER
from hearth.customers.services import (
    IdentityNumberTaken,
    LaterMergeStands,
    MergeAlreadyUndone,
    add_contact_point,
    end_unit_role,
    make_contact_point_preferred,
    merge_customers,
    remove_contact_point,
    undo_merge,
    update_customer,
)
from hearth.customers.services.strays import gather_strays
from hearth.organization.models import OrgUnit
from hearth.sales.services import receive_payment
from tests.customers.builders import make_customer, make_home, make_unit_role
from tests.organization.builders import make_actor
from tests.sales.builders import make_contract

pytestmark = pytest.mark.django_db

NUMBER = "11010519491231002X"
SYSTEM = Actor.system("test")
LATER = timedelta(days=12)


def merge(survivor: Customer, *absorbed: Customer, at: datetime) -> CustomerMerge:
    return merge_customers(survivor, absorbed, actor=SYSTEM, now=at)


def phones_of(customer: Customer) -> list[tuple[str, bool]]:
    points = ContactPoint.objects.filter(customer=customer, kind="phone").order_by("id")
    return [(point.value[-4:], point.is_primary) for point in points]


def note(customer: Customer, company: OrgUnit, now: datetime) -> Interaction:
    return Interaction.objects.create(
        org_unit=company,
        customer=customer,
        channel="note",
        direction="internal",
        summary="备注",
        occurred_at=now,
        created_at=now,
        updated_at=now,
    )


@pytest.mark.requirement("S133")
def test_both_records_stand_as_before(company: OrgUnit, now: datetime) -> None:
    survivor = make_customer(company, name="王建国", phone="13900001111")
    absorbed = make_customer(company, name="王建國", phone="13900002222", identity_number=NUMBER)
    made = merge(survivor, absorbed, at=now)

    undo_merge(made, actor=SYSTEM, now=now + LATER)

    survivor.refresh_from_db()
    absorbed.refresh_from_db()
    assert (survivor.identity_number, absorbed.identity_number) == ("", NUMBER)
    assert (phones_of(survivor), phones_of(absorbed)) == ([("1111", True)], [("2222", True)])
    assert Customer.objects.visible_to(make_actor(company, VIEW_CUSTOMER)).count() == 2


def test_a_payment_since_goes_back_with_its_contract(company: OrgUnit, now: datetime) -> None:
    survivor, absorbed = make_customer(company), make_customer(company)
    contract = make_contract(make_home(company), absorbed)
    made = merge(survivor, absorbed, at=now)
    payment = receive_payment(
        contract,
        actor=SYSTEM,
        receipt_number="R1",
        paid_date=date(2026, 3, 1),
        amount=Decimal(500),
        now=now,
    )

    undone = undo_merge(made, actor=SYSTEM, now=now + LATER)

    payment.refresh_from_db()
    assert payment.customer == absorbed
    assert undone.outcome["followed"] == {str(absorbed.pk): {"sales.Payment.customer": 1}}
    assert undone.outcome["returned"][str(absorbed.pk)]["sales.Contract.customer"] == 1


def test_what_hangs_on_nothing_stays_with_the_survivor(company: OrgUnit, now: datetime) -> None:
    survivor, absorbed = make_customer(company), make_customer(company)
    made = merge(survivor, absorbed, at=now)
    written = note(survivor, company, now)

    undo_merge(made, actor=SYSTEM, now=now + LATER)

    written.refresh_from_db()
    assert written.customer == survivor


def test_a_value_changed_since_stays_changed(company: OrgUnit, now: datetime) -> None:
    survivor = make_customer(company, name="王建国")
    absorbed = make_customer(company, name="王建國", occupation="教师", note="怕吵")
    made = merge(survivor, absorbed, at=now)
    update_customer(survivor, actor=SYSTEM, now=now + timedelta(days=1), occupation="校长")

    undone = undo_merge(made, actor=SYSTEM, now=now + LATER)

    survivor.refresh_from_db()
    assert (survivor.occupation, survivor.note) == ("校长", "")
    assert survivor.updated_at == now + LATER
    assert undone.outcome["kept_values"] == ["occupation"]


def test_a_contact_removed_since_does_not_come_back(company: OrgUnit, now: datetime) -> None:
    survivor = make_customer(company, phone="13900001111")
    absorbed = make_customer(company, phones=("13900002222", "13900003333"))
    made = merge(survivor, absorbed, at=now)
    remove_contact_point(
        ContactPoint.objects.filter(customer=survivor).order_by("id")[1], actor=SYSTEM, now=now
    )

    undo_merge(made, actor=SYSTEM, now=now + LATER)

    assert (phones_of(survivor), phones_of(absorbed)) == ([("1111", True)], [("3333", True)])


def test_each_record_prefers_one_of_its_phones_also_when_another_was_preferred_since(
    company: OrgUnit, now: datetime
) -> None:
    survivor = make_customer(company, phone="13900001111")
    absorbed = make_customer(company, phone="13900002222")
    made = merge(survivor, absorbed, at=now)
    second = ContactPoint.objects.filter(customer=survivor).order_by("id")[1]
    make_contact_point_preferred(second, actor=SYSTEM, now=now)

    undo_merge(made, actor=SYSTEM, now=now + LATER)

    assert (phones_of(survivor), phones_of(absorbed)) == ([("1111", True)], [("2222", True)])


def test_what_was_thought_of_a_role_goes_back_with_it(company: OrgUnit, now: datetime) -> None:
    survivor, absorbed, home = make_customer(company), make_customer(company), make_home(company)
    role = make_unit_role(absorbed, home, valid_from=date(2022, 5, 1))
    made = merge(survivor, absorbed, at=now)
    end_unit_role(role, last_day=date(2026, 3, 1), actor=SYSTEM, now=now + timedelta(days=1))

    undo_merge(made, actor=SYSTEM, now=now + LATER)

    assert list(UnitRole.objects.values_list("customer", flat=True)) == [absorbed.pk]
    assert list(UnitRoleVersion.objects.values_list("customer", flat=True)) == [absorbed.pk]


def test_merges_are_undone_in_the_reverse_order(company: OrgUnit, now: datetime) -> None:
    first, second, third = (make_customer(company) for _number in range(3))
    earlier = merge(second, first, at=now)
    later = merge(third, second, at=now + timedelta(days=1))

    with pytest.raises(LaterMergeStands, match="2026-03-19"):
        undo_merge(earlier, actor=SYSTEM, now=now + LATER)
    undo_merge(later, actor=SYSTEM, now=now + LATER)
    undo_merge(earlier, actor=SYSTEM, now=now + LATER)

    assert not Customer.objects.filter(merged_into__isnull=False).exists()


def test_a_second_merge_into_the_survivor_is_undone_before_the_first(company: OrgUnit, now: datetime) -> None:
    survivor, first, second = (make_customer(company) for _number in range(3))
    earlier = merge(survivor, first, at=now)
    merge(survivor, second, at=now)

    with pytest.raises(LaterMergeStands):
        undo_merge(earlier, actor=SYSTEM, now=now + LATER)


def test_a_merge_is_undone_once(company: OrgUnit, now: datetime) -> None:
    made = merge(make_customer(company), make_customer(company), at=now)
    undo_merge(made, actor=SYSTEM, now=now)

    with pytest.raises(MergeAlreadyUndone):
        undo_merge(made, actor=SYSTEM, now=now)


def test_a_number_that_belongs_to_somebody_else_by_now_is_not_taken_back(
    company: OrgUnit, now: datetime
) -> None:
    survivor, absorbed = make_customer(company), make_customer(company, identity_number=NUMBER)
    made = merge(survivor, absorbed, at=now)
    survivor.refresh_from_db()
    update_customer(survivor, actor=SYSTEM, now=now, identity_number="")
    holder = make_customer(company, identity_number=NUMBER)

    with pytest.raises(IdentityNumberTaken, match=f"#{holder.number}"):
        undo_merge(made, actor=SYSTEM, now=now + LATER)


def test_who_may_not_merge_at_a_place_of_each_may_not_part_them(
    company: OrgUnit, neighbour: OrgUnit, now: datetime
) -> None:
    made = merge(make_customer(company), make_customer(neighbour), at=now)
    clerk = make_actor(company, VIEW_CUSTOMER, MERGE_CUSTOMER)

    with pytest.raises(NotAllowed):
        undo_merge(made, actor=clerk, now=now)


def test_each_record_is_told_in_the_stream(company: OrgUnit, now: datetime) -> None:
    survivor, absorbed = make_customer(company), make_customer(company)
    made = merge(survivor, absorbed, at=now)

    undo_merge(made, actor=SYSTEM, now=now)

    told = (
        EventRecord.objects.filter(subject_id=made.pk).order_by("position").values_list("type", "customer_id")
    )
    assert list(told) == [
        ("customer.merged", survivor.pk),
        ("customer.merge_undone", survivor.pk),
        ("customer.restored", absorbed.pk),
    ]


def test_what_a_merge_remembers_is_sealed_and_forgotten_when_it_is_undone(
    company: OrgUnit, now: datetime
) -> None:
    made = merge(make_customer(company, name="王建国"), make_customer(company, note="怕吵"), at=now)
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(kept)::text FROM customers_customermerge AS kept")
        [(kept,)] = cursor.fetchall()

    undone = undo_merge(made, actor=SYSTEM, now=now)

    assert "怕吵" not in kept
    assert "怕吵" in made.memory
    assert undone.memory == ""


def test_a_merged_record_is_changed_no_more(company: OrgUnit, now: datetime) -> None:
    survivor, absorbed = make_customer(company), make_customer(company)
    merge(survivor, absorbed, at=now)

    with pytest.raises(Conflict):
        update_customer(absorbed, actor=SYSTEM, now=now, note="晚了")
    with pytest.raises(Conflict):
        add_contact_point(absorbed, kind="phone", value="13900009999", actor=SYSTEM, now=now)


def test_a_row_written_in_the_moment_of_the_merge_follows_and_is_given_back(
    company: OrgUnit, now: datetime
) -> None:
    survivor, absorbed = make_customer(company), make_customer(company)
    made = merge(survivor, absorbed, at=now)
    stray = note(absorbed, company, now)

    gathered, again = gather_strays(now=now), gather_strays(now=now)

    stray.refresh_from_db()
    assert (gathered, again, stray.customer) == (1, 0, survivor)
    undo_merge(made, actor=SYSTEM, now=now)
    stray.refresh_from_db()
    assert stray.customer == absorbed


def test_a_row_that_stayed_by_a_rule_is_no_stray(company: OrgUnit, now: datetime) -> None:
    survivor = make_customer(company, phones=("13900001111", "13900002222"))
    absorbed = make_customer(company, phone="13900002222")
    merge(survivor, absorbed, at=now)
    remove_contact_point(
        ContactPoint.objects.filter(customer=survivor).order_by("id")[1], actor=SYSTEM, now=now
    )

    gathered = gather_strays(now=now)

    assert (gathered, phones_of(survivor)) == (0, [("1111", True)])


def test_what_was_taken_away_after_an_older_merge_does_not_come_back(company: OrgUnit, now: datetime) -> None:
    survivor = make_customer(company, phones=("13900001111", "13900002222"))
    absorbed = make_customer(company, phone="13900002222")
    merge(survivor, absorbed, at=now - LATER)
    remove_contact_point(
        ContactPoint.objects.filter(customer=survivor).order_by("id")[1], actor=SYSTEM, now=now
    )
    merge(survivor, make_customer(company), at=now)

    gathered = gather_strays(now=now)

    assert gathered == 0
    assert "2222" not in dict(phones_of(survivor))
