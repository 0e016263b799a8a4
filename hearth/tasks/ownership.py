"""Who is in charge of tasks."""

from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hearth.core.ownership import Holding, register_holding, register_mark
from hearth.tasks.models import Task
from hearth.tasks.permissions import VIEW_TASK
from hearth.tasks.services import pass_on_tasks


def _describe(row: Task) -> tuple[str, str]:
    return row.title, reverse("tasks:task", args=[row.pk])


register_holding(
    Holding(
        code="tasks",
        label=_("Open tasks"),
        icon="checklist",
        field="assignee",
        place="org_unit",
        permission=VIEW_TASK,
        group=Coalesce(F("customer__household_id"), F("customer_id"), F("id")),
        open_rows=Task.objects.open,
        pass_on=pass_on_tasks,
        describe=_describe,
        lacks_one=Q(role__isnull=True),
    )
)
register_mark("tasks.Task.created_by", "who gave the task")
