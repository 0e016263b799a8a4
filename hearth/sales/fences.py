"""Contracts, payments, plans and loans are seen at the place that sold."""

from hearth.core.fence import at_place, fence, leave_open
from hearth.sales.models import (
    BuildingStage,
    Contract,
    ContractVersion,
    Instalment,
    Loan,
    LoanStep,
    Payment,
    PaymentPlan,
    PlanTemplate,
    SettlementLine,
)

for paper in (Contract, ContractVersion, Payment, SettlementLine):
    fence(paper, at_place())
for part in (PaymentPlan, Instalment, BuildingStage, Loan, LoanStep):
    fence(part, at_place())
leave_open(PlanTemplate, because="Ways to pay that a place offers to everybody below it.")
