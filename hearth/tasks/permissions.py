"""Rights over tasks."""

from django.utils.translation import gettext_lazy as _

from hearth.core.permissions import permission

VIEW_TASK = permission("tasks.view", _("See the tasks of a place and work on one's own"))
CHANGE_TASK = permission("tasks.change", _("Give tasks to people and roles, and change those of others"))
