"""Receiving money and paying it back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import accumulate
from uuid import UUID

from django.db import transaction
from django.db.models import Sum
from django.utils.timezone import localdate

from hearth.core.actor import Actor
from hearth.core.bulk import insert_many
from hearth.core.events import record_many
from hearth.sales.events import PaymentReceived
from hearth.sales.models import Contract, Instalment, Payment, SettlementLine
from hearth.sales.permissions import CHANGE_CONTRACT
from hearth.sales.services.allocating import reallocate, refuse_if_elsewhere
from hearth.sales.services.days import noon
from hearth.sales.services.refusals import (
    ContractNotLive,
    DateInFuture,
    NothingPaid,
    ReceiptElsewhere,
    ReceiptNumberTaken,
    RefundTooLarge,
)


@dataclass(frozen=True)
class NewPayment:
    """Money to be written; negative is paid back."""

    receipt_number: str
    customer_id: UUID
    org_unit_id: int
    paid_date: date
    amount: Decimal
    contract_id: UUID | None = None
    unit_id: UUID | None = None
    project_id: UUID | None = None
    subject: str = ""
    instalment_id: UUID | None = None


@transaction.atomic
def receive_payment(
    contract: Contract,
    *,
    actor: Actor,
    receipt_number: str,
    paid_date: date,
    amount: Decimal,
    now: datetime,
    instalment: Instalment | None = None,
) -> Payment:
    """Record money received for a contract, or paid back when the amount is negative; for an instalment if one is said.

    The contract's row is locked, so that two refunds cannot exceed what came in. May be repeated: a receipt that is
    recorded already, of the same contract, day and amount, is returned as it stands.

    :raises NotAllowed: if the actor may not record payments there
    :raises NothingPaid: if the amount is nought
    :raises DateInFuture: if the day lies ahead
    :raises ReceiptNumberTaken: if the receipt is known and says something else
    :raises ContractNotLive: if money would come in for a contract that was cancelled or replaced
    :raises RefundTooLarge: if more would go back than had come in by that day, or by a later one
    :raises InstalmentElsewhere: if the instalment is not one by which the contract is paid now
    """
    actor.require(CHANGE_CONTRACT, contract.org_unit_id)
    if amount == 0:
        raise NothingPaid("amount")
    if paid_date > localdate(now):
        raise DateInFuture("paid_date")
    contract = Contract.objects.select_for_update(of=("self",)).select_related("unit").get(pk=contract.pk)
    known = Payment.objects.filter(org_unit=contract.org_unit_id, receipt_number=receipt_number).first()
    if known:
        return _said_again(known, contract, paid_date, amount)
    if amount > 0 and not contract.is_live:
        raise ContractNotLive
    if amount < 0:
        _refuse_if_too_large(contract, paid_date, -amount)
    if instalment:
        refuse_if_elsewhere(instalment, contract.pk)
    new = NewPayment(
        receipt_number,
        contract.customer_id,
        contract.org_unit_id,
        paid_date,
        amount,
        contract_id=contract.pk,
        unit_id=contract.unit_id,
        project_id=contract.unit.project_id,
        instalment_id=instalment.pk if instalment else None,
    )
    return write_payments([new], actor=actor, now=now)[0]


def _said_again(known: Payment, contract: Contract, paid_date: date, amount: Decimal) -> Payment:
    if known.contract_id != contract.pk:
        raise ReceiptElsewhere("receipt_number")
    if (known.paid_date, known.amount) != (paid_date, amount):
        raise ReceiptNumberTaken("receipt_number", amount=known.amount, day=known.paid_date.isoformat())
    return known


def _refuse_if_too_large(contract: Contract, day: date, amount: Decimal) -> None:
    """Refuse a refund after which some day would have seen more go back than had come in."""
    paid = Payment.objects.filter(contract=contract).values_list("paid_date", "amount")
    before = sum((each for on, each in paid if on <= day), Decimal(0))
    by_day: dict[date, Decimal] = {}
    for on, each in paid:
        if on > day:
            by_day[on] = by_day.get(on, Decimal(0)) + each
    left = min(accumulate((by_day[on] for on in sorted(by_day)), initial=before)) - _kept(contract)
    if amount > left:
        raise RefundTooLarge(received=max(left, Decimal(0)))


def _kept(contract: Contract) -> Decimal:
    """Return what stays with the company of the money of a contract that was cancelled with a penalty or fee."""
    lines = contract.settlement.exclude(kind=SettlementLine.Kind.REFUND)
    return Decimal(lines.aggregate(sum=Sum("amount", default=Decimal(0)))["sum"])


def write_payments(
    payments: Sequence[NewPayment], *, actor: Actor, now: datetime, is_sample: bool = False
) -> list[Payment]:
    """Write payments that were checked, with their events, and put them on instalments.

    Opens no transaction; the number of queries does not depend on how many there are.
    """
    rows = [
        Payment(
            org_unit_id=new.org_unit_id,
            customer_id=new.customer_id,
            contract_id=new.contract_id,
            receipt_number=new.receipt_number,
            paid_date=new.paid_date,
            amount=new.amount,
            subject=new.subject,
            instalment_id=new.instalment_id,
            created_at=now,
            updated_at=now,
            is_sample=is_sample,
        )
        for new in payments
    ]
    insert_many(rows)
    record_many(
        (
            PaymentReceived(
                occurred_at=noon(new.paid_date),
                org_unit_id=new.org_unit_id,
                customer_id=new.customer_id,
                unit_id=new.unit_id,
                project_id=new.project_id,
                subject_id=row.pk,
                contract_id=new.contract_id,
                amount=new.amount,
                is_sample=is_sample,
            )
            for new, row in zip(payments, rows, strict=True)
        ),
        actor=actor,
        now=now,
    )
    reallocate({new.contract_id for new in payments if new.contract_id}, now=now)
    return rows
