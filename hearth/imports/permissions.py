"""Rights over files that come in."""

from django.utils.translation import gettext_lazy as _

from hearth.core.permissions import permission

REVERT_IMPORT = permission("imports.revert", _("Take back what a file brought in"))
CHANGE_SOURCE = permission(
    "imports.change_source", _("Set up folders and servers that files are picked up from")
)
RUN_IMPORT = permission("imports.run", _("Import files and see the results"))
