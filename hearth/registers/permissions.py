"""Rights over what the law has us keep account of: incidents, and whom they touched."""

from django.utils.translation import gettext_lazy as _

from hearth.core.permissions import permission

VIEW_REGISTER = permission("registers.view", _("See incidents with personal data that others reported"))
CHANGE_REGISTER = permission("registers.change", _("Handle incidents with personal data"))
