"""Tasks about a person, given out and erased."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from hearth.core.personal_data import (
    Person,
    Table,
    delete_rows,
    register_personal_data,
    strike_out_in,
    table_of,
)
from hearth.core.retention import KeptKind, Way, keep_for_a_time, ties
from hearth.tasks.models import Task


def export_tasks(person: Person) -> Table:
    rows = Task.objects.filter(customer__in=person.ids).order_by("created_at", "id")
    return table_of(rows, ("created_at", _("when")), "title", "note", "due_date", "state")


def erase_tasks(person: Person, now: datetime) -> int:
    """Remove tasks about the person, and strike the person out where other tasks name them."""
    number = delete_rows(Task.objects.filter(customer__in=person.ids))
    return number + strike_out_in(Task.objects.all(), person, "title", "note", "reason")


register_personal_data("tasks.tasks", _("Tasks"), Task, export=export_tasks, erase=erase_tasks)


def waited_for(ids: Collection[UUID], before: datetime) -> set[UUID]:
    """Name those of the customers about whom something is still to be done."""
    rows = Task.objects.open().filter(customer__in=ids)
    return set(rows.values_list("customer_id", flat=True))


def remove_tasks(ids: Sequence[UUID], now: datetime) -> int:
    return delete_rows(Task.objects.filter(pk__in=ids))


ties.register("tasks.tasks", waited_for)
keep_for_a_time(
    KeptKind(
        code="tasks.closed",
        label=_("Closed tasks"),
        due=lambda before: Task.objects.filter(closed_at__lt=before, is_sample=False),
        ways={Way.ERASE: remove_tasks},
    ),
)
