"""Places of the sale in the rail."""

from django.utils.translation import gettext_lazy as _

from hearth.core.navigation import Place, register_place
from hearth.customers.following import rows_follow
from hearth.inventory import lists, policy  # noqa: F401  (each registers what it offers)
from hearth.inventory.models import Hold, QueueEntry
from hearth.inventory.permissions import VIEW_INVENTORY

register_place(Place(_("Release batches"), "building-store", "inventory:batches", VIEW_INVENTORY, order=22))
rows_follow(Hold, "customer")
rows_follow(QueueEntry, "customer")
