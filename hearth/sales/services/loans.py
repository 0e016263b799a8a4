"""Mortgage loans, step by step. A release is no receipt: the money is recorded when it has come in."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.errors import DomainError, InvalidInput
from hearth.core.events import record
from hearth.sales.events import LoanEnded, LoanMoved
from hearth.sales.models import Contract, Loan, LoanStep
from hearth.sales.permissions import CHANGE_CONTRACT
from hearth.sales.services.days import noon
from hearth.sales.services.refusals import AmountNotPositive, ContractNotLive, DateInFuture

Step = LoanStep.Step
ORDER = tuple(Step)


class LoanExists(DomainError):
    """A contract has one loan at a time."""

    code = "loan_exists"
    message = _("This contract has a loan under way. Give it up first.")


class LoanTooLarge(InvalidInput):
    """No bank lends more than the home costs, and none releases more than it approved."""

    code = "loan_too_large"
    message = _("This is more than ¥%(most)s.")


class BankMissing(InvalidInput):
    """A loan is with a bank."""

    code = "bank_missing"
    message = _("Name the bank.")


class LoanStepOutOfTurn(DomainError):
    """The steps of a loan follow each other."""

    code = "loan_step_out_of_turn"
    message = _("The next step of this loan is: %(step)s.")


class LoanIsOver(DomainError):
    """Nothing follows a loan that is released or given up."""

    code = "loan_is_over"
    message = _("This loan is released or given up; no step follows.")


class StepBeforeLast(InvalidInput):
    """A step is not done before the one it follows."""

    code = "step_before_last"
    message = _("The step before was done on %(day)s; this one cannot be earlier.")


class LoanReasonMissing(InvalidInput):
    """Whoever gives up a loan says why."""

    code = "loan_reason_missing"
    message = _("Say why the loan is given up.")


@dataclass(frozen=True)
class NewLoan:
    """An application for a loan."""

    bank: str
    kind: str
    amount: Decimal
    applied_date: date


@transaction.atomic
def begin_loan(contract: Contract, new: NewLoan, *, actor: Actor, now: datetime) -> Loan:
    """Record that a loan was applied for.

    :raises NotAllowed: if the actor may not record contracts there
    :raises BankMissing, AmountNotPositive, LoanTooLarge, DateInFuture, StepBeforeLast: if it does not hold
    :raises ContractNotLive: if it was cancelled
    :raises LoanExists: if a loan is under way
    """
    actor.require(CHANGE_CONTRACT, contract.org_unit_id)
    if not new.bank.strip():
        raise BankMissing("bank")
    if new.kind not in Loan.Kind.values:
        raise InvalidInput("kind")
    locked = Contract.objects.select_for_update(of=("self",)).select_related("unit").get(pk=contract.pk)
    if not locked.is_live:
        raise ContractNotLive
    _refuse_amount(new.amount, locked.total_amount)
    _refuse_day(new.applied_date, locked.signed_date, now, field="applied_date")
    if Loan.objects.live().filter(contract=locked).exists():
        raise LoanExists
    loan = Loan.objects.create(
        org_unit_id=locked.org_unit_id,
        contract=locked,
        bank=new.bank.strip()[:80],
        kind=new.kind,
        amount=new.amount,
        is_sample=locked.is_sample,
        created_at=now,
        updated_at=now,
    )
    _write_step(loan, locked, Step.APPLIED, new.applied_date, actor, now)
    return loan


@transaction.atomic
def move_loan(
    loan: Loan, step: str, *, done_date: date, amount: Decimal | None = None, actor: Actor, now: datetime
) -> Loan:
    """Record the next step of a loan; with the approval, what was approved, with the release, what was released.

    Without an amount, what was applied for counts as approved, and what was approved as released.

    :raises NotAllowed: if the actor may not record contracts there
    :raises LoanIsOver, LoanStepOutOfTurn: if another step is next, or none
    :raises StepBeforeLast, DateInFuture: if the day does not hold
    :raises AmountNotPositive, LoanTooLarge: if more is approved than the home costs, or released than was approved
    """
    locked, contract = _lock(loan, actor)
    done = list(locked.steps.order_by("done_date", "id"))
    if len(done) == len(ORDER):
        raise LoanIsOver
    following = ORDER[len(done)]
    if step != following:
        raise LoanStepOutOfTurn(step=following.label)
    _refuse_day(done_date, max(each.done_date for each in done), now, field="done_date")
    if following == Step.APPROVED:
        locked.approved_amount = _sound(amount or locked.amount, contract.total_amount)
    if following == Step.RELEASED:
        approved = locked.approved_amount or locked.amount
        locked.released_amount = _sound(amount or approved, approved)
    locked.updated_at = now
    locked.save(update_fields=["approved_amount", "released_amount", "updated_at"])
    _write_step(locked, contract, following, done_date, actor, now)
    return locked


@transaction.atomic
def end_loan(loan: Loan, *, because: str, actor: Actor, now: datetime) -> Loan:
    """Give a loan up: refused by the bank, or withdrawn. Another bank may be asked afterwards.

    :raises NotAllowed: if the actor may not record contracts there
    :raises LoanIsOver: if it is released or given up
    :raises LoanReasonMissing: without a reason
    """
    locked, contract = _lock(loan, actor)
    if locked.released_amount is not None:
        raise LoanIsOver
    if not because.strip():
        raise LoanReasonMissing("because")
    locked.ended_date, locked.ended_because, locked.updated_at = localdate(now), because.strip()[:300], now
    locked.save(update_fields=["ended_date", "ended_because", "updated_at"])
    record(LoanEnded(**_about(locked, contract)), actor=actor, now=now)
    return locked


def _lock(loan: Loan, actor: Actor) -> tuple[Loan, Contract]:
    actor.require(CHANGE_CONTRACT, loan.org_unit_id)
    locked = Loan.objects.select_for_update(of=("self",)).get(pk=loan.pk)
    if locked.ended_date:
        raise LoanIsOver
    return locked, Contract.objects.select_related("unit").get(pk=locked.contract_id)


def _refuse_amount(amount: Decimal, most: Decimal) -> None:
    if amount <= 0:
        raise AmountNotPositive("amount")
    if amount > most:
        raise LoanTooLarge("amount", most=f"{most:,.2f}")


def _sound(amount: Decimal, most: Decimal) -> Decimal:
    _refuse_amount(amount, most)
    return amount


def _refuse_day(day: date, earliest: date, now: datetime, *, field: str) -> None:
    if day > localdate(now):
        raise DateInFuture(field)
    if day < earliest:
        raise StepBeforeLast(field, day=earliest.isoformat())


def _write_step(
    loan: Loan, contract: Contract, step: str, day: date, actor: Actor, now: datetime
) -> LoanStep:
    row = LoanStep.objects.create(
        org_unit_id=loan.org_unit_id,
        loan=loan,
        step=step,
        done_date=day,
        user_id=actor.user_id,
        is_sample=loan.is_sample,
        created_at=now,
        updated_at=now,
    )
    record(LoanMoved(**_about(loan, contract), occurred_at=noon(day), step=step), actor=actor, now=now)
    return row


def _about(loan: Loan, contract: Contract) -> dict[str, Any]:
    return {
        "org_unit_id": loan.org_unit_id,
        "customer_id": contract.customer_id,
        "unit_id": contract.unit_id,
        "project_id": contract.unit.project_id,
        "subject_id": loan.pk,
        "contract_id": contract.pk,
        "is_sample": loan.is_sample,
    }
