"""The market's place in the rail."""

from django.utils.translation import gettext_lazy as _

from hearth.core.navigation import Place, register_place
from hearth.market import lists  # noqa: F401  (registers what it offers)
from hearth.market.permissions import VIEW_MARKET

register_place(Place(_("Market"), "chart-line", "market:market", VIEW_MARKET, order=54))
