"""What the workspace offers to the rail."""

from django.utils.translation import gettext_lazy as _

from hearth.audit.coverage import leave_unwatched
from hearth.core.navigation import Place, Section, register_place
from hearth.core.permissions import SIGNED_IN
from hearth.customers.following import rows_stay
from hearth.workspace.models import Look

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

rows_stay(Look, "customer_id", because="a look at a record that was merged is no look at the other")

leave_unwatched(Look, because="When a person last opened a page: the access log is in the events.")
