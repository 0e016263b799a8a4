"""What the bell says of the radar."""

from django.utils.translation import gettext_lazy as _

from hearth.core.notifications import notification_kind

SEEN = notification_kind(
    "radar.raised",
    _("%(project)s: %(households)s households speak of “%(topic)s”; a group complaint may be coming"),
    "alert-triangle",
)
