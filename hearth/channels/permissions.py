"""Rights over contacts with customers."""

from django.utils.translation import gettext_lazy as _

from hearth.core.permissions import permission

VIEW_INTERACTION = permission("channels.view", _("See contacts with customers"))
RECORD_INTERACTION = permission("channels.record", _("Record calls, visits and notes"))
SEND_MESSAGE = permission("channels.send", _("Send messages to customers"))
VIEW_SENSITIVE = permission("channels.view_sensitive", _("Read notes marked sensitive in full"))
CHANGE_TEMPLATE = permission("channels.change_templates", _("Keep text templates for a place and below"))
