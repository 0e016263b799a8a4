"""Giving tasks to people and roles."""

from datetime import datetime, timedelta

import pytest

from hearth.accounts.models import Notification
from hearth.core.actor import Actor
from hearth.core.errors import NotAllowed
from hearth.core.models import EventRecord
from hearth.lib.identifiers import uuid7
from hearth.organization.models import OrgUnit
from hearth.organization.selectors import actor_for
from hearth.tasks.models import Task
from hearth.tasks.permissions import VIEW_TASK
from hearth.tasks.services import (
    AlreadyTaken,
    CannotWorkThere,
    NewTask,
    NobodyNamed,
    TaskIsClosed,
    assign_task,
    complete_task,
    create_task,
    create_tasks,
    take_task,
)
from tests.customers.builders import make_customer
from tests.organization.builders import make_actor, make_user
from tests.tasks.builders import DUE, NOW, make_colleague, make_role, make_task, make_team

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


def test_a_task_for_a_colleague_is_recorded_and_told(company: OrgUnit, now: datetime) -> None:
    giver, doer = make_colleague(company), make_colleague(company)
    customer = make_customer(company)
    new = NewTask(company.pk, "送钥匙", DUE, assignee_id=doer.pk, customer_id=customer.pk)

    task = create_task(new, actor=actor_for(giver, today=TODAY), now=now)

    event = EventRecord.objects.get(type="tasks.created")
    assert (event.customer_id, event.subject_id, event.payload["assignee_id"]) == (
        customer.pk,
        task.pk,
        doer.pk,
    )
    told = Notification.objects.get()
    assert (told.user_id, told.text, told.url) == (
        doer.pk,
        f"{giver} 给了您一项任务：送钥匙",
        f"/tasks/{task.pk}/",
    )


def test_a_task_for_oneself_needs_no_right_to_give_and_rings_no_bell(company: OrgUnit, now: datetime) -> None:
    actor = make_actor(company, VIEW_TASK)

    create_task(NewTask(company.pk, "回电话", DUE, assignee_id=actor.user_id), actor=actor, now=now)

    assert Notification.objects.count() == 0
    with pytest.raises(NotAllowed):
        create_task(
            NewTask(company.pk, "回电话", DUE, assignee_id=make_colleague(company).pk), actor=actor, now=now
        )


def test_a_task_for_nobody_or_for_somebody_from_elsewhere_is_refused(
    company: OrgUnit, neighbour: OrgUnit, now: datetime, actor: Actor
) -> None:
    stranger = make_colleague(neighbour)

    with pytest.raises(NobodyNamed):
        create_task(NewTask(company.pk, "回电话", DUE), actor=actor, now=now)
    with pytest.raises(CannotWorkThere, match=stranger.display_name):
        create_task(NewTask(company.pk, "回电话", DUE, assignee_id=stranger.pk), actor=actor, now=now)


@pytest.mark.requirement("S138")
def test_a_task_for_a_role_is_told_to_the_team_and_taken_on_by_one(company: OrgUnit, now: datetime) -> None:
    role, (first, second) = make_team(company)
    task = make_task(company, role=role)

    assert set(Notification.objects.values_list("user_id", flat=True)) == {first.pk, second.pk}
    taken = take_task(task, actor=actor_for(first, today=TODAY), now=now)
    assert taken.assignee_id == first.pk
    with pytest.raises(AlreadyTaken):
        take_task(task, actor=actor_for(second, today=TODAY), now=now)


def test_who_does_not_hold_the_role_cannot_take_its_task_on(company: OrgUnit, now: datetime) -> None:
    role, _people = make_team(company)
    task = make_task(company, role=role)

    with pytest.raises(NotAllowed):
        take_task(task, actor=make_actor(company, VIEW_TASK), now=now)


def test_a_rule_asks_once_for_each_event(company: OrgUnit, now: datetime, actor: Actor) -> None:
    role, _people = make_team(company)
    new = NewTask(company.pk, "核实需求", DUE, role_id=role.pk, rule="needs.changed", event_id=uuid7())

    first, second = (create_tasks([new], actor=actor, now=now) for _time in range(2))

    assert (len(first), len(second), Task.objects.count()) == (1, 0, 1)


def test_passing_on_tells_the_next_person_and_keeps_who_had_it(company: OrgUnit, now: datetime) -> None:
    first, second = make_colleague(company), make_colleague(company)
    task = make_task(company, assignee=first)

    assign_task(task, actor=actor_for(first, today=TODAY), now=now, assignee=second)
    again = assign_task(task, actor=actor_for(second, today=TODAY), now=now, assignee=second)

    event = EventRecord.objects.get(type="tasks.assigned")
    assert (event.payload["from_user_id"], event.payload["assignee_id"]) == (first.pk, second.pk)
    assert again.assignee == second
    assert Notification.objects.filter(user=second).count() == 1


def test_a_task_goes_back_to_its_role(company: OrgUnit, now: datetime) -> None:
    doer = make_colleague(company)
    role = make_role((doer, company))
    task = make_task(company, role=role)
    actor = actor_for(doer, today=TODAY)
    take_task(task, actor=actor, now=now)

    assign_task(task, actor=actor, now=now, role=role)

    assert list(Task.objects.waiting_for_a_person()) == [task]


def test_passing_on_is_refused_to_strangers_for_nobody_and_when_closed(
    company: OrgUnit, neighbour: OrgUnit, now: datetime, actor: Actor
) -> None:
    task = make_task(company)

    with pytest.raises(NotAllowed):
        assign_task(task, actor=make_actor(company, VIEW_TASK), now=now, assignee=make_colleague(company))
    with pytest.raises(NobodyNamed):
        assign_task(task, actor=actor, now=now)
    with pytest.raises(CannotWorkThere):
        assign_task(task, actor=actor, now=now, assignee=make_user())
    complete_task(task, actor=actor, now=now + timedelta(hours=1))
    with pytest.raises(TaskIsClosed):
        assign_task(task, actor=actor, now=now, assignee=make_colleague(company))
