"""What the bell says of files that go out."""

from django.utils.translation import gettext_lazy as _

from hearth.core.notifications import notification_kind

WANTED = notification_kind(
    "exports.approval_wanted", _("%(who)s asks for a file of %(rows)s rows: %(name)s"), "file-export"
)
DECIDED = notification_kind("exports.decided", _("A decision on your file: %(name)s"), "file-export")
EXPORTED = notification_kind("exports.done", _("Your file is ready: %(name)s"), "file-export")
