"""Doing a task, dropping it, putting it off, and opening it again."""

from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.errors import DomainError, InvalidInput
from hearth.core.events import record
from hearth.tasks.events import TaskCompleted, TaskDropped, TaskPostponed, TaskReopened
from hearth.tasks.models import Task
from hearth.tasks.services.steps import TaskIsClosed, about, lock_open_task, lock_task

__all__ = ["TaskIsClosed"]


class NoReason(InvalidInput):
    """What is dropped says why."""

    code = "no_reason"
    message = _("Say why it is dropped.")


class TaskIsOpen(DomainError):
    """Only what is closed can be opened again."""

    code = "task_is_open"
    message = _("This task is open.")


@transaction.atomic
def complete_task(task: Task, *, actor: Actor, now: datetime) -> Task:
    """Mark a task as done.

    :raises NotAllowed: for the task of another at a place where the actor gives none
    :raises TaskIsClosed: if it is done or dropped
    """
    task = lock_open_task(task, actor)
    _close(task, Task.State.DONE, "", now)
    days_late = (localdate(now) - task.due_date).days
    record(TaskCompleted(**about(task), days_late=days_late), actor=actor, now=now)
    return task


@transaction.atomic
def drop_task(task: Task, *, actor: Actor, reason: str, now: datetime) -> Task:
    """Decide that a task will not be done, and say why.

    :raises NotAllowed: for the task of another at a place where the actor gives none
    :raises TaskIsClosed: if it is done or dropped
    :raises NoReason: if the reason is empty
    """
    reason = reason.strip()
    if not reason:
        raise NoReason("reason")
    task = lock_open_task(task, actor)
    _close(task, Task.State.DROPPED, reason[:200], now)
    record(TaskDropped(**about(task)), actor=actor, now=now)
    return task


def _close(task: Task, state: Task.State, reason: str, now: datetime) -> None:
    task.state, task.reason, task.closed_at, task.updated_at = state, reason, now, now
    task.save(update_fields=["state", "reason", "closed_at", "updated_at"])


@transaction.atomic
def reopen_task(task: Task, *, actor: Actor, now: datetime) -> Task:
    """Open a task again that was done or dropped.

    :raises NotAllowed: for the task of another at a place where the actor gives none
    :raises TaskIsOpen: if it is open
    """
    task = lock_task(task, actor)
    if task.is_open:
        raise TaskIsOpen
    task.state, task.reason, task.closed_at, task.updated_at = Task.State.OPEN, "", None, now
    task.save(update_fields=["state", "reason", "closed_at", "updated_at"])
    record(TaskReopened(**about(task)), actor=actor, now=now)
    return task


@transaction.atomic
def postpone_task(task: Task, *, actor: Actor, due_date: date, now: datetime) -> Task:
    """Have a task due on another day, earlier too; the same day changes nothing.

    :raises NotAllowed: for the task of another at a place where the actor gives none
    :raises TaskIsClosed: if it is done or dropped
    """
    task = lock_open_task(task, actor)
    if task.due_date == due_date:
        return task
    event = TaskPostponed(**about(task), from_day=task.due_date.isoformat(), to_day=due_date.isoformat())
    task.due_date, task.updated_at = due_date, now
    task.save(update_fields=["due_date", "updated_at"])
    record(event, actor=actor, now=now)
    return task
