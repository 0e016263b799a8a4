"""Places of the sale in the rail."""

from django.utils.translation import gettext_lazy as _

from hearth.core.navigation import Place, register_place
from hearth.inventory import lists  # noqa: F401  (registers the list)
from hearth.inventory.permissions import VIEW_INVENTORY

register_place(Place(_("Release batches"), "building-store", "inventory:batches", VIEW_INVENTORY, order=22))
