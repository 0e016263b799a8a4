"""The right over webhooks."""

from django.utils.translation import gettext_lazy as _

from hearth.core.permissions import permission

MANAGE_WEBHOOK = permission("webhooks.manage", _("Send events to other systems"))
