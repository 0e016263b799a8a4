"""Rights over contracts and money."""

from django.utils.translation import gettext_lazy as _

from hearth.core.permissions import permission

VIEW_CONTRACT = permission("sales.view", _("See contracts and payments"))
CHANGE_CONTRACT = permission("sales.change", _("Record contracts and payments"))
KEEP_TERMS = permission(
    "sales.keep_terms", _("Keep ways to pay, and note which stage a building has reached")
)
