"""Rights over contracts and money."""

from django.utils.translation import gettext_lazy as _

from hearth.core.permissions import permission

VIEW_CONTRACT = permission("sales.view", _("See contracts and payments"))
CHANGE_CONTRACT = permission("sales.change", _("Record contracts and payments"))
