"""Keys to people that only say who did something."""

from hearth.core.ownership import register_mark

register_mark(
    "contract_changes.ChangeRequest.author", "who asked for the change; anybody with the right carries it out"
)
register_mark("contract_changes.ChangeRequest.carried_out_by", "who carried it out")
register_mark("contract_changes.ApprovalStep.decided_by", "who approved or refused")
