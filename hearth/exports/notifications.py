"""What the bell says of files that go out."""

from django.utils.translation import gettext_lazy as _

from hearth.core.notifications import notification_kind

EXPORTED = notification_kind("exports.done", _("Your file is ready: %(name)s"), "file-export")
