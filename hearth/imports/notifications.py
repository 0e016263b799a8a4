"""What the bell says of files."""

from django.utils.translation import gettext_lazy as _

from hearth.core.notifications import notification_kind

IMPORTED = notification_kind("imports.done", _("Your file is imported: %(name)s"), "file-import")
