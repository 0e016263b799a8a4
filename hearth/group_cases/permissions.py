"""The right that group complaints have beside those over cases."""

from django.utils.translation import gettext_lazy as _

from hearth.core.permissions import permission

CHANGE_PLAN = permission(
    "group_cases.change_plan", _("Change the plan for group complaints for the whole group")
)
