"""What the bell says of incidents."""

from django.utils.translation import gettext_lazy as _

from hearth.core.notifications import notification_kind

REPORTED = notification_kind(
    "registers.incident_reported", _("An incident with personal data: #%(number)s"), "alert-triangle"
)
CLOCK_SOON = notification_kind(
    "registers.clock_soon", _("A term of incident #%(number)s ends at %(until)s"), "clock"
)
CLOCK_OVER = notification_kind(
    "registers.clock_over", _("A term of incident #%(number)s has run out at %(until)s"), "alert-triangle"
)
AUDIT_DUE = notification_kind(
    "registers.audit_due", _("The next compliance audit is due on %(day)s"), "clock"
)
