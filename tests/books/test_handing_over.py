"""Handing over books by rule."""

from datetime import UTC, date, datetime

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from hearth.accounts.models import Notification, User
from hearth.books.models import BookMove
from hearth.books.planning import plan_moves, preview
from hearth.books.services import (
    BadLastDay,
    HandOverToNobody,
    NothingToHandOver,
    hand_over_book,
    run_handover,
)
from hearth.cases.models import Case
from hearth.core.actor import Actor
from hearth.core.errors import NotAllowed
from hearth.core.models import EventRecord
from hearth.core.timeline import load_details
from hearth.customers.models import Customer
from hearth.customers.services import make_known_at
from hearth.organization.models import OrgUnit
from hearth.organization.selectors import actor_for
from hearth.tasks.models import Task
from tests.books.builders import (
    NOW,
    TODAY,
    hand_over,
    make_book,
    make_manager,
    make_rule,
    make_worker,
    owners,
)
from tests.campaigns.builders import make_campaign
from tests.customers.builders import make_customer, make_household
from tests.organization.builders import make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def leaver(company: OrgUnit) -> User:
    return make_worker(company)


@pytest.fixture
def manager(company: OrgUnit) -> Actor:
    return make_manager(company)


@pytest.mark.requirement("S140")
def test_everything_goes_to_one_person_with_an_event_for_each_row(
    company: OrgUnit, leaver: User, manager: Actor, now: datetime
) -> None:
    heir = make_worker(company)
    make_book(leaver, company, customers=3)

    handover = hand_over(make_rule(leaver, company, heir), manager)

    assert (handover.state, handover.total, handover.moved, handover.left) == ("done", 9, 9, 0)
    assert owners("responsible", Customer.objects.all()) == {heir.pk: 3}
    assert owners("assignee", Case.objects.all()) == {heir.pk: 3}
    assert owners("assignee", Task.objects.all()) == {heir.pk: 3}
    recorded = EventRecord.objects.filter(actor_id=manager.user_id).values_list("type", flat=True)
    assert {name: list(recorded).count(name) for name in set(recorded)} == {
        "customer.passed_on": 3,
        "cases.changed": 3,
        "tasks.assigned": 3,
        "books.handed_over": 1,
    }


def test_the_customer_s_timeline_says_from_whom_to_whom(
    company: OrgUnit, leaver: User, manager: Actor
) -> None:
    heir = make_worker(company)
    [customer] = make_book(leaver, company, customers=1)

    hand_over(make_rule(leaver, company, heir), manager)

    event = EventRecord.objects.get(type="customer.passed_on")
    detail = load_details([event], actor_for(heir, today=TODAY))[event.id]
    assert (event.customer_id, event.org_unit_id) == (customer.pk, company.pk)
    assert detail.summary == f"{leaver} → {heir}"


def test_closed_cases_and_done_tasks_stay_with_whom_they_were(
    company: OrgUnit, leaver: User, manager: Actor, now: datetime
) -> None:
    make_book(leaver, company, customers=1)
    Case.objects.update(state="closed", closed_at=now)
    Task.objects.update(state="done", closed_at=now)

    handover = hand_over(make_rule(leaver, company, make_worker(company)), manager)

    assert handover.moved == 1
    assert owners("assignee", Case.objects.all()) == {leaver.pk: 1}


@pytest.mark.requirement("S140")
def test_an_even_split_keeps_households_and_their_work_together(
    company: OrgUnit, leaver: User, manager: Actor
) -> None:
    heirs = [make_worker(company), make_worker(company)]
    customers = make_book(leaver, company, customers=6)
    make_household(customers[0], customers[1])

    hand_over(make_rule(leaver, company, *heirs, kind="even"), manager)

    counted = owners("responsible", Customer.objects.all())
    assert sorted(counted.values()) == [3, 3]
    of_customer = dict(Customer.objects.values_list("pk", "responsible"))
    assert of_customer[customers[0].pk] == of_customer[customers[1].pk]
    assert all(
        of_customer[task.customer.pk] == task.assignee_id for task in Task.objects.all() if task.customer
    )
    assert all(
        of_customer[case.customer.pk] == case.assignee_id for case in Case.objects.all() if case.customer
    )


def test_by_place_everything_goes_to_the_person_of_its_place(
    group: OrgUnit, company: OrgUnit, neighbour: OrgUnit
) -> None:
    leaver, here, there = make_worker(group), make_worker(company), make_worker(neighbour)
    make_book(leaver, company, customers=2)
    make_book(leaver, neighbour, customers=1)
    rule = make_rule(leaver, group, kind="place", by_place={company.pk: here.pk, neighbour.pk: there.pk})

    handover = hand_over(rule, make_manager(group))

    assert owners("responsible", Customer.objects.all()) == {here.pk: 2, there.pk: 1}
    assert handover.left == 0


def test_what_nobody_chosen_may_have_stays_and_is_counted(
    group: OrgUnit, company: OrgUnit, neighbour: OrgUnit
) -> None:
    leaver, heir = make_worker(group), make_worker(company)
    make_book(leaver, company, customers=1)
    make_book(leaver, neighbour, customers=1)
    rule = make_rule(leaver, group, heir)

    seen = preview(rule, today=TODAY)
    handover = hand_over(rule, make_manager(group))

    assert (seen.total, seen.moved) == (6, 3)
    staying = {(item.code, place, number) for item, place, number in seen.staying}
    assert staying == {(code, neighbour.name, 1) for code in ("customers", "cases", "tasks")}
    assert (handover.moved, handover.left) == (3, 3)
    assert owners("responsible", Customer.objects.all()) == {heir.pk: 1, leaver.pk: 1}
    assert BookMove.objects.filter(outcome="nobody").count() == 3


