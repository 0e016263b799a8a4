"""Rights over projects and homes."""

from django.utils.translation import gettext_lazy as _

from hearth.core.permissions import permission

VIEW_PROPERTY = permission("properties.view", _("See projects, buildings and homes"))
CHANGE_PROPERTY = permission("properties.change", _("Create and change projects, buildings and homes"))
