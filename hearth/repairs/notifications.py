"""What the bell says of repairs."""

from django.utils.translation import gettext_lazy as _

from hearth.core.notifications import notification_kind

GIVEN = notification_kind("repairs.given", _("Repair W%(number)s is yours: %(starts)s"), "tool")
ALL_SIGNED = notification_kind(
    "repairs.all_signed",
    _("The repairs of case #%(number)s are signed off: it can be closed"),
    "circle-check",
)
