"""Rights over what is known of the market."""

from django.utils.translation import gettext_lazy as _

from hearth.core.permissions import permission

VIEW_MARKET = permission("market.view", _("See competitors, their prices and market events"))
CHANGE_MARKET = permission("market.change", _("Note competitors, their prices and market events"))
