"""The page of one's own account, for the command palette; the shell links it in its menu."""

from django.utils.translation import gettext_lazy as _

from hearth.core.navigation import Place, Section, register_place
from hearth.core.permissions import SIGNED_IN

register_place(
    Place(
        _("My account"),
        "user",
        "accounts:profile",
        SIGNED_IN,
        order=99,
        section=Section.SETTINGS,
        is_in_rail=False,
    )
)
