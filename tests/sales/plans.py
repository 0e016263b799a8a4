"""Payment plans for tests."""

from datetime import date
from decimal import Decimal

from hearth.core.actor import Actor
from hearth.organization.models import OrgUnit
from hearth.sales.models import Contract, Loan, LoanStep, Payment, PaymentPlan, PlanTemplate
from hearth.sales.services import (
    NewLoan,
    PlanTerms,
    add_plan_template,
    begin_loan,
    end_loan,
    make_plan,
    move_loan,
    receive_payment,
)
from hearth.sales.terms import PROPOSED, NewInstalment, NewPlan
from tests.customers.builders import make_customer, make_home
from tests.sales.builders import NOW, make_contract

SYSTEM = Actor.system("test")
DOWN_DAY, LOAN_DAY = date(2025, 6, 1), date(2025, 9, 1)


def parts_of(*amounts: Decimal | int | str, first: date = DOWN_DAY, last: date = LOAN_DAY) -> NewPlan:
    """Return a plan of these amounts: a down payment first, then instalments a month apart."""
    days = [first, *(date(last.year, last.month + number, last.day) for number in range(len(amounts) - 1))]
    kinds = ["down", *(["staged"] * (len(amounts) - 1))]
    lines = zip(kinds, amounts, days, strict=True)
    return NewPlan(
        "分期付款", "instalments", tuple(NewInstalment(kind, Decimal(a), day) for kind, a, day in lines)
    )


def make_planned(
    company: OrgUnit, *amounts: Decimal | int | str, contract: Contract | None = None
) -> PaymentPlan:
    """Write a contract that is paid in these instalments."""
    wanted = amounts or (600_000, 1_400_000)
    if contract is None:
        total = sum((Decimal(each) for each in wanted), Decimal(0))
        contract = make_contract(make_home(company), make_customer(company), total_amount=total)
    return make_plan(contract, parts_of(*wanted), actor=SYSTEM, now=NOW)


def make_template(place: OrgUnit, *, name: str = "按揭三成", method: str = "mortgage") -> PlanTemplate:
    """Write a way to pay."""
    return add_plan_template(PlanTerms(name, method, PROPOSED[method]), org_unit=place, actor=SYSTEM, now=NOW)


def pay(
    contract: Contract, amount: Decimal | int | str, receipt: str, day: date = date(2025, 7, 1)
) -> Payment:
    """Receive money for a contract."""
    return receive_payment(
        contract, actor=SYSTEM, receipt_number=receipt, paid_date=day, amount=Decimal(amount), now=NOW
    )


def paid_on(plan: PaymentPlan) -> list[Decimal]:
    """Return what is paid on the instalments of a plan, in order."""
    return list(plan.instalments.order_by("position").values_list("paid_amount", flat=True))


def make_loan(contract: Contract, *, amount: int = 1_400_000, because: str = "") -> Loan:
    """Write a loan that was applied for, given up if a reason is told."""
    new = NewLoan("招商银行", "commercial", Decimal(amount), date(2025, 6, 2))
    loan = begin_loan(contract, new, actor=SYSTEM, now=NOW)
    return end_loan(loan, because=because, actor=SYSTEM, now=NOW) if because else loan


def move_to(loan: Loan, step: str) -> None:
    """Bring a loan as far as a step, a day for each."""
    order = LoanStep.Step.values
    for place in range(loan.steps.count(), order.index(step) + 1):
        move_loan(loan, order[place], done_date=date(2025, 6, 20 + place), actor=SYSTEM, now=NOW)
