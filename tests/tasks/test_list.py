"""All tasks as a list: columns, filters, the board, and the number of queries."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils.timezone import localdate

from hearth.core.actor import Actor
from hearth.lists.filters import Reader
from hearth.lists.selectors import list_rows
from hearth.lists.state import read_state
from hearth.organization.models import OrgUnit
from hearth.tasks.lists import TASKS
from hearth.tasks.models import Task
from hearth.tasks.services import complete_task
from tests.customers.builders import make_customer
from tests.organization.builders import make_member, sign_in
from tests.query_counts import count_queries
from tests.tasks.builders import NOW, make_colleague, make_role, make_task

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")


def found(**parameters: str) -> list[str]:
    reader = Reader(SYSTEM, localdate())
    state = read_state(TASKS, parameters, reader)
    assert state.ignored == []
    return sorted(str(row) for row in list_rows(state, reader))


def move(client: Client, task: Task, to: str) -> tuple[int, str]:
    answer: Any = client.post(f"/lists/tasks/move/{task.pk}/", {"by": "state", "to": to})
    return answer.status_code, answer.content.decode()


def test_tasks_are_narrowed_and_searched(company: OrgUnit) -> None:
    late = make_task(company, title="回访业主", due_date=date(2020, 1, 1), priority=1)
    make_task(
        company, title="寄合同", role=make_role((make_colleague(company), company)), due_date=date(2099, 1, 1)
    )
    complete_task(make_task(company, title="已办"), actor=SYSTEM, now=NOW)

    assert found(q="回访") == found(state="open", due="older:1") == found(priority="1") == [late.title]
    assert found(state="open", assignee="none") == ["寄合同"]
    assert found(closed="filled:") == ["已办"]


def test_a_task_is_done_and_opened_again_on_the_board(signed_in: Client, company: OrgUnit) -> None:
    task = make_task(company)

    steps = [move(signed_in, task, to)[0] for to in ("done", "open", "open")]
    dropped = move(signed_in, task, "dropped")

    task.refresh_from_db()
    assert steps == [204] * 3
    assert (dropped[0], task.state) == (422, "open")
    assert dropped[1]


def test_a_customer_is_named_to_those_who_may_see_customers(client: Client, company: OrgUnit) -> None:
    reader = make_member(company, "core.signed_in", "tasks.view")
    make_task(company, customer_id=make_customer(company, name="李小龙").pk)

    shown = str(sign_in(client, reader).get("/tasks/list/?columns=customer").content.decode())

    assert "李小龙" not in shown


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_for_any_number_of_tasks(
    signed_in: Client, company: OrgUnit, rows: int
) -> None:
    for _ in range(rows):
        make_task(company, customer_id=make_customer(company).pk)
    every = ",".join(column.key for column in TASKS.columns)

    assert count_queries(signed_in, "/tasks/list/", columns=every) == 9
