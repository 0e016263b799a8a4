"""Rights over repairs."""

from django.utils.translation import gettext_lazy as _

from hearth.core.permissions import permission

VIEW_REPAIR = permission("repairs.view", _("See repair orders and warranties"))
CHANGE_REPAIR = permission(
    "repairs.change", _("Make and book repair orders, and keep working days, parts and days of acceptance")
)
WORK_REPAIR = permission("repairs.work", _("Do the repairs that were given to oneself"))
