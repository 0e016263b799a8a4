"""Doing tasks, dropping them, putting them off."""

from datetime import datetime, timedelta

import pytest

from hearth.core.actor import Actor
from hearth.core.errors import NotAllowed
from hearth.core.models import EventRecord
from hearth.organization.models import OrgUnit
from hearth.organization.selectors import actor_for
from hearth.tasks.permissions import VIEW_TASK
from hearth.tasks.services import (
    NoReason,
    TaskIsClosed,
    TaskIsOpen,
    complete_task,
    drop_task,
    postpone_task,
    reopen_task,
)
from tests.organization.builders import make_actor, make_member
from tests.tasks.builders import DUE, NOW, make_task

pytestmark = pytest.mark.django_db


def test_a_task_is_done_by_whom_it_was_given_to(company: OrgUnit, now: datetime) -> None:
    doer = make_member(company, VIEW_TASK)
    task = make_task(company, assignee=doer)

    done = complete_task(task, actor=actor_for(doer, today=NOW.date()), now=now + timedelta(days=5))

    assert (done.state, done.closed_at) == ("done", now + timedelta(days=5))
    assert EventRecord.objects.get(type="tasks.completed").payload == {"days_late": 3}


def test_a_task_is_not_closed_twice_nor_by_anybody(company: OrgUnit, now: datetime, actor: Actor) -> None:
    task = make_task(company)

    with pytest.raises(NotAllowed):
        complete_task(task, actor=make_actor(company, VIEW_TASK), now=now)
    complete_task(task, actor=actor, now=now)
    with pytest.raises(TaskIsClosed):
        complete_task(task, actor=actor, now=now)


def test_a_task_is_dropped_with_a_reason_and_opened_again(
    company: OrgUnit, now: datetime, actor: Actor
) -> None:
    task = make_task(company)

    with pytest.raises(NoReason):
        drop_task(task, actor=actor, reason=" ", now=now)
    with pytest.raises(TaskIsOpen):
        reopen_task(task, actor=actor, now=now)
    dropped = drop_task(task, actor=actor, reason="客户已搬走", now=now)
    assert (dropped.state, dropped.reason) == ("dropped", "客户已搬走")
    opened = reopen_task(task, actor=actor, now=now)

    assert (opened.state, opened.reason, opened.closed_at) == ("open", "", None)


def test_putting_off_keeps_both_days_and_the_same_day_changes_nothing(
    company: OrgUnit, now: datetime, actor: Actor
) -> None:
    task = make_task(company)

    postpone_task(task, actor=actor, due_date=DUE, now=now)
    moved = postpone_task(task, actor=actor, due_date=DUE + timedelta(days=7), now=now)

    assert moved.due_date == DUE + timedelta(days=7)
    event = EventRecord.objects.get(type="tasks.postponed")
    assert event.payload == {"from_day": "2026-03-20", "to_day": "2026-03-27"}
