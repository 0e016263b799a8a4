"""Tasks about a person, given out and erased."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from hearth.core.personal_data import (
    Person,
    Table,
    delete_rows,
    register_personal_data,
    strike_out_in,
    table_of,
)
from hearth.tasks.models import Task


def export_tasks(person: Person) -> Table:
    rows = Task.objects.filter(customer__in=person.ids).order_by("created_at", "id")
    return table_of(rows, ("created_at", _("when")), "title", "note", "due_date", "state")


def erase_tasks(person: Person, now: datetime) -> int:
    """Remove tasks about the person, and strike the person out where other tasks name them."""
    number = delete_rows(Task.objects.filter(customer__in=person.ids))
    return number + strike_out_in(Task.objects.all(), person, "title", "note", "reason")


register_personal_data("tasks.tasks", _("Tasks"), Task, export=export_tasks, erase=erase_tasks)
