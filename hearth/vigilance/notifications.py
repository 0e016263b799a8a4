"""What the bell says of alarms."""

from django.utils.translation import gettext_lazy as _

from hearth.core.notifications import notification_kind

ALARM = notification_kind("vigilance.alarm", _("An alarm about unusual reading: %(rule)s"), "alert-triangle")
EMERGENCY_BEGAN = notification_kind(
    "vigilance.emergency", _("The account for an emergency was opened"), "alert-triangle"
)
