"""Operations on tasks."""

from datetime import date, datetime
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router
from pydantic import AwareDatetime, BaseModel, Field

from hearth.api.endpoints import Reply, endpoint
from hearth.api.envelope import DatabaseId, ListOf, OneOf
from hearth.api.filters import equals, ordered
from hearth.api.listing import list_rows
from hearth.api.page_lists import PageQuery
from hearth.api.v1 import task_examples as examples
from hearth.api.v1.briefs import Briefs, CustomerBrief, on_demand
from hearth.core.actor import Actor
from hearth.core.permissions import actor_of
from hearth.tasks.lists import TASKS
from hearth.tasks.models import Task, TaskQuerySet
from hearth.tasks.permissions import VIEW_TASK

router = Router(tags=["tasks"])
State = Annotated[str, OneOf(Task.State)]


class TaskQuery(PageQuery):
    """What the list of tasks can be asked for."""

    definition: ClassVar = TASKS
    sorts: ClassVar = {"due_date": "due", "id": "given"}
    filters: ClassVar = {
        "customer_id": equals(UUID, "customer_id", can_be_empty=True),
        "about_id": equals(UUID, "about_id", can_be_empty=True),
        "org_unit_id": equals(DatabaseId, "org_unit_id"),
        "updated_at": ordered(AwareDatetime, "updated_at"),
    }
    sort: Literal["due_date", "-due_date", "id", "-id"] = "due_date"


class TaskRecord(BaseModel):
    """One thing to be done by a person, or by whoever of a role at a place takes it on."""

    id: UUID
    title: str
    note: str
    org_unit_id: int
    assignee_id: int | None
    role: str | None = Field(description="Code of the role whose people may take it on.")
    customer_id: UUID | None
    about_kind: str
    about_id: UUID | None
    due_date: date
    priority: int = Field(description="1 is urgent, 2 high, 3 ordinary, 4 low.")
    state: State
    reason: str
    created_by_id: int | None
    created_at: datetime
    updated_at: datetime
    closed_at: datetime | None
    customer: CustomerBrief | None = on_demand("The customer.")


class TaskList(ListOf[TaskRecord]):
    pass


@endpoint(
    router,
    "GET /tasks",
    permission=VIEW_TASK,
    returns=TaskList,
    summary="List tasks",
    example=examples.TASKS,
    parameters=TaskQuery,
)
def list_tasks(request: HttpRequest, query: Query[TaskQuery]) -> Reply:
    """Tasks the caller may see, those due first unless sorted otherwise."""
    found = list_rows(request, query, _tasks(actor_of(request)), order=query.sort)
    briefs = Briefs(request, TaskList, found.rows)
    return Reply(TaskList(data=[_read(row, briefs) for row in found.rows], page=found.page))


@endpoint(
    router,
    "GET /tasks/{uuid:task_id}",
    permission=VIEW_TASK,
    returns=TaskRecord,
    summary="Get a task",
    example=examples.TASK,
    problems=(404,),
)
def get_task(request: HttpRequest, task_id: UUID) -> Reply:
    """One task."""
    row = get_object_or_404(_tasks(actor_of(request)), pk=task_id)
    return Reply(_read(row, Briefs(request, TaskRecord, [row])))


def _tasks(actor: Actor) -> TaskQuerySet:
    return Task.objects.visible_to(actor).select_related("role")


def _read(row: Task, briefs: Briefs) -> TaskRecord:
    named = set(TaskRecord.model_fields) - {"role", "customer"}
    return TaskRecord(
        **{name: getattr(row, name) for name in named},
        role=row.role.code if row.role else None,
        customer=briefs.of(row)["customer"],
    )
