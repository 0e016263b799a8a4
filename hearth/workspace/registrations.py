"""What the workspace offers to the rail."""

from django.utils.translation import gettext_lazy as _

from hearth.core.navigation import Place, Section, register_place
from hearth.core.permissions import SIGNED_IN

register_place(
    Place(
        label=_("Start"),
        icon="home",
        url_name="workspace:home",
        permission=SIGNED_IN,
        order=0,
        section=Section.WORK,
        shortcut="s",
    )
)
