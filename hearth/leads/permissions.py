"""Rights over leads."""

from django.utils.translation import gettext_lazy as _

from hearth.core.permissions import permission

VIEW_LEAD = permission("leads.view", _("See the leads of a place"))
CHANGE_LEAD = permission("leads.change", _("Record leads and visits, and work on one's own leads"))
ASSIGN_LEAD = permission("leads.assign", _("Give leads to colleagues, and change those of others"))
CHANGE_PIPELINE = permission(
    "leads.change_pipeline", _("Change for the group what stages of leads ask for, and why leads are lost")
)
CHANGE_GRADES = permission("leads.change_grades", _("Change the grades of leads for the group"))
