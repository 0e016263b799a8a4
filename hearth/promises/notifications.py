"""What the bell says of promises."""

from django.utils.translation import gettext_lazy as _

from hearth.core.notifications import notification_kind

OVERDUE = notification_kind("promises.overdue", _("A promise is overdue: %(title)s"), "clock")
