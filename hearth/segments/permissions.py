"""Rights over segments."""

from django.utils.translation import gettext_lazy as _

from hearth.core.permissions import permission

VIEW_SEGMENT = permission("segments.view", _("See segments and their members"))
CHANGE_SEGMENT = permission("segments.change", _("Create and change segments"))
