"""What the bell says of requests of persons."""

from django.utils.translation import gettext_lazy as _

from hearth.core.notifications import notification_kind

REQUEST_DUE = notification_kind(
    "privacy.request_due", _("Request #%(number)s of a person is due on %(day)s"), "clock"
)
REQUEST_LATE = notification_kind(
    "privacy.request_late", _("Request #%(number)s of a person is overdue since %(day)s"), "alert-triangle"
)