def test_only_what_lies_at_the_place_and_below_goes(
    group: OrgUnit, company: OrgUnit, neighbour: OrgUnit
) -> None:
    leaver, heir = make_worker(group), make_worker(group)
    make_book(leaver, company, customers=1)
    make_book(leaver, neighbour, customers=1)

    hand_over(make_rule(leaver, company, heir), make_manager(company))

    assert owners("responsible", Customer.objects.all()) == {heir.pk: 1, leaver.pk: 1}


def test_a_customer_known_at_two_places_goes_to_whom_either_lets(
    group: OrgUnit, company: OrgUnit, neighbour: OrgUnit, actor: Actor, now: datetime
) -> None:
    leaver, heir = make_worker(group), make_worker(neighbour)
    customer = make_customer(company)
    make_known_at(customer, neighbour, actor=actor, now=now)
    Customer.objects.update(responsible=leaver)

    hand_over(make_rule(leaver, group, heir), make_manager(group))

    assert owners("responsible", Customer.objects.all()) == {heir.pk: 1}


def test_a_campaign_under_way_goes_and_a_finished_one_stays(
    company: OrgUnit, leaver: User, manager: Actor
) -> None:
    heir = make_member(company, "campaigns.view")
    open_one, finished = make_campaign(company, now=NOW), make_campaign(company, now=NOW)
    type(open_one).objects.update(owner=leaver)
    type(open_one).objects.filter(pk=finished.pk).update(state="finished")

    hand_over(make_rule(leaver, company, heir), manager)

    kept = dict(type(open_one).objects.values_list("pk", "owner"))
    assert kept == {open_one.pk: heir.pk, finished.pk: leaver.pk}


def test_a_handover_needs_the_right_a_receiver_a_last_day_and_a_book(
    company: OrgUnit, neighbour: OrgUnit, leaver: User, manager: Actor, now: datetime
) -> None:
    heir = make_worker(company)
    rule = make_rule(leaver, company, heir)

    with pytest.raises(NothingToHandOver):
        hand_over_book(rule, actor=manager, now=now)
    make_book(leaver, company, customers=1)
    with pytest.raises(NotAllowed):
        hand_over_book(rule, actor=make_manager(neighbour), now=now)
    with pytest.raises(HandOverToNobody):
        hand_over_book(make_rule(leaver, company, leaver), actor=manager, now=now)
    with pytest.raises(BadLastDay):
        hand_over_book(
            make_rule(leaver, company, heir, kind="cover", until_date=TODAY), actor=manager, now=now
        )


def test_a_job_repeated_after_a_crash_goes_on_and_tells_once(
    company: OrgUnit, leaver: User, manager: Actor, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    heirs = [make_worker(company), make_worker(company)]
    make_book(leaver, company, customers=4)
    monkeypatch.setattr("hearth.books.services.handing_over.ROWS_AT_ONCE", 2)
    handover = hand_over_book(make_rule(leaver, company, *heirs, kind="even"), actor=manager, now=now)
    ticks = iter([now, now, now, now])

    with pytest.raises(StopIteration):
        run_handover(handover.pk, clock=lambda: next(ticks))
    for _time in range(2):
        run_handover(handover.pk, clock=lambda: now)

    handover.refresh_from_db()
    assert (handover.state, handover.moved, BookMove.objects.count()) == ("done", 12, 12)
    assert sorted(owners("responsible", Customer.objects.all()).values()) == [2, 2]
    assert EventRecord.objects.filter(type="books.handed_over").count() == 1
    assert Notification.objects.filter(kind="books.received").count() == 2


def test_both_sides_are_told_in_the_product_and_by_mail(
    company: OrgUnit, leaver: User, manager: Actor
) -> None:
    heir = make_worker(company)
    make_book(leaver, company, customers=1)

    handover = hand_over(make_rule(leaver, company, heir), manager)

    told = dict(Notification.objects.filter(kind__startswith="books.").values_list("user_id", "kind"))
    assert told == {heir.pk: "books.received", leaver.pk: "books.given"}
    mails = ProcrastinateJob.objects.filter(task_name="books.send_mail").order_by("id")
    assert [job.args for job in mails] == [
        {"handover_id": str(handover.pk), "user_id": user_id} for user_id in sorted([leaver.pk, heir.pk])
    ]


def test_a_row_that_changed_hands_meanwhile_is_left_alone(
    company: OrgUnit, leaver: User, manager: Actor, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    heir, third = make_worker(company), make_worker(company)
    make_book(leaver, company, customers=1)
    rule = make_rule(leaver, company, heir)
    handover = hand_over_book(rule, actor=manager, now=now)
    planned = list(plan_moves(rule, today=TODAY))
    Customer.objects.update(responsible=third)
    monkeypatch.setattr("hearth.books.services.handing_over.plan_moves", lambda *_a, **_k: planned)

    run_handover(handover.pk, clock=lambda: now)

    assert owners("responsible", Customer.objects.all()) == {third.pk: 1}
    assert BookMove.objects.get(holding="customers").outcome == "changed"


def test_the_next_day_counts_by_the_company_s_clock(company: OrgUnit, leaver: User, manager: Actor) -> None:
    evening_in_utc = datetime(2026, 3, 18, 23, tzinfo=UTC)
    make_book(leaver, company, customers=1)
    rule = make_rule(leaver, company, make_worker(company), kind="cover", until_date=date(2026, 3, 19))

    with pytest.raises(BadLastDay):
        hand_over_book(rule, actor=manager, now=evening_in_utc)
