"""How far the mortgage of a contract is, and whether what the bank released has come in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from hearth.core.actor import Actor
from hearth.organization.selectors import resolve_settings
from hearth.sales.loan_policy import DAYS, ORDER
from hearth.sales.models import Contract, Instalment, Loan, LoanStep
from hearth.sales.models.plans import Kind


@dataclass(frozen=True)
class StepShown:
    """A step: done by somebody, or due by a day."""

    step: LoanStep.Step
    row: LoanStep | None
    due_date: date | None
    days_late: int


@dataclass(frozen=True)
class LoanShown:
    """A loan with all of its steps; `paid` is what came in on the mortgage instalments, None without such."""

    loan: Loan
    steps: Sequence[StepShown]
    following: LoanStep.Step | None
    paid: Decimal | None

    @property
    def amiss(self) -> Decimal | None:
        """How much of what was released has not come in (more came in, if negative); None before, or if it agrees."""
        if self.loan.released_amount is None or self.paid is None:
            return None
        return (self.loan.released_amount - self.paid) or None


@dataclass(frozen=True)
class LoansShown:
    """The loan under way, and those that were given up."""

    current: LoanShown | None
    ended: Sequence[Loan]


def loans_of(contract: Contract, parts: Sequence[Instalment], actor: Actor, today: date) -> LoansShown:
    """Return the loans of a contract that the actor sees; three queries, one without any.

    :param parts: the instalments by which the contract is paid
    """
    rows = list(Loan.objects.visible_to(actor).filter(contract=contract).order_by("-id"))
    live = next((row for row in rows if row.ended_date is None), None)
    ended = [row for row in rows if row.ended_date]
    return LoansShown(_shown(live, contract, parts, today) if live else None, ended)


def _shown(loan: Loan, contract: Contract, parts: Sequence[Instalment], today: date) -> LoanShown:
    done = {row.step: row for row in loan.steps.select_related("user")}
    rules = resolve_settings({each.key: each.default for each in DAYS.values()}, contract.org_unit)
    following = next((step for step in ORDER if step not in done), None)
    steps = []
    for place, step in enumerate(ORDER):
        due, late = None, 0
        if step == following and place and contract.is_live:
            due = done[ORDER[place - 1]].done_date + timedelta(days=int(rules[DAYS[step].key].value))
            late = max((today - due).days, 0)
        steps.append(StepShown(step, done.get(step), due, late))
    borrowed = [part.paid_amount for part in parts if part.kind == Kind.MORTGAGE]
    return LoanShown(loan, steps, following, sum(borrowed, Decimal(0)) if borrowed else None)
