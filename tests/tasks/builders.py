"""Tasks for tests."""

from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from hearth.accounts.models import User
from hearth.core.actor import Actor
from hearth.organization.models import Membership, OrgUnit, Role
from hearth.tasks.models import Task
from hearth.tasks.permissions import CHANGE_TASK, VIEW_TASK
from hearth.tasks.services import NewTask, create_tasks
from tests.organization.builders import DAY, make_member, make_user

NOW = datetime(2026, 3, 18, 6, 30, tzinfo=UTC)
DUE = date(2026, 3, 20)
_numbers = count(1)


def make_colleague(org_unit: OrgUnit, *more: str) -> User:
    """Write a user who may see and give tasks at a place."""
    return make_member(org_unit, "core.signed_in", VIEW_TASK, CHANGE_TASK, *more)


def make_role(*holders: tuple[User, OrgUnit]) -> Role:
    """Write a role that may see tasks, held by people at places."""
    number = next(_numbers)
    role = Role.objects.create(
        code=f"team{number}", name_zh=f"班组{number}", name_en=f"Team {number}", permissions=[VIEW_TASK]
    )
    for user, place in holders:
        Membership.objects.create(user=user, org_unit=place, role=role, valid_from=DAY)
    return role


def make_team(org_unit: OrgUnit, size: int = 2) -> tuple[Role, list[User]]:
    """Write a role and people who hold nothing else."""
    people = [make_user() for _number in range(size)]
    return make_role(*((person, org_unit) for person in people)), people


def make_task(
    org_unit: OrgUnit, *, assignee: User | None = None, role: Role | None = None, **values: Any
) -> Task:
    """Write a task for a person, a new colleague unless stated otherwise; further values are those of `NewTask`."""
    if assignee is None and role is None:
        assignee = make_colleague(org_unit)
    new = NewTask(
        org_unit.pk,
        values.pop("title", f"回访客户 {next(_numbers)}"),
        values.pop("due_date", DUE),
        assignee.pk if assignee else None,
        role.pk if role else None,
        **values,
    )
    return create_tasks([new], actor=Actor.system("test"), now=NOW)[0]
