"""Broken promises: noticed once, told to whom it concerns, and written down."""

from collections.abc import Sequence
from datetime import date

import pytest

from hearth.accounts.models import Notification, User
from hearth.cases.models import ServiceClock
from hearth.cases.oversight import nearest_overseers
from hearth.cases.permissions import OVERSEE_CASE, VIEW_CASE
from hearth.cases.services import (
    answer_case,
    breaches,
    change_case,
    notice_breaches,
    recompute_portion,
)
from hearth.core.actor import Actor
from hearth.core.models import EventRecord
from hearth.core.permissions import SIGNED_IN
from hearth.organization.models import OrgUnit, Role
from hearth.organization.services import set_calendar_day, sync_roles
from hearth.tasks.models import Task
from tests.cases.builders import make_case
from tests.cases.test_clocks import HANDLE, at, open_new
from tests.exports.builders import actor_of
from tests.organization.builders import make_member, make_org_unit

pytestmark = pytest.mark.django_db


def members(company: OrgUnit) -> tuple[User, User]:
    """A handler at the company and who watches over it."""
    return make_member(company, *HANDLE), make_member(company, SIGNED_IN, VIEW_CASE, OVERSEE_CASE)


@pytest.mark.requirement("S131")
def test_a_breach_is_told_once_with_an_event_a_bell_and_a_task(company: OrgUnit) -> None:
    handler, overseer = members(company)
    case = open_new(company, at(18, 9))
    change_case(case, actor=actor_of(handler), grade="ordinary", assignee=handler, now=at(18, 10))

    early = notice_breaches(now=at(19, 9))
    noticed = [notice_breaches(now=at(19, 9, minute)) for minute in (1, 2)]

    assert (early, noticed) == (0, [1, 0])
    told = Notification.objects.filter(kind="cases.broken_answer").values_list("user", flat=True)
    assert sorted(told) == sorted([handler.pk, overseer.pk])
    task = Task.objects.get()
    assert (task.assignee, task.about_id, task.rule) == (handler, case.pk, "cases.broken_answer")
    event = EventRecord.objects.get(type="cases.promise_broken")
    assert (event.payload["step"], event.payload["late_minutes"]) == ("answer", 1)


def test_who_watches_over_a_place_is_asked_once_for_many_breaches(
    company: OrgUnit, neighbour: OrgUnit, monkeypatch: pytest.MonkeyPatch
) -> None:
    _handler, overseer = members(company)
    asked: list[int] = []

    def ask(place: OrgUnit, *, today: date) -> Sequence[User]:
        asked.append(place.pk)
        return nearest_overseers(place, today=today)

    monkeypatch.setattr(breaches, "nearest_overseers", ask)
    for place in (company, company, neighbour, company):
        open_new(place, at(18, 9))

    notice_breaches(now=at(18, 12))

    assert sorted(asked) == sorted({company.pk, neighbour.pk})
    assert Notification.objects.filter(user=overseer).count() == 3


def test_nobody_in_charge_means_a_task_for_the_desk(company: OrgUnit) -> None:
    sync_roles()
    open_new(company, at(18, 9))

    notice_breaches(now=at(18, 12))

    task = Task.objects.get()
    assert (task.role, task.assignee) == (Role.objects.get(code="customer_manager"), None)


def test_what_was_done_late_before_anybody_looked_is_written_down_and_nobody_is_called(
    company: OrgUnit, actor: Actor
) -> None:
    _handler, _overseer = members(company)
    case = open_new(company, at(18, 9), kind="praise")
    answer_case(case, actor=actor, reply="谢谢", now=at(19, 11))

    noticed = notice_breaches(now=at(19, 12))

    assert noticed == 1
    assert EventRecord.objects.get(type="cases.promise_broken").payload["late_minutes"] == 120
    assert (Notification.objects.count(), Task.objects.count()) == (0, 0)


def test_old_cases_of_a_file_are_overdue_and_nobody_is_told(company: OrgUnit) -> None:
    members(company)
    make_case(company, opened_at=at(2, 9))
    make_case(company, opened_at=at(2, 9), answered_at=at(3, 9), closed_at=at(3, 10))

    noticed = notice_breaches(now=at(18, 15))

    assert noticed == 0
    assert ServiceClock.objects.running().filter(step="call_back").count() == 0
    assert ServiceClock.objects.overdue().count() == 3


def test_a_breach_that_is_healed_by_the_calendar_is_told_when_it_comes_again(
    company: OrgUnit, actor: Actor
) -> None:
    open_new(company, at(18, 9), kind="praise")
    first = notice_breaches(now=at(19, 10))
    set_calendar_day(date(2026, 3, 19), actor=actor, now=at(19, 10), org_unit=company, is_working=False)
    recompute_portion(company.path, after="", now=at(19, 11), go_on=print)

    healed, again = notice_breaches(now=at(19, 12)), notice_breaches(now=at(20, 9, 1))

    assert (first, healed, again) == (1, 0, 1)


def test_who_watches_over_is_the_nearest_with_departments(group: OrgUnit, company: OrgUnit) -> None:
    far = make_member(group, SIGNED_IN, OVERSEE_CASE)
    team = OrgUnit.objects.get(code="SZ-A")
    before = nearest_overseers(team, today=date(2026, 3, 18))
    centre = make_org_unit(company, kind=OrgUnit.Kind.DEPARTMENT, name="客服中心")
    near = make_member(centre, SIGNED_IN, OVERSEE_CASE)

    assert (list(before), list(nearest_overseers(team, today=date(2026, 3, 18)))) == ([far], [near])
