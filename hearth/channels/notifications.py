"""What the bell says of contacts."""

from django.utils.translation import gettext_lazy as _

from hearth.core.notifications import notification_kind

MENTIONED = notification_kind(
    "channels.mentioned", _("%(actor)s mentioned you: %(customer)s"), "message-circle"
)
