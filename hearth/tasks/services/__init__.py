"""Giving tasks, taking them on and closing them."""

from hearth.tasks.services.closing import (
    NoReason,
    TaskIsClosed,
    TaskIsOpen,
    complete_task,
    drop_task,
    postpone_task,
    reopen_task,
)
from hearth.tasks.services.giving import (
    AlreadyTaken,
    CannotWorkThere,
    NewTask,
    NobodyNamed,
    assign_task,
    create_task,
    create_tasks,
    pass_on_tasks,
    take_task,
)

__all__ = [
    "AlreadyTaken",
    "CannotWorkThere",
    "NewTask",
    "NoReason",
    "NobodyNamed",
    "TaskIsClosed",
    "TaskIsOpen",
    "assign_task",
    "complete_task",
    "create_task",
    "create_tasks",
    "drop_task",
    "pass_on_tasks",
    "postpone_task",
    "reopen_task",
    "take_task",
]
