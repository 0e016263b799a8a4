"""Acts on contracts and the money received for them."""

from hearth.sales.services.contracts import NewContract, cancel_contract, sign_contract, write_contracts
from hearth.sales.services.days import noon
from hearth.sales.services.payments import NewPayment, receive_payment, write_payments
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

__all__ = [
    "AmountNotPositive",
    "ContractNotLive",
    "ContractNumberTaken",
    "DateInFuture",
    "NewContract",
    "NewPayment",
    "NothingPaid",
    "ReceiptNumberTaken",
    "RefundTooLarge",
    "SignedBeforeReserved",
    "UnitAlreadySold",
    "cancel_contract",
    "noon",
    "receive_payment",
    "sign_contract",
    "write_contracts",
    "write_payments",
]
