"""Giving a task to a person or to a role, and taking one on."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from hearth.accounts.models import User
from hearth.accounts.services import notify
from hearth.core.actor import Actor
from hearth.core.bulk import insert_many
from hearth.core.errors import DomainError, InvalidInput, NotAllowed
from hearth.core.events import record, record_many
from hearth.core.ownership import reassign
from hearth.organization.models import OrgUnit, Role
from hearth.organization.selectors import holders_of_role, people_with
from hearth.tasks.events import TaskAssigned, TaskCreated, TaskTaken
from hearth.tasks.models import Task
from hearth.tasks.notifications import FOR_ROLE, GIVEN, RAISED
from hearth.tasks.permissions import CHANGE_TASK, VIEW_TASK
from hearth.tasks.services.steps import TaskIsClosed, about, lock_open_task


class NobodyNamed(InvalidInput):
    """A task is for a person or for a role."""

    code = "nobody_named"
    message = _("Say who is to do it: a person or a role.")


class CannotWorkThere(InvalidInput):
    """Who gets a task must be able to see it at its place."""

    code = "cannot_work_there"
    message = _("%(name)s has no right to work at this place.")


class AlreadyTaken(DomainError):
    """Somebody of the team was faster."""

    code = "already_taken"
    message = _("Somebody has taken this task on already.")


@dataclass(frozen=True)
class NewTask:
    """A task to be written; for a person, or for a role at the place."""

    org_unit_id: int
    title: str
    due_date: date
    assignee_id: int | None = None
    role_id: int | None = None
    note: str = ""
    priority: int = Task.Priority.ORDINARY
    customer_id: UUID | None = None
    about_kind: str = ""
    about_id: UUID | None = None
    rule: str = ""
    event_id: UUID | None = None


@transaction.atomic
def create_task(new: NewTask, *, actor: Actor, now: datetime) -> Task:
    """Ask a person or a role to do something, and tell them. Anybody may give a task to themselves.

    :raises NotAllowed: if the actor may not give tasks at the place
    :raises NobodyNamed: if neither a person nor a role is named
    :raises CannotWorkThere: if the person has no right to see tasks at the place
    """
    is_own = actor.user_id is not None and new.assignee_id == actor.user_id
    actor.require(VIEW_TASK if is_own else CHANGE_TASK, new.org_unit_id)
    return create_tasks([new], actor=actor, now=now)[0]


def create_tasks(
    wanted: Sequence[NewTask], *, actor: Actor, now: datetime, is_sample: bool = False
) -> list[Task]:
    """Write tasks of rules and files; one that was raised for the same event before is left alone.

    A step of other services, which ask for their own right; opens no transaction. May be repeated.

    :raises NobodyNamed, CannotWorkThere: as `create_task`
    """
    _check_people(wanted, localdate(now))
    events = [new.event_id for new in wanted if new.event_id]
    known = set(Task.objects.filter(event_id__in=events).values_list("rule", "event_id")) if events else set()
    rows = [
        _row(new, actor=actor, now=now, is_sample=is_sample)
        for new in wanted
        if (new.rule, new.event_id) not in known
    ]
    insert_many(rows)
    roles = Role.objects.in_bulk({row.role_id for row in rows if row.role_id})
    record_many(
        [
            TaskCreated(
                **about(row),
                rule=row.rule,
                assignee_id=row.assignee_id,
                role=roles[row.role_id].code if row.role_id else "",
            )
            for row in rows
        ],
        actor=actor,
        now=now,
    )
    for row in rows:
        _tell(row, actor, now)
    return rows


def _check_people(wanted: Sequence[NewTask], today: date) -> None:
    """Refuse a task for nobody, and one for a person who could not see it; a query for each place."""
    if any(new.assignee_id is None and new.role_id is None for new in wanted):
        raise NobodyNamed("assignee")
    people_of: dict[int, set[int]] = {}
    for new in wanted:
        if new.assignee_id is not None:
            people_of.setdefault(new.org_unit_id, set()).add(new.assignee_id)
    for org_unit_id, people in people_of.items():
        check_may_work(people, OrgUnit.objects.get(pk=org_unit_id), today)


def check_may_work(user_ids: Collection[int], org_unit: OrgUnit, today: date) -> None:
    """Refuse people without the right to see tasks at a place.

    :raises CannotWorkThere: with the name of the first
    """
    able = people_with(VIEW_TASK, org_unit, today=today).filter(pk__in=user_ids)
    missing = set(user_ids) - set(able.values_list("pk", flat=True))
    if missing:
        person = User.objects.filter(pk__in=missing).order_by("id").first()
        raise CannotWorkThere("assignee", name=str(person or ""))


def _row(new: NewTask, *, actor: Actor, now: datetime, is_sample: bool) -> Task:
    return Task(
        org_unit_id=new.org_unit_id,
        title=new.title.strip()[:200],
        note=new.note,
        assignee_id=new.assignee_id,
        role_id=new.role_id,
        customer_id=new.customer_id,
        about_kind=new.about_kind,
        about_id=new.about_id,
        due_date=new.due_date,
        priority=new.priority,
        created_by_id=actor.user_id,
        rule=new.rule,
        event_id=new.event_id,
        created_at=now,
        updated_at=now,
        is_sample=is_sample,
    )


def _tell(task: Task, actor: Actor, now: datetime) -> None:
    """Tell who is to do a task, unless they gave it to themselves."""
    url = reverse("tasks:task", args=[task.pk])
    if task.assignee_id is not None:
        if task.assignee_id == actor.user_id:
            return
        kind = GIVEN if actor.user_id else RAISED
        params = {"actor": actor.name, "title": task.title}
        notify([task.assignee_id], kind, url=url, now=now, params=params, is_sample=task.is_sample)
    elif task.role_id is not None:
        team = holders_of_role(task.role_id, task.org_unit, today=localdate(now))
        people = set(team.values_list("pk", flat=True)) - {actor.user_id}
        notify(people, FOR_ROLE, url=url, now=now, params={"title": task.title}, is_sample=task.is_sample)


@transaction.atomic
def assign_task(
    task: Task, *, actor: Actor, now: datetime, assignee: User | None = None, role: Role | None = None
) -> Task:
    """Pass a task on to a person or back to a role; the same again changes nothing.

    :raises NotAllowed: for the task of another at a place where the actor gives none
    :raises TaskIsClosed: if it is done or dropped
    :raises NobodyNamed: if neither a person nor a role is named
    :raises CannotWorkThere: if the person has no right at the place
    """
    task = lock_open_task(task, actor)
    if assignee is None and role is None:
        raise NobodyNamed("assignee")
    before = task.assignee_id
    if assignee == task.assignee and (role is None or role == task.role):
        return task
    if assignee:
        check_may_work([assignee.pk], task.org_unit, localdate(now))
    task.assignee, task.role, task.updated_at = assignee, role or (task.role if assignee else None), now
    task.save(update_fields=["assignee", "role", "updated_at"])
    event = TaskAssigned(
        **about(task),
        from_user_id=before,
        assignee_id=task.assignee_id,
        role=task.role.code if task.role else "",
    )
    record(event, actor=actor, now=now)
    _tell(task, actor, now)
    return task


@transaction.atomic
def take_task(task: Task, *, actor: Actor, now: datetime) -> Task:
    """Take on a task that waits for a role. Two may press the button in the same second: one gets it.

    :raises AlreadyTaken: if somebody has it
    :raises TaskIsClosed: if it is done or dropped
    :raises NotAllowed: unless the actor holds the role there, or gives tasks there
    """
    locked = Task.objects.select_for_update(of=("self",)).get(pk=task.pk)
    if not locked.is_open:
        raise TaskIsClosed
    if locked.assignee_id is not None or locked.role_id is None:
        raise AlreadyTaken
    team = holders_of_role(locked.role_id, locked.org_unit, today=localdate(now))
    if actor.user_id is None or not (
        actor.can(CHANGE_TASK, locked.org_unit_id) or team.filter(pk=actor.user_id).exists()
    ):
        raise NotAllowed(permission=CHANGE_TASK)
    locked.assignee_id, locked.updated_at = actor.user_id, now
    locked.save(update_fields=["assignee", "updated_at"])
    record(TaskTaken(**about(locked)), actor=actor, now=now)
    return locked


def pass_on_tasks(
    ids: Collection[UUID], *, from_user_id: int | None, to_user_id: int, actor: Actor, now: datetime
) -> list[UUID]:
    """Give open tasks that are still one person's to a colleague.

    A step of handing over a book, which asks for its right and tells people once; opens no transaction. Returns what
    changed hands.
    """
    rows = reassign(
        Task.objects.open(), "assignee", ids, from_user_id=from_user_id, to_user_id=to_user_id, now=now
    )
    events = [TaskAssigned(**about(row), from_user_id=from_user_id, assignee_id=to_user_id) for row in rows]
    record_many(events, actor=actor, now=now)
    return [row.pk for row in rows]
