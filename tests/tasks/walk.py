"""Objects for the walk over all routes."""

from typing import Any

from hearth.organization.models import OrgUnit
from tests.tasks.builders import make_task


def make_task_route(company: OrgUnit) -> dict[str, Any]:
    return {"task_id": make_task(company).pk}


SAMPLES = dict.fromkeys(
    (
        "tasks:task",
        "tasks:take",
        "tasks:complete",
        "tasks:reopen",
        "tasks:drop",
        "tasks:postpone",
        "tasks:assign",
    ),
    make_task_route,
)
