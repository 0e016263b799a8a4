"""Covers that end by themselves, and handovers that are undone."""

from datetime import date, timedelta

import pytest

from hearth.accounts.models import Notification, User
from hearth.books.models import BookHandover
from hearth.books.services import NotReturnable, end_covers, hand_over_book, run_handover, undo_handover
from hearth.cases.models import Case
from hearth.core.actor import Actor
from hearth.core.errors import NotAllowed
from hearth.core.models import EventRecord
from hearth.customers.models import Customer
from hearth.organization.models import Membership, OrgUnit
from hearth.tasks.models import Task
from tests.books.builders import NOW, hand_over, make_book, make_manager, make_rule, make_worker, owners

pytestmark = pytest.mark.django_db
LAST_DAY = date(2026, 3, 25)


@pytest.fixture
def owner(company: OrgUnit) -> User:
    return make_worker(company)


@pytest.fixture
def manager(company: OrgUnit) -> Actor:
    return make_manager(company)


@pytest.mark.requirement("S140")
def test_a_cover_ends_by_itself_on_its_last_day(company: OrgUnit, owner: User, manager: Actor) -> None:
    substitute = make_worker(company)
    make_book(owner, company)
    rule = make_rule(owner, company, substitute, kind="cover", until_date=LAST_DAY)
    handover = hand_over(rule, manager)

    too_early = end_covers(now=NOW + timedelta(days=6))
    on_the_day = end_covers(now=NOW + timedelta(days=7))
    again = end_covers(now=NOW + timedelta(days=8))

    handover.refresh_from_db()
    assert (too_early, on_the_day, again, handover.state) == (0, 1, 0, "ended")
    assert owners("responsible", Customer.objects.all()) == {owner.pk: 2}
    assert owners("assignee", Task.objects.all()) == {owner.pk: 2}
    event = EventRecord.objects.get(type="books.returned")
    assert event.payload == {"from_user_id": owner.pk, "reason": "ended", "returned": 6, "kept": 0}
    assert Notification.objects.filter(user=owner, kind="books.returned").count() == 1


def test_undoing_returns_what_is_where_it_went_and_leaves_the_rest(
    company: OrgUnit, owner: User, manager: Actor
) -> None:
    heir, third = make_worker(company), make_worker(company)
    first, second = make_book(owner, company)
    handover = hand_over(make_rule(owner, company, heir), manager)
    Customer.objects.filter(pk=second.pk).update(responsible=third)

    undo_handover(handover, actor=manager, now=NOW + timedelta(days=2))

    assert dict(Customer.objects.values_list("pk", "responsible")) == {
        first.pk: owner.pk,
        second.pk: third.pk,
    }
    assert owners("assignee", Case.objects.all()) == {owner.pk: 2}
    outcomes = handover.moves.filter(holding="customers").order_by("outcome")
    assert list(outcomes.values_list("outcome", flat=True)) == ["kept", "returned"]


def test_nothing_returns_twice_to_a_closed_account_or_without_the_right(
    company: OrgUnit, neighbour: OrgUnit, owner: User, manager: Actor
) -> None:
    make_book(owner, company)
    handover = hand_over(make_rule(owner, company, make_worker(company)), manager)

    with pytest.raises(NotAllowed):
        undo_handover(handover, actor=make_manager(neighbour), now=NOW)
    undo_handover(handover, actor=manager, now=NOW)
    with pytest.raises(NotReturnable):
        undo_handover(handover, actor=manager, now=NOW)
    again = hand_over(make_rule(owner, company, make_worker(company)), manager)
    User.objects.filter(pk=owner.pk).update(is_active=False)
    with pytest.raises(NotReturnable):
        undo_handover(again, actor=manager, now=NOW)


def test_a_cover_for_somebody_who_left_stays_with_the_substitute(
    company: OrgUnit, owner: User, manager: Actor
) -> None:
    substitute = make_worker(company)
    make_book(owner, company)
    hand_over(make_rule(owner, company, substitute, kind="cover", until_date=LAST_DAY), manager)
    User.objects.filter(pk=owner.pk).update(is_active=False)

    ended = end_covers(now=NOW + timedelta(days=30))

    assert ended == 0
    assert owners("responsible", Customer.objects.all()) == {substitute.pk: 2}


def test_a_cover_stopped_because_its_manager_was_dismissed_still_ends(
    company: OrgUnit, owner: User, manager: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_book(owner, company)
    rule = make_rule(owner, company, make_worker(company), kind="cover", until_date=LAST_DAY)
    monkeypatch.setattr("hearth.books.services.handing_over.ROWS_AT_ONCE", 2)
    handover, ticks = hand_over_book(rule, actor=manager, now=NOW), iter([NOW, NOW, NOW])
    with pytest.raises(StopIteration):
        run_handover(handover.pk, clock=lambda: next(ticks))
    Membership.objects.filter(user=manager.user_id).delete()

    run_handover(handover.pk, clock=lambda: NOW)
    stopped = BookHandover.objects.get(pk=handover.pk)
    ended = end_covers(now=NOW + timedelta(days=7))

    assert (stopped.state, stopped.moved, ended) == ("stopped", 2, 1)
    assert owners("responsible", Customer.objects.all()) == {owner.pk: 2}
    assert owners("assignee", Task.objects.all()) == {owner.pk: 2}
