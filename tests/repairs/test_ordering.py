"""Repair orders: made from cases, with the warranty of the day, linked to what was repaired before."""

from datetime import date, timedelta

import pytest

from hearth.cases.services import CaseIsClosed, answer_case, close_case
from hearth.core.errors import DomainError, NotAllowed
from hearth.core.models import EventRecord
from hearth.organization.models import OrgUnit
from hearth.organization.services import set_setting
from hearth.properties.models import Unit
from hearth.repairs.home_parts import WARRANTY_RULES
from hearth.repairs.models import RepairOrder, RepairSlot
from hearth.repairs.policy import REPEAT_DAYS
from hearth.repairs.services import NewRepair, cancel_repair, order_repair
from hearth.repairs.services.ordering import (
    FaultMissing,
    HomeOfAnother,
    NoRepairCase,
    OrderedBefore,
    ReasonForCancelling,
    TooLateForThat,
)
from tests.cases.builders import cause_of, make_case
from tests.customers.builders import make_customer
from tests.organization.builders import make_actor
from tests.properties.builders import make_entrance
from tests.repairs.builders import (
    LATER,
    NOW,
    SYSTEM,
    make_booked,
    make_delivered,
    make_order,
    make_repair_case,
    make_repaired,
    make_visit,
)

pytestmark = pytest.mark.django_db


def test_an_order_keeps_the_warranty_of_the_day_on_which_the_customer_asked(company: OrgUnit) -> None:
    home = make_delivered(company, accepted=date(2021, 3, 10))
    asked = NOW.replace(month=3, day=9)

    case = make_repair_case(company, home, opened_at=asked)
    row = order_repair(case, NewRepair(home, "roof", "屋面渗漏"), actor=SYSTEM, now=NOW)
    set_setting(WARRANTY_RULES.key, value=[], actor=SYSTEM, now=NOW, org_unit=company)
    row.refresh_from_db()

    assert (row.is_in_warranty, row.warranty_until_date) == (True, date(2027, 6, 28))
    assert row.warranty_source == "seller"
    assert row.number > 0


def test_a_part_whose_warranty_is_over_is_ordered_all_the_same(company: OrgUnit) -> None:
    row = make_order(company, part="blocked_pipe")

    assert (row.is_in_warranty, row.warranty_until_date) == (False, date(2024, 8, 28))


def test_before_handover_the_builder_repairs_what_the_buyer_would_find(company: OrgUnit) -> None:
    row = make_order(company, unit=make_delivered(company, handed_over=None))

    assert (row.is_in_warranty, row.warranty_until_date) == (True, None)


def test_the_same_part_of_a_home_within_the_days_is_a_repeat_of_the_last(company: OrgUnit) -> None:
    home = make_delivered(company)
    first = make_repaired(company, unit=home)
    second = make_repaired(company, unit=home, now=NOW + timedelta(days=30))
    third = make_repaired(company, unit=home, now=NOW + timedelta(days=120))
    late = make_order(company, unit=home, now=NOW + timedelta(days=211))

    assert first.repeat_of is None
    assert second.repeat_of == first
    assert third.repeat_of == second
    assert late.repeat_of is None


def test_another_part_another_home_and_what_was_not_repaired_make_no_repeat(company: OrgUnit) -> None:
    home = make_delivered(company)
    make_repaired(company, unit=home, part="sanitary")
    make_repaired(company)
    cancel_repair(make_order(company, unit=home), "业主撤回", actor=SYSTEM, now=NOW)
    make_order(company, unit=home)
    make_booked(company, unit=home)

    row = make_order(company, unit=home, now=NOW + timedelta(days=1))

    assert row.repeat_of is None


def test_the_same_cause_in_the_same_entrance_is_a_repeat(company: OrgUnit) -> None:
    homes = [make_delivered(company) for _number in range(3)]
    entrance = make_entrance(homes[0].building, "2单元")
    Unit.objects.filter(pk__in=[homes[0].pk, homes[1].pk]).update(entrance=entrance)
    for home in homes:
        home.refresh_from_db()
    first = make_repaired(company, unit=homes[0], part="outer_wall", cause=cause_of())

    beside = make_order(company, unit=homes[1], cause=cause_of(), now=NOW + timedelta(days=5))
    elsewhere = make_order(company, unit=homes[2], cause=cause_of(), now=NOW + timedelta(days=5))

    assert beside.repeat_of == first
    assert elsewhere.repeat_of is None


def test_a_place_says_after_how_many_days_nothing_is_a_repeat(company: OrgUnit) -> None:
    home = make_delivered(company)
    make_repaired(company, unit=home)
    set_setting(REPEAT_DAYS.key, value=0, actor=SYSTEM, now=NOW, org_unit=company)

    row = make_order(company, unit=home, now=NOW + timedelta(days=1))

    assert row.repeat_of is None


