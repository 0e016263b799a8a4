"""Rights over what is on sale, and at which price."""

from django.utils.translation import gettext_lazy as _

from hearth.core.permissions import permission

VIEW_INVENTORY = permission("inventory.view", _("See what is on sale, price lists and who waits in a queue"))
CHANGE_INVENTORY = permission("inventory.change", _("Prepare release batches and price lists"))
APPROVE_INVENTORY = permission(
    "inventory.approve", _("Approve, as the second person, batches and price lists that others prepared")
)
HOLD_HOME = permission("inventory.hold", _("Hold homes for customers and give queue numbers"))
EXTEND_HOLD = permission(
    "inventory.extend", _("Hold homes longer, and end what others hold, and give reserved homes free")
)
RUN_OPENING = permission("inventory.open", _("Run an opening day and call queue numbers"))
