"""Acts on contracts, how they are paid, and the money received for them."""

from hearth.sales.services.allocating import name_instalment, reallocate
from hearth.sales.services.changes import (
    OWNERS,
    Kept,
    add_owner,
    cancel_contract,
    change_buyer,
    change_total,
    lock_live_contract,
    received_for,
    remove_owner,
    replace_contract,
    withdraw_contract,
)
from hearth.sales.services.contracts import NewContract, refuse_if_taken, sign_contract, write_contracts
from hearth.sales.services.days import noon
from hearth.sales.services.filing import file_contract
from hearth.sales.services.loans import NewLoan, begin_loan, end_loan, move_loan
from hearth.sales.services.payments import NewPayment, receive_payment, write_payments
from hearth.sales.services.plan_templates import PlanTerms, add_plan_template, change_plan_template
from hearth.sales.services.plans import make_plan, replace_plan
from hearth.sales.services.refusals import (
    AmountNotPositive,
    BelowAuthority,
    ContractNotLive,
    ContractNumberTaken,
    DateInFuture,
    KeptTooLarge,
    NothingPaid,
    OnlyByRequest,
    ReceiptNumberTaken,
    RefundTooLarge,
    SignedBeforeReserved,
    UnitAlreadySold,
    UnitElsewhere,
)
from hearth.sales.services.stages import note_stage
from hearth.sales.services.versions import lock_contract

__all__ = [
    "OWNERS",
    "AmountNotPositive",
    "BelowAuthority",
    "ContractNotLive",
    "ContractNumberTaken",
    "DateInFuture",
    "Kept",
    "KeptTooLarge",
    "NewContract",
    "NewLoan",
    "NewPayment",
    "NothingPaid",
    "OnlyByRequest",
    "PlanTerms",
    "ReceiptNumberTaken",
    "RefundTooLarge",
    "SignedBeforeReserved",
    "UnitAlreadySold",
    "UnitElsewhere",
    "add_owner",
    "add_plan_template",
    "begin_loan",
    "cancel_contract",
    "change_buyer",
    "change_plan_template",
    "change_total",
    "end_loan",
    "file_contract",
    "lock_contract",
    "lock_live_contract",
    "make_plan",
    "move_loan",
    "name_instalment",
    "noon",
    "note_stage",
    "reallocate",
    "receive_payment",
    "received_for",
    "refuse_if_taken",
    "remove_owner",
    "replace_contract",
    "replace_plan",
    "sign_contract",
    "withdraw_contract",
    "write_contracts",
    "write_payments",
]
