"""What tasks offer to the rail, the timeline, the search and the warehouse."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.extracts import Extract, register_extract
from hearth.core.models import EventRecord
from hearth.core.navigation import Place, Section, register_place
from hearth.core.search import Hit, SearchProvider, search_providers
from hearth.core.timeline import Detail, text_finders, timeline_detail
from hearth.customers.following import rows_follow
from hearth.properties.models import Unit
from hearth.tasks import giving, lists  # noqa: F401  (each registers what it offers)
from hearth.tasks.events import (
    TaskAssigned,
    TaskCompleted,
    TaskCreated,
    TaskDropped,
    TaskPostponed,
    TaskReopened,
    TaskTaken,
)
from hearth.tasks.models import Task
from hearth.tasks.permissions import VIEW_TASK
from hearth.tasks.selectors import due_count
from hearth.tasks.subjects import Subject, SubjectKind, subjects

register_place(
    Place(
        label=_("Tasks"),
        icon="checklist",
        url_name="tasks:tasks",
        permission=VIEW_TASK,
        order=5,
        section=Section.WORK,
        shortcut="t",
        count=due_count,
    )
)
register_place(
    Place(
        label=_("Task"),
        icon="checklist",
        url_name="tasks:new",
        permission=VIEW_TASK,
        order=15,
        is_creation=True,
    )
)


def load_homes(ids: Collection[UUID], actor: Actor) -> Mapping[UUID, Subject]:
    """Name homes that tasks are about; one query."""
    found = (
        Unit.objects.visible_to(actor).filter(pk__in=ids).select_related("project", "building", "entrance")
    )
    return {
        unit.pk: Subject(
            unit.address, reverse("properties:unit", args=[unit.pk]), org_unit_id=unit.org_unit_id
        )
        for unit in found
    }


subjects.register("home", SubjectKind(_("Home"), "home", load_homes))

register_extract(
    Extract(
        name="tasks",
        sql="""
            SELECT id::text AS task_id, customer_id::text, org_unit_id, assignee_id, role_id, rule, state, priority,
                due_date, created_at, closed_at
            FROM tasks_task
        """,
        columns={
            "task_id": "string",
            "customer_id": "string",
            "org_unit_id": "int64",
            "assignee_id": "int64",
            "role_id": "int64",
            "rule": "string",
            "state": "string",
            "priority": "int16",
            "due_date": "date",
            "created_at": "timestamp('UTC')",
            "closed_at": "timestamp('UTC')",
        },
        customer_column="customer_id",
    )
)


@timeline_detail(
    TaskCreated.type,
    TaskAssigned.type,
    TaskTaken.type,
    TaskCompleted.type,
    TaskDropped.type,
    TaskReopened.type,
    TaskPostponed.type,
)
def task_details(events: Sequence[EventRecord], actor: Actor) -> Mapping[UUID, Detail]:
    """Name the task, and say why it was dropped or what was noted; one query."""
    wanted = {event.subject_id for event in events if event.subject_id}
    tasks = Task.objects.visible_to(actor).filter(pk__in=wanted).in_bulk()
    return {
        event.id: Detail(
            task.title,
            body={TaskDropped.type: task.reason, TaskCreated.type: task.note}.get(event.type, ""),
            url=reverse("tasks:task", args=[task.pk]),
        )
        for event in events
        if event.subject_id and (task := tasks.get(event.subject_id))
    }


def find_tasks_of(query: str, customer_ids: Sequence[UUID], actor: Actor, limit: int) -> Collection[UUID]:
    """Find tasks for some customers by a part of their text, the newest first."""
    said = Q(title__icontains=query) | Q(note__icontains=query)
    found = Task.objects.visible_to(actor).filter(said, customer_id__in=customer_ids)
    return found.order_by("-created_at", "-id").values_list("id", flat=True)[:limit]


text_finders.register("tasks", find_tasks_of)


def find_tasks(query: str, actor: Actor, limit: int) -> Sequence[Hit]:
    """Find open tasks by a part of what is to be done, the most pressing first."""
    found = Task.objects.visible_to(actor).open().filter(Q(title__icontains=query))
    return [_hit(task) for task in found.order_by("due_date", "id")[:limit]]


def recall_tasks(ids: Collection[UUID], actor: Actor) -> Mapping[UUID, Hit]:
    """Name tasks by their ids, the closed ones too; one query."""
    return {task.pk: _hit(task) for task in Task.objects.visible_to(actor).filter(pk__in=ids)}


def _hit(task: Task) -> Hit:
    return Hit(task.title, f"{task.due_date:%Y-%m-%d}", reverse("tasks:task", args=[task.pk]), "checklist")


search_providers.register(
    "tasks", SearchProvider(_("Tasks"), VIEW_TASK, find_tasks, "tasks:task", recall_tasks)
)

rows_follow(Task, "customer")
