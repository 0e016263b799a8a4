"""Rights over files that go out; which rows and columns they hold is the right of the app that owns them."""

from django.utils.translation import gettext_lazy as _

from hearth.core.permissions import permission

EXPORT = permission("exports.run", _("Write lists and segments to files"))
EXPORT_UNMASKED = permission(
    "exports.unmasked", _("Write to files in full what the page shows in full; else it is masked there")
)
APPROVE_EXPORT = permission("exports.approve", _("Approve or refuse large files that others ask for"))
VIEW_EXPORTS = permission("exports.view_all", _("See who wrote what to a file, and why"))
