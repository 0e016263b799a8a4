"""Where books stand in the rail."""

from django.utils.translation import gettext_lazy as _

from hearth.books.permissions import HAND_OVER
from hearth.core.navigation import Place, Section, register_place

register_place(
    Place(_("Handovers"), "arrows-exchange", "books:handovers", HAND_OVER, order=30, section=Section.SETTINGS)
)
register_place(
    Place(
        _("Without an owner"),
        "user-off",
        "books:unowned",
        HAND_OVER,
        order=31,
        section=Section.SETTINGS,
        is_in_rail=False,
    )
)
