"""Working days cut into slots, and repairs booked into them."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils.timezone import localtime

from hearth.accounts.models import Notification, User
from hearth.cases.models import ServiceClock, Step
from hearth.core.errors import NotAllowed
from hearth.core.models import EventRecord
from hearth.organization.models import Membership, OrgUnit
from hearth.organization.services import set_setting
from hearth.repairs.models import RepairOrder, RepairSlot
from hearth.repairs.selectors import slots_to_book
from hearth.repairs.services import DaysToCut, arrive, book_repair, cut_days, pass_on_repairs, remove_slot
from hearth.repairs.services.booking import (
    DaysUnlikely,
    NoEngineer,
    SlotElsewhere,
    SlotFull,
    SlotInUse,
    SlotPast,
)
from hearth.repairs.services.ordering import TooLateForThat
from tests.organization.builders import make_actor
from tests.repairs.builders import (
    LATER,
    NOW,
    SYSTEM,
    make_booked,
    make_engineer,
    make_order,
    make_slot,
    make_visit,
)

pytestmark = pytest.mark.django_db
THURSDAY, SATURDAY, MONDAY = date(2026, 3, 19), date(2026, 3, 21), date(2026, 3, 23)


def test_working_days_are_cut_by_calendar_and_hours_of_the_place(company: OrgUnit) -> None:
    engineer = make_engineer(company)
    hours = [["09:00", "12:00"], ["13:30", "18:00"]]
    set_setting("organization.hours", value=hours, actor=SYSTEM, now=NOW, org_unit=company)

    cut_days(company, DaysToCut(engineer, SATURDAY, MONDAY, 90, 2), actor=SYSTEM, now=NOW)

    slots = RepairSlot.objects.order_by("starts_at")
    assert [f"{localtime(slot.starts_at):%d %H:%M}" for slot in slots] == [
        f"23 {time}" for time in ("09:00", "10:30", "13:30", "15:00", "16:30")
    ]
    assert {(slot.capacity, slot.ends_at - slot.starts_at) for slot in slots} == {(2, timedelta(minutes=90))}


def test_cutting_again_and_across_leaves_out_what_overlaps_and_what_is_past(company: OrgUnit) -> None:
    engineer = make_engineer(company)
    first = cut_days(company, DaysToCut(engineer, THURSDAY, THURSDAY, 60), actor=SYSTEM, now=NOW)

    again = cut_days(company, DaysToCut(engineer, THURSDAY, THURSDAY, 90), actor=SYSTEM, now=NOW)
    today = cut_days(company, DaysToCut(engineer, NOW.date(), NOW.date(), 60), actor=SYSTEM, now=NOW)

    assert len(first) == 9
    assert again == []
    assert [f"{localtime(slot.starts_at):%H}" for slot in today] == ["15", "16", "17"]


@pytest.mark.parametrize(
    ("last", "minutes", "capacity"),
    [(date(2026, 3, 18), 60, 1), (date(2026, 5, 1), 60, 1), (THURSDAY, 5, 1), (THURSDAY, 60, 0)],
)
def test_days_that_cannot_be_are_not_cut(company: OrgUnit, last: date, minutes: int, capacity: int) -> None:
    engineer = make_engineer(company)

    with pytest.raises(DaysUnlikely):
        cut_days(company, DaysToCut(engineer, THURSDAY, last, minutes, capacity), actor=SYSTEM, now=NOW)


@pytest.mark.parametrize(
    "day",
    [date(1, 1, 1), NOW.date() - timedelta(days=1), NOW.date() + timedelta(days=731), date(9999, 12, 31)],
)
def test_days_past_or_further_ahead_than_two_years_are_not_cut(company: OrgUnit, day: date) -> None:
    wanted = DaysToCut(make_engineer(company), day, day, 60)

    with pytest.raises(DaysUnlikely):
        cut_days(company, wanted, actor=SYSTEM, now=NOW)


def test_days_are_those_of_who_repairs_at_the_place_and_cut_by_who_may(
    company: OrgUnit, neighbour: OrgUnit
) -> None:
    wanted = DaysToCut(make_engineer(neighbour), THURSDAY, THURSDAY, 60)

    with pytest.raises(NoEngineer):
        cut_days(company, wanted, actor=SYSTEM, now=NOW)
    with pytest.raises(NotAllowed):
        cut_days(company, wanted, actor=make_actor(neighbour, "repairs.change"), now=NOW)


def test_booking_sends_the_engineer_tells_him_and_stops_the_clock_of_the_dispatch(company: OrgUnit) -> None:
    engineer, order = make_engineer(company), make_order(company)
    slot = make_slot(company, engineer)

    row = book_repair(order, slot, actor=SYSTEM, now=NOW)

    clock = ServiceClock.objects.get(case=order.case, step=Step.DISPATCH)
    row.refresh_from_db()
    assert (row.state, row.engineer, row.slot, row.dispatched_at) == ("booked", engineer, slot, NOW)
    assert clock.stopped_at == NOW
    assert Notification.objects.get(user=engineer).params["number"] == order.number
    assert EventRecord.objects.get(type="repairs.booked").subject_id == order.pk


def test_moving_gives_the_slot_before_back_and_sends_another(company: OrgUnit) -> None:
    order, colleague = make_booked(company), make_engineer(company)
    before, after = order.slot, make_slot(company, colleague, starts_at=LATER + timedelta(days=1))
    assert before is not None

    row = book_repair(order, after, actor=SYSTEM, now=NOW)
    again = book_repair(row, after, actor=SYSTEM, now=NOW)

    before.refresh_from_db()
    after.refresh_from_db()
    assert (before.taken, after.taken) == (0, 1)
    assert (again.engineer, again.dispatched_at) == (colleague, NOW)
    assert EventRecord.objects.filter(type="repairs.booked").count() == 2


def test_a_taken_slot_is_refused_with_the_nearest_that_is_free(company: OrgUnit) -> None:
    engineer, order = make_engineer(company), make_order(company)
    slot = make_slot(company, engineer)
    book_repair(make_order(company), slot, actor=SYSTEM, now=NOW)
    make_slot(company, make_engineer(company), starts_at=LATER + timedelta(hours=5))
    near = make_slot(company, make_engineer(company), starts_at=LATER - timedelta(hours=2))

    with pytest.raises(SlotFull) as refused:
        book_repair(order, slot, actor=SYSTEM, now=NOW)

    assert "2026-03-18 15:30" in str(refused.value)
    assert str(near.engineer) in str(refused.value)
    order.refresh_from_db()
    assert order.state == "open"


def test_where_no_slot_is_free_the_refusal_says_so(company: OrgUnit) -> None:
    slot = make_slot(company, make_engineer(company))
    book_repair(make_order(company), slot, actor=SYSTEM, now=NOW)

    with pytest.raises(SlotFull) as refused:
        book_repair(make_order(company), slot, actor=SYSTEM, now=NOW)

    assert str(refused.value) == str(SlotFull.message)


def test_a_slot_with_room_for_two_takes_two(company: OrgUnit) -> None:
    slot = make_slot(company, make_engineer(company), capacity=2)

    for _number in range(2):
        book_repair(make_order(company), slot, actor=SYSTEM, now=NOW)

    with pytest.raises(SlotFull):
        book_repair(make_order(company), slot, actor=SYSTEM, now=NOW)


def test_the_database_takes_no_more_than_a_slot_has_room_for(company: OrgUnit) -> None:
    slot = make_slot(company, make_engineer(company))

    with pytest.raises(IntegrityError, match="no_repair_slot_is_booked_double"), transaction.atomic():
        RepairSlot.objects.filter(pk=slot.pk).update(taken=2)


def test_slots_that_have_begun_or_belong_elsewhere_are_refused(company: OrgUnit, neighbour: OrgUnit) -> None:
    order = make_order(company)

    with pytest.raises(SlotPast):
        book_repair(order, make_slot(company, make_engineer(company), starts_at=NOW), actor=SYSTEM, now=NOW)
    with pytest.raises(SlotElsewhere):
        book_repair(order, make_slot(neighbour, make_engineer(neighbour)), actor=SYSTEM, now=NOW)
    slot = make_slot(company, make_engineer(company))
    with pytest.raises(NotAllowed):
        book_repair(order, slot, actor=make_actor(company, "repairs.view", "repairs.work"), now=NOW)


def test_what_was_visited_and_is_not_finished_is_booked_again_and_reached_again(company: OrgUnit) -> None:
    order = make_booked(company)
    make_visit(order, is_finished=False)
    later = LATER + timedelta(days=2)
    slot = make_slot(company, make_engineer(company), starts_at=later)

    row = book_repair(order, slot, actor=SYSTEM, now=LATER)
    said_again = arrive(order, came_at=LATER, actor=SYSTEM, now=LATER + timedelta(hours=1))
    reached = arrive(order, came_at=later, actor=SYSTEM, now=later)
    make_visit(order, now=later, came_at=later)

    assert (row.state, row.slot, row.engineer) == ("booked", slot, slot.engineer)
    assert said_again.state == "booked"
    assert (reached.state, reached.arrived_at) == ("arrived", later)
    assert sorted(RepairSlot.objects.values_list("taken", flat=True)) == [0, 1]
    assert order.visits.count() == 2
    with pytest.raises(TooLateForThat):
        book_repair(order, slot, actor=SYSTEM, now=LATER)


def test_a_slot_that_has_begun_stays_taken_when_its_repair_is_booked_again(company: OrgUnit) -> None:
    order = make_booked(company)
    make_visit(order, is_finished=False)
    begun = RepairSlot.objects.get(orders=order)
    slot = make_slot(company, make_engineer(company), starts_at=LATER + timedelta(days=2))

    book_repair(order, slot, actor=SYSTEM, now=begun.starts_at)

    begun.refresh_from_db()
    assert begun.taken == 1
    with pytest.raises(SlotInUse):
        remove_slot(begun, actor=SYSTEM, now=begun.ends_at)


def test_slots_of_people_who_left_are_neither_offered_nor_booked(company: OrgUnit) -> None:
    order, engineer = make_order(company), make_engineer(company)
    gone, ended = make_engineer(company), make_engineer(company)
    slots = [make_slot(company, each) for each in (engineer, gone, ended)]
    User.objects.filter(pk=gone.pk).update(is_active=False)
    Membership.objects.filter(user=ended).update(valid_to=NOW.date())

    offered = slots_to_book(company, now=NOW)
    for slot in slots[1:]:
        with pytest.raises(NoEngineer):
            book_repair(order, slot, actor=SYSTEM, now=NOW)
    book_repair(make_order(company), slots[0], actor=SYSTEM, now=NOW)
    with pytest.raises(SlotFull) as refused:
        book_repair(order, slots[0], actor=SYSTEM, now=NOW)

    assert offered == slots[:1]
    assert str(refused.value) == str(SlotFull.message)


def test_a_slot_is_taken_away_only_while_nobody_waits_for_it(company: OrgUnit) -> None:
    free, order = make_slot(company, make_engineer(company)), make_booked(company)
    assert order.slot is not None

    remove_slot(free, actor=SYSTEM, now=NOW)
    with pytest.raises(SlotInUse):
        remove_slot(order.slot, actor=SYSTEM, now=NOW)
    with pytest.raises(NotAllowed):
        remove_slot(order.slot, actor=make_actor(company, "repairs.work"), now=NOW)

    assert list(RepairSlot.objects.all()) == [order.slot]


def test_whoever_takes_a_book_over_comes_at_the_time_that_was_told(company: OrgUnit) -> None:
    order, done = make_booked(company), make_booked(company)
    make_visit(done)
    colleague = make_engineer(company)
    assert order.engineer_id is not None

    passed = pass_on_repairs(
        [order.pk, done.pk],
        from_user_id=order.engineer_id,
        to_user_id=colleague.pk,
        actor=SYSTEM,
        now=NOW,
    )

    row = RepairOrder.objects.get(pk=order.pk)
    assert passed == [order.pk]
    assert (row.engineer, row.slot) == (colleague, order.slot)
    assert EventRecord.objects.filter(type="repairs.passed_on").count() == 1
