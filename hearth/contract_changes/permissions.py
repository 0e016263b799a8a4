"""Rights over changes of contracts."""

from django.utils.translation import gettext_lazy as _

from hearth.core.permissions import permission

VIEW_CHANGE = permission("contract_changes.view", _("See changes of contracts and who approved them"))
ASK_CHANGE = permission(
    "contract_changes.ask", _("Ask for changes of contracts, and carry out what was approved")
)
APPROVE_CHANGE = permission(
    "contract_changes.approve", _("Approve changes of contracts that others asked for")
)
