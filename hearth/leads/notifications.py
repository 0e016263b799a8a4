"""What the bell says of leads."""

from django.utils.translation import gettext_lazy as _

from hearth.core.notifications import notification_kind

GIVEN = notification_kind("leads.given", _("%(actor)s gave you a lead: %(title)s"), "user-plus")
FALLS_SOON = notification_kind(
    "leads.falls_soon",
    _("%(title)s goes to the public pool on %(day)s unless you speak with the customer"),
    "clock",
)
FELL = notification_kind(
    "leads.fell",
    _("%(title)s went to the public pool: nobody spoke with the customer in time"),
    "users-group",
)
DISPUTED = notification_kind("leads.disputed", _("%(actor)s claims a lead: %(title)s"), "scale")
DECIDED = notification_kind("leads.decided", _("%(actor)s decided whose it is: %(title)s"), "scale")
