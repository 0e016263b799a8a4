"""What happens to a task; `subject_id` is always the task."""

from dataclasses import dataclass
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hearth.core.events import Event


@dataclass(frozen=True, kw_only=True)
class TaskCreated(Event):
    """Somebody, or a rule, asked for something to be done."""

    type: ClassVar[str] = "tasks.created"
    family: ClassVar[str] = "task"
    label: ClassVar[str | Promise] = _("Task given")

    rule: str = ""
    assignee_id: int | None = None
    role: str = ""


@dataclass(frozen=True, kw_only=True)
class TaskAssigned(Event):
    """Another person or role is to do it."""

    type: ClassVar[str] = "tasks.assigned"
    family: ClassVar[str] = "task"
    label: ClassVar[str | Promise] = _("Task passed on")

    from_user_id: int | None = None
    assignee_id: int | None = None
    role: str = ""


@dataclass(frozen=True, kw_only=True)
class TaskTaken(Event):
    """One of those who hold the role took it on."""

    type: ClassVar[str] = "tasks.taken"
    family: ClassVar[str] = "task"
    label: ClassVar[str | Promise] = _("Task taken on")


@dataclass(frozen=True, kw_only=True)
class TaskCompleted(Event):
    """It is done; `days_late` is negative when it was early."""

    type: ClassVar[str] = "tasks.completed"
    family: ClassVar[str] = "task"
    label: ClassVar[str | Promise] = _("Task done")

    days_late: int


@dataclass(frozen=True, kw_only=True)
class TaskDropped(Event):
    """It will not be done; the reason stays with the task."""

    type: ClassVar[str] = "tasks.dropped"
    family: ClassVar[str] = "task"
    label: ClassVar[str | Promise] = _("Task dropped")


@dataclass(frozen=True, kw_only=True)
class TaskReopened(Event):
    """It was not done after all."""

    type: ClassVar[str] = "tasks.reopened"
    family: ClassVar[str] = "task"
    label: ClassVar[str | Promise] = _("Task opened again")


@dataclass(frozen=True, kw_only=True)
class TaskPostponed(Event):
    """It is due on another day; days as `2026-03-18`."""

    type: ClassVar[str] = "tasks.postponed"
    family: ClassVar[str] = "task"
    label: ClassVar[str | Promise] = _("Task postponed")

    from_day: str
    to_day: str
