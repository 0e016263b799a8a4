"""Places of the registers in the rail."""

from django.utils.translation import gettext_lazy as _

from hearth.core.navigation import Place, Section, register_place
from hearth.core.permissions import SIGNED_IN
from hearth.customers.following import rows_stay
from hearth.registers import desk_lists, keeping, lists, policy  # noqa: F401  (each registers what it offers)
from hearth.registers.models import AffectedPerson
from hearth.registers.permissions import VIEW_REGISTER
from hearth.registers.selectors import count_new

register_place(
    Place(
        _("Incidents with personal data"),
        "alert-triangle",
        "registers:incidents",
        SIGNED_IN,
        order=46,
        section=Section.DATA,
        count=count_new,
    )
)
register_place(
    Place(
        _("Report an incident"),
        "alert-triangle",
        "registers:new_incident",
        SIGNED_IN,
        order=90,
        section=Section.DATA,
        is_creation=True,
        is_in_rail=False,
    )
)
register_place(
    Place(
        _("Persons an incident touched"),
        "users",
        "registers:affected",
        VIEW_REGISTER,
        order=47,
        section=Section.DATA,
        is_in_rail=False,
    )
)
register_place(
    Place(
        _("Impact assessments"),
        "shield-check",
        "registers:assessments",
        VIEW_REGISTER,
        order=48,
        section=Section.DATA,
    )
)
register_place(
    Place(
        _("Processors and receivers"),
        "building",
        "registers:processors",
        VIEW_REGISTER,
        order=49,
        section=Section.DATA,
    )
)
register_place(
    Place(_("Compliance audits"), "checks", "registers:audits", VIEW_REGISTER, order=50, section=Section.DATA)
)
rows_stay(AffectedPerson, "customer", because="the list names the record that was seen; a new search follows")
