"""What the pages of tasks show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Count, F, Q
from django.db.models.functions import TruncDate
from django.utils import timezone

from hearth.accounts.models import User
from hearth.core.actor import Actor
from hearth.core.events import event_types
from hearth.core.models import EventRecord
from hearth.organization.models import Membership
from hearth.tasks.models import Task, TaskQuerySet

WEEK = timedelta(days=7)
LONGEST_HISTORY = 100


@dataclass(frozen=True)
class TaskFilters:
    """What a person asks of the list; `whose` is mine, team or role, `due` is overdue, today, week or empty."""

    whose: str = "mine"
    due: str = ""
    state: str = Task.State.OPEN
    person: User | None = None


def task_list(actor: Actor, filters: TaskFilters, *, today: date) -> TaskQuerySet:
    """The tasks a list shows; no order yet."""
    tasks = Task.objects.visible_to(actor)
    if filters.whose == "mine":
        tasks = tasks.filter(assignee_id=actor.user_id)
    elif filters.whose == "role":
        tasks = waiting_for_roles_of(actor, today=today)
    if filters.state and filters.whose != "role":
        tasks = tasks.filter(state=filters.state)
    if filters.person:
        tasks = tasks.filter(assignee=filters.person)
    if filters.due:
        tasks = tasks.filter(_due(filters.due, today))
    return tasks.select_related("customer", "assignee", "role", "org_unit")


def _due(code: str, today: date) -> Q:
    return {
        "overdue": Q(due_date__lt=today),
        "today": Q(due_date=today),
        "week": Q(due_date__gte=today, due_date__lt=today + WEEK),
    }[code]


def waiting_for_roles_of(actor: Actor, *, today: date) -> TaskQuerySet:
    """Keep the open tasks that wait for a role the actor holds, where it is held; one query to begin with."""
    if actor.user_id is None:
        return Task.objects.none()
    held = Membership.objects.current(today).filter(user_id=actor.user_id)
    wanted = Q(pk__in=())
    for role_id, path in held.values_list("role_id", "org_unit__path"):
        wanted |= Q(role_id=role_id, org_unit__path__startswith=path)
    return Task.objects.visible_to(actor).waiting_for_a_person().filter(wanted)


def due_count(actor: Actor) -> int:
    """Count the actor's own tasks that are due today or were before; one query."""
    if actor.user_id is None:
        return 0
    due = Task.objects.open().filter(assignee_id=actor.user_id, due_date__lte=timezone.localdate())
    return due.count()


def my_next_tasks(actor: Actor, *, limit: int = 5) -> Sequence[Task]:
    """Return the actor's own open tasks, the most pressing first; one query."""
    own = Task.objects.visible_to(actor).open().filter(assignee_id=actor.user_id)
    return list(own.select_related("customer").order_by("due_date", "priority", "id")[:limit])


def open_tasks_of_customer(customer_id: UUID, actor: Actor, *, limit: int = 20) -> Sequence[Task]:
    """Return what is still to be done for a customer, the most pressing first; one query."""
    found = Task.objects.visible_to(actor).open().filter(customer_id=customer_id)
    return list(found.select_related("assignee", "role").order_by("due_date", "priority", "id")[:limit])


@dataclass(frozen=True)
class Workload:
    """What one person has to do and did in the last seven days; nobody is what waits for a role."""

    user_id: int | None
    name: str
    open: int
    overdue: int
    done: int
    done_in_time: int

    @property
    def share_in_time(self) -> float | None:
        return self.done_in_time / self.done if self.done else None


def workload(actor: Actor, *, today: date) -> Sequence[Workload]:
    """Return the figures of everybody with tasks where the actor sees them, the most overdue first; one query."""
    is_open, is_recent = Q(state=Task.State.OPEN), Q(state=Task.State.DONE, closed_at__date__gt=today - WEEK)
    rows = (
        Task.objects.visible_to(actor)
        .filter(is_open | is_recent)
        .order_by()
        .values("assignee_id", "assignee__display_name")
        .annotate(
            open=Count("id", filter=is_open),
            overdue=Count("id", filter=is_open & Q(due_date__lt=today)),
            done=Count("id", filter=is_recent),
            in_time=Count("id", filter=is_recent & Q(due_date__gte=TruncDate(F("closed_at")))),
        )
    )
    figures = [
        Workload(
            row["assignee_id"],
            row["assignee__display_name"] or "",
            row["open"],
            row["overdue"],
            row["done"],
            row["in_time"],
        )
        for row in rows
    ]
    return sorted(figures, key=lambda row: (-row.overdue, -row.open, row.name))


@dataclass(frozen=True)
class Step:
    """One act on a task: what, when, and who did it."""

    event: EventRecord
    who: str

    @property
    def label(self) -> str:
        return str(event_types[self.event.type].label)


def history_of(task: Task, *, until: datetime) -> Sequence[Step]:
    """Return what happened to a task since it was given, the newest first; two queries, by place and time."""
    events = EventRecord.objects.filter(
        org_unit_id=task.org_unit_id,
        occurred_at__gte=task.created_at,
        occurred_at__lte=until,
        subject_id=task.pk,
        type__startswith="tasks.",
    )
    rows = list(events.newest_first()[:LONGEST_HISTORY])
    names = {user.pk: str(user) for user in User.objects.filter(pk__in={row.actor_id for row in rows})}
    return [Step(row, names.get(row.actor_id or 0, "")) for row in rows]
