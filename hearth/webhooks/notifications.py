"""What the bell says of webhooks."""

from django.utils.translation import gettext_lazy as _

from hearth.core.notifications import notification_kind

SWITCHED_OFF = notification_kind(
    "webhooks.switched_off", _("The webhook “%(name)s” was switched off; its page says why."), "plug"
)
