"""Acts on requests for changes of contracts."""

from hearth.contract_changes.services.asking import ask_change, withdraw_change
from hearth.contract_changes.services.calendar import lapse_changes, remind_approvers
from hearth.contract_changes.services.carrying_out import carry_out_change
from hearth.contract_changes.services.deciding import approve_change, may_decide, refuse_change

__all__ = [
    "approve_change",
    "ask_change",
    "carry_out_change",
    "lapse_changes",
    "may_decide",
    "refuse_change",
    "remind_approvers",
    "withdraw_change",
]
