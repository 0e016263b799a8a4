"""What the bell says of one's own account."""

from django.utils.translation import gettext_lazy as _

from hearth.core.notifications import notification_kind

NEW_DEVICE = notification_kind(
    "accounts.new_device",
    _("Your account was opened on a new device, from the address %(address)s. Was it you?"),
    "device-desktop",
)
