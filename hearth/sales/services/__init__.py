"""Acts on contracts, how they are paid, and the money received for them."""

from hearth.sales.services.allocating import name_instalment, reallocate
from hearth.sales.services.contracts import NewContract, cancel_contract, sign_contract, write_contracts
from hearth.sales.services.days import noon
from hearth.sales.services.filing import file_contract
from hearth.sales.services.loans import NewLoan, begin_loan, end_loan, move_loan
from hearth.sales.services.payments import NewPayment, receive_payment, write_payments
from hearth.sales.services.plan_templates import PlanTerms, add_plan_template, change_plan_template
from hearth.sales.services.plans import make_plan, replace_plan
from hearth.sales.services.refusals import (
    AmountNotPositive,
    ContractNotLive,
    ContractNumberTaken,
    DateInFuture,
    NothingPaid,
    ReceiptNumberTaken,
    RefundTooLarge,
    SignedBeforeReserved,
    UnitAlreadySold,
)
from hearth.sales.services.stages import note_stage

__all__ = [
    "AmountNotPositive",
    "ContractNotLive",
    "ContractNumberTaken",
    "DateInFuture",
    "NewContract",
    "NewLoan",
    "NewPayment",
    "NothingPaid",
    "PlanTerms",
    "ReceiptNumberTaken",
    "RefundTooLarge",
    "SignedBeforeReserved",
    "UnitAlreadySold",
    "add_plan_template",
    "begin_loan",
    "cancel_contract",
    "change_plan_template",
    "end_loan",
    "file_contract",
    "make_plan",
    "move_loan",
    "name_instalment",
    "noon",
    "note_stage",
    "reallocate",
    "receive_payment",
    "replace_plan",
    "sign_contract",
    "write_contracts",
    "write_payments",
]
