"""What exports offer: a place in the rail, and the tool of every list."""

from django.utils.translation import gettext_lazy as _

from hearth.core.navigation import Place, Section, register_place
from hearth.exports.permissions import EXPORT, VIEW_EXPORTS
from hearth.lists.tools import ListTool, list_tools

register_place(Place(_("My exports"), "file-export", "exports:list", EXPORT, order=20, section=Section.DATA))
register_place(
    Place(_("All exports"), "file-export", "exports:all", VIEW_EXPORTS, order=21, section=Section.DATA)
)
list_tools.register("export", ListTool(_("Export…"), "file-export", EXPORT, "exports:new"))
