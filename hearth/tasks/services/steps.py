"""What the acts on tasks share."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.errors import DomainError, NotAllowed
from hearth.tasks.models import Task
from hearth.tasks.permissions import CHANGE_TASK


class TaskIsClosed(DomainError):
    """What is done or dropped is opened again before it changes."""

    code = "task_is_closed"
    message = _("This task is closed.")


def lock_task(task: Task, actor: Actor) -> Task:
    """Lock a task that the actor may change: one's own, or any where one gives tasks.

    :raises NotAllowed: for the task of another at a place where the actor gives none
    """
    locked = Task.objects.select_for_update(of=("self",)).get(pk=task.pk)
    is_own = actor.user_id is not None and locked.assignee_id == actor.user_id
    if not is_own and not actor.can(CHANGE_TASK, locked.org_unit_id):
        raise NotAllowed(permission=CHANGE_TASK)
    return locked


def lock_open_task(task: Task, actor: Actor) -> Task:
    """Lock as `lock_task` does.

    :raises TaskIsClosed: if it is done or dropped
    """
    locked = lock_task(task, actor)
    if not locked.is_open:
        raise TaskIsClosed
    return locked


def about(task: Task) -> dict[str, Any]:
    """What every event of a task carries."""
    return {
        "org_unit_id": task.org_unit_id,
        "customer_id": task.customer_id,
        "subject_id": task.pk,
        "is_sample": task.is_sample,
    }
