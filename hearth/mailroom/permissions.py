"""Rights over incoming mail."""

from django.utils.translation import gettext_lazy as _

from hearth.core.permissions import permission

HANDLE_MAIL = permission("mailroom.handle", _("See incoming mail, make cases of it and answer it"))
MANAGE_MAILBOX = permission("mailroom.manage", _("Say which mailboxes are fetched from"))
