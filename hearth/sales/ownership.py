"""Keys to people that only say who did something."""

from hearth.core.ownership import register_mark

register_mark("sales.PaymentPlan.author", "who settled how the contract is paid")
register_mark("sales.BuildingStage.user", "who noted that the building reached the stage")
register_mark("sales.LoanStep.user", "who recorded that the loan came so far")
register_mark("sales.ContractVersion.superseded_by", "who changed the contract")
