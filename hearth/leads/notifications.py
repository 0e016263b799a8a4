"""What the bell says of leads."""

from django.utils.translation import gettext_lazy as _

from hearth.core.notifications import notification_kind

GIVEN = notification_kind("leads.given", _("%(actor)s gave you a lead: %(title)s"), "user-plus")