def test_a_repair_counts_from_the_day_on_which_it_was_finished(company: OrgUnit) -> None:
    home = make_delivered(company)
    slow = make_booked(company, unit=home)
    quick = make_repaired(company, unit=home, now=NOW + timedelta(days=1))
    finished = NOW + timedelta(days=40)
    make_visit(slow, now=finished, came_at=finished)

    row = make_order(company, unit=home, now=NOW + timedelta(days=120))

    assert quick.repeat_of is None
    assert row.repeat_of == slow


def test_what_is_ordered_and_not_repaired_yet_is_not_ordered_twice(company: OrgUnit) -> None:
    order = make_order(company)

    def again(part: str = order.part, fault: str = f" {order.fault} ") -> RepairOrder:
        return order_repair(order.case, NewRepair(order.unit, part, fault), actor=SYSTEM, now=NOW)

    with pytest.raises(OrderedBefore, match=str(order)):
        again()
    others = [again(part="sanitary"), again(fault="地漏也渗")]
    cancel_repair(order, "重复", actor=SYSTEM, now=NOW)

    assert len({*others, again()}) == 3


def test_where_a_case_names_no_home_it_is_one_of_its_customer(company: OrgUnit, neighbour: OrgUnit) -> None:
    customer, home, other = make_customer(company), make_delivered(company), make_delivered(company)
    customer.unit_roles.create(unit=home, role="owner", created_at=NOW, updated_at=NOW)
    case = make_repair_case(company, customer=customer)

    for unit in (other, make_delivered(neighbour)):
        with pytest.raises(HomeOfAnother):
            order_repair(case, NewRepair(unit, "roof", "漏"), actor=SYSTEM, now=NOW)
    with pytest.raises(HomeOfAnother):
        order_repair(make_repair_case(company), NewRepair(home, "roof", "漏"), actor=SYSTEM, now=NOW)

    assert order_repair(case, NewRepair(home, "roof", "漏"), actor=SYSTEM, now=NOW).unit == home


def test_only_open_cases_of_the_kind_repair_and_their_homes_are_repaired(company: OrgUnit) -> None:
    home, other = make_delivered(company), make_delivered(company)
    closed = make_repair_case(company, home)
    close_case(answer_case(closed, reply="好", actor=SYSTEM, now=NOW), actor=SYSTEM, now=NOW)
    refusals: list[type[DomainError]] = []

    for case, new in (
        (make_case(company), NewRepair(home, "roof", "漏")),
        (closed, NewRepair(home, "roof", "漏")),
        (make_repair_case(company, home), NewRepair(other, "roof", "漏")),
        (make_repair_case(company, home), NewRepair(home, "roof", "  ")),
    ):
        with pytest.raises(DomainError) as refused:
            order_repair(case, new, actor=SYSTEM, now=NOW)
        refusals.append(refused.type)

    assert refusals == [NoRepairCase, CaseIsClosed, HomeOfAnother, FaultMissing]
    assert not RepairOrder.objects.exists()


def test_ordering_and_cancelling_need_the_right_at_the_place_of_the_home(
    company: OrgUnit, neighbour: OrgUnit
) -> None:
    home = make_delivered(company)
    case, order = make_repair_case(company, home), make_order(company)

    for actor in (make_actor(company, "repairs.view"), make_actor(neighbour, "repairs.change")):
        with pytest.raises(NotAllowed):
            order_repair(case, NewRepair(home, "roof", "漏"), actor=actor, now=NOW)
        with pytest.raises(NotAllowed):
            cancel_repair(order, "不修了", actor=actor, now=NOW)


def test_cancelling_says_why_and_gives_the_slot_back(company: OrgUnit) -> None:
    order = make_booked(company)
    slot = order.slot
    assert slot is not None

    with pytest.raises(ReasonForCancelling):
        cancel_repair(order, " ", actor=SYSTEM, now=NOW)
    row = cancel_repair(order, "业主撤回", actor=SYSTEM, now=NOW)
    slot.refresh_from_db()

    assert (row.state, row.slot_id, row.cancelled_because) == ("cancelled", None, "业主撤回")
    assert slot.taken == 0
    assert EventRecord.objects.filter(type="repairs.cancelled", subject_id=order.pk).count() == 1


def test_what_was_visited_and_is_not_finished_is_cancelled(company: OrgUnit) -> None:
    order = make_booked(company)
    make_visit(order, is_finished=False)

    row = cancel_repair(order, "业主改请他人", actor=SYSTEM, now=LATER)

    assert (row.state, row.slot_id) == ("cancelled", None)
    assert [slot.taken for slot in RepairSlot.objects.all()] == [0]


def test_what_is_finished_is_not_cancelled(company: OrgUnit) -> None:
    order = make_repaired(company)

    with pytest.raises(TooLateForThat):
        cancel_repair(order, "不修了", actor=SYSTEM, now=NOW)
