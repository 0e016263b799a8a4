"""What the bell says of tasks."""

from django.utils.translation import gettext_lazy as _

from hearth.core.notifications import notification_kind

GIVEN = notification_kind("tasks.given", _("%(actor)s gave you a task: %(title)s"), "checklist")
RAISED = notification_kind("tasks.raised", _("A task for you: %(title)s"), "checklist")
FOR_ROLE = notification_kind(
    "tasks.for_role", _("A task waits for one of your team: %(title)s"), "users-group"
)
