"""Contracts 签约, the money received for them 回款, how it is to be paid 付款方式, and loans 按揭."""

from hearth.sales.models.contracts import (
    ENDED,
    Contract,
    ContractQuerySet,
    ContractVersion,
    Payment,
    PaymentQuerySet,
    SettlementLine,
)
from hearth.sales.models.loans import Loan, LoanStep
from hearth.sales.models.plans import (
    BuildingStage,
    Instalment,
    InstalmentQuerySet,
    PaymentPlan,
    PlanTemplate,
    Stage,
)

__all__ = [
    "ENDED",
    "BuildingStage",
    "Contract",
    "ContractQuerySet",
    "ContractVersion",
    "Instalment",
    "InstalmentQuerySet",
    "Loan",
    "LoanStep",
    "Payment",
    "PaymentPlan",
    "PaymentQuerySet",
    "PlanTemplate",
    "SettlementLine",
    "Stage",
]
