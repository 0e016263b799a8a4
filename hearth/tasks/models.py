"""What is to be done, for whom, until when."""

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.models import Record
from hearth.core.querysets import ScopedQuerySet
from hearth.customers.models import Customer
from hearth.organization.models import OrgUnit, Role
from hearth.tasks.permissions import VIEW_TASK


class TaskQuerySet(ScopedQuerySet["Task"]):
    view_permission = VIEW_TASK

    def visible_to(self, actor: Actor) -> "TaskQuerySet":
        """Keep the tasks of places the actor sees, and those given to the actor wherever they lie."""
        scope = actor.scope(VIEW_TASK)
        if scope.everywhere:
            return self
        if not scope:
            return self.none()
        at_place = models.Q(org_unit_id__in=sorted(scope.org_unit_ids))
        return self.filter(at_place | models.Q(assignee_id=actor.user_id))

    def open(self) -> "TaskQuerySet":
        return self.filter(state=Task.State.OPEN)

    def waiting_for_a_person(self) -> "TaskQuerySet":
        """Keep the open tasks of a role that nobody has taken on."""
        return self.open().filter(assignee__isnull=True)


class Task(Record):
    """One thing to be done by a person, or by whoever of a role at a place takes it on.

    `about_kind` and `about_id` name what it is about beside the customer (a case, a home); `subjects` tells how
    such a thing is called and where it is shown. `rule` and `event_id` say what raised it, once for each event.
    """

    class State(models.TextChoices):
        OPEN = "open", _("open")
        DONE = "done", _("done")
        DROPPED = "dropped", _("dropped")

    class Priority(models.IntegerChoices):
        URGENT = 1, _("urgent")
        HIGH = 2, _("high")
        ORDINARY = 3, _("ordinary")
        LOW = 4, _("low")

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="tasks")
    title = models.CharField(_("what to do"), max_length=200)
    note = models.TextField(_("note"), blank=True)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="tasks"
    )
    role = models.ForeignKey(Role, on_delete=models.PROTECT, null=True, blank=True, related_name="tasks")
    customer = models.ForeignKey(
        Customer, on_delete=models.CASCADE, null=True, blank=True, related_name="tasks"
    )
    about_kind = models.CharField(max_length=20, blank=True)
    about_id = models.UUIDField(null=True, blank=True)
    due_date = models.DateField(_("due"))
    priority = models.PositiveSmallIntegerField(_("priority"), choices=Priority, default=Priority.ORDINARY)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.OPEN)
    reason = models.CharField(_("why it was dropped"), max_length=200, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    rule = models.CharField(max_length=40, blank=True)
    event_id = models.UUIDField(null=True)

    objects = TaskQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["due_date", "id"], name="task_by_day"),
            models.Index(fields=["assignee", "state", "due_date"], name="task_of_a_person"),
            models.Index(fields=["org_unit", "state", "due_date"], name="task_at_a_place"),
            models.Index(fields=["about_id"], name="task_about", condition=models.Q(about_id__isnull=False)),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["rule", "event_id"],
                condition=models.Q(event_id__isnull=False),
                name="a_rule_asks_once_for_each_event",
            ),
            models.CheckConstraint(
                condition=(models.Q(state="open") & models.Q(closed_at__isnull=True))
                | (~models.Q(state="open") & models.Q(closed_at__isnull=False)),
                name="a_closed_task_says_when",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="dropped") | ~models.Q(reason=""),
                name="a_dropped_task_says_why",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    def is_overdue(self, today: date) -> bool:
        return self.is_open and self.due_date < today
