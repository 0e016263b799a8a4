"""The place of imports in the rail."""

from django.utils.translation import gettext_lazy as _

from hearth.core.navigation import Place, Section, register_place
from hearth.imports.permissions import CHANGE_SOURCE, RUN_IMPORT

register_place(Place(_("Imports"), "upload", "imports:list", RUN_IMPORT, order=10, section=Section.DATA))
register_place(
    Place(
        _("Import a file"),
        "upload",
        "imports:new",
        RUN_IMPORT,
        order=10,
        section=Section.DATA,
        is_creation=True,
    )
)
register_place(
    Place(
        _("Pick-ups"),
        "download",
        "imports:sources",
        CHANGE_SOURCE,
        order=11,
        section=Section.DATA,
        is_in_rail=False,
    )
)
register_place(
    Place(
        _("Remembered columns"),
        "table",
        "imports:mappings",
        RUN_IMPORT,
        order=12,
        section=Section.DATA,
        is_in_rail=False,
    )
)
