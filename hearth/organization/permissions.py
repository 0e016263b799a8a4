"""Rights over the organisation itself."""

from django.utils.translation import gettext_lazy as _

from hearth.core.permissions import permission

VIEW_ORGANIZATION = permission("organization.view", _("See the organisation, its people and settings"))
CHANGE_ORGANIZATION = permission("organization.change", _("Change units and appoint people"))
CHANGE_SETTING = permission(
    "organization.change_settings", _("Set rules and working days for a place and below")
)
CHANGE_FIELD_RULE = permission(
    "organization.change_field_rules", _("Mask or hide fields of customers for a role at a place")
)
CHANGE_ROLE = permission("organization.change_roles", _("Decide what each role may do"))
