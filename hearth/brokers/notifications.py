"""What the bell says of registrations."""

from django.utils.translation import gettext_lazy as _

from hearth.core.notifications import notification_kind

CONFLICT = notification_kind("brokers.conflict", _("Registrations conflict at %(title)s"), "scale")
DECIDED = notification_kind(
    "brokers.decided", _("%(actor)s decided whose customer it is at %(title)s"), "scale"
)
