"""Several book, cut and report in the same moment; commits are real."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest

from hearth.accounts.models import Notification
from hearth.cases.models import Case, CostLine
from hearth.core.models import EventRecord, StoredFile
from hearth.organization.models import OrgUnit
from hearth.repairs.models import RepairOrder, RepairSlot, RepairVisit, SignOff
from hearth.repairs.services import (
    DaysToCut,
    NewRepair,
    book_repair,
    correct_parts,
    cut_days,
    order_repair,
    report_visit,
    supervise,
)
from tests.exports.builders import actor_of
from tests.inventory.racing import at_once
from tests.repairs.builders import (
    LATER,
    NOW,
    SYSTEM,
    make_booked,
    make_engineer,
    make_order,
    make_part,
    make_planner,
    make_slot,
    make_visit,
    png,
    reported,
    signed_by,
)

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_five_who_book_the_last_two_places_of_a_slot_at_once_two_get_them(company: OrgUnit) -> None:
    slot = make_slot(company, make_engineer(company), capacity=2)
    orders = [make_order(company) for _number in range(5)]

    came = at_once([lambda row=row: book_repair(row, slot, actor=SYSTEM, now=NOW) for row in orders])  # type: ignore[misc]

    slot.refresh_from_db()
    assert came == {"": 2, "slot_full": 3}
    assert slot.taken == RepairOrder.objects.filter(slot=slot).count() == 2


def test_two_who_swap_their_slots_at_once_do_not_wait_for_each_other_for_ever(company: OrgUnit) -> None:
    first, second = make_booked(company), make_booked(company)
    RepairSlot.objects.update(capacity=2)
    here, there = RepairSlot.objects.get(orders=first), RepairSlot.objects.get(orders=second)

    came = at_once(
        [
            lambda: book_repair(first, there, actor=SYSTEM, now=NOW),
            lambda: book_repair(second, here, actor=SYSTEM, now=NOW),
        ]
    )

    assert came == {"": 2}
    assert list(RepairSlot.objects.values_list("taken", flat=True)) == [1, 1]


def test_a_day_cut_twice_at_once_is_cut_once(company: OrgUnit) -> None:
    wanted = DaysToCut(make_engineer(company), date(2026, 3, 19), date(2026, 3, 19), 90)

    came = at_once([lambda: cut_days(company, wanted, actor=SYSTEM, now=NOW)] * 2)

    assert came == {"": 2}
    assert RepairSlot.objects.count() == 6


def test_of_the_last_two_repairs_signed_at_once_the_later_tells_the_handler(company: OrgUnit) -> None:
    handler, planner = make_planner(company), actor_of(make_planner(company))
    first = make_booked(company)
    Case.objects.filter(pk=first.case_id).update(assignee=handler)
    second = order_repair(first.case, NewRepair(first.unit, "roof", "漏"), actor=SYSTEM, now=NOW)
    book_repair(second, make_slot(company, make_engineer(company)), actor=SYSTEM, now=NOW)
    for order in (first, second):
        make_visit(order, signatures=signed_by("engineer", "owner"))

    came = at_once([lambda row=row: supervise(row, actor=planner, now=LATER) for row in (first, second)])  # type: ignore[misc]

    assert came == {"": 2}
    assert Notification.objects.filter(user=handler, kind="repairs.all_signed").count() == 1


def test_parts_put_right_by_two_at_once_leave_one_cost_that_stands(company: OrgUnit) -> None:
    part = make_part(company, price="10")
    visit = make_visit(
        make_booked(company),
        parts={part.pk: Decimal(1)},
        signatures=signed_by("engineer", "owner", "supervisor"),
    )

    came = at_once(
        [
            lambda number=number: correct_parts(visit, {part.pk: Decimal(number)}, actor=SYSTEM, now=LATER)  # type: ignore[misc]
            for number in (2, 3)
        ]
    )

    assert came == {"": 2}
    standing = CostLine.objects.get(struck_out_at=None)
    assert standing.amount == visit.used_parts.get().amount
    assert CostLine.objects.count() == 3


def test_a_report_that_comes_twice_at_once_is_kept_once(company: OrgUnit) -> None:
    order, key = make_booked(company), uuid4()
    reports = [reported(key, before=[png()], signatures=signed_by("owner")) for _number in range(2)]

    came = at_once([lambda said=said: report_visit(order, said, actor=SYSTEM, now=LATER) for said in reports])  # type: ignore[misc]

    assert came == {"": 2}
    assert RepairVisit.objects.count() == SignOff.objects.count() == 1
    assert StoredFile.objects.count() == 2
    assert EventRecord.objects.filter(type="repairs.reported").count() == 1
