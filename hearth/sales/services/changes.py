"""What becomes of a contract after it was signed. Nothing is overwritten: each change leaves a version behind."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import Sum
from django.utils.timezone import localdate

from hearth.core.actor import Actor
from hearth.core.events import record
from hearth.customers.models import Customer, UnitRole
from hearth.customers.services import NewUnitRole, assign_unit_roles, end_unit_roles
from hearth.properties.models import Unit
from hearth.sales.events import (
    ContractCancelled,
    ContractHandedOn,
    ContractReplaced,
    ContractRepriced,
    ContractTakenOver,
)
from hearth.sales.models import Contract, Payment, SettlementLine
from hearth.sales.permissions import CHANGE_CONTRACT
from hearth.sales.policy import by_request_at
from hearth.sales.services.contracts import NewContract, refuse_if_taken, write_contracts
from hearth.sales.services.payments import NewPayment, write_payments
from hearth.sales.services.plans import reprice_plan
from hearth.sales.services.refusals import (
    AmountNotPositive,
    ContractNotLive,
    KeptTooLarge,
    OnlyByRequest,
    UnitElsewhere,
)
from hearth.sales.services.versions import about_contract, change_version, lock_contract

State, Role, Line = Contract.State, UnitRole.Role, SettlementLine.Kind
OWNERS = (Role.OWNER, Role.CO_OWNER)
NOTHING = Decimal(0)
LONGEST = 60


@transaction.atomic
def cancel_contract(contract: Contract, *, actor: Actor, now: datetime) -> Contract:
    """End a contract; the unit is for sale again and the owners' roles end today.

    :raises NotAllowed: if the actor may not record contracts there
    :raises ContractNotLive: if it was ended before
    :raises OnlyByRequest: if the place has contracts cancelled by approved requests alone
    """
    actor.require(CHANGE_CONTRACT, contract.org_unit_id)
    locked = lock_live_contract(contract)
    if by_request_at(locked.org_unit):
        raise OnlyByRequest
    return _cancel(locked, "cancellation", actor, now)


def lock_live_contract(contract: Contract) -> Contract:
    """Return a locked contract that stands; a step, opens no transaction.

    :raises ContractNotLive: if it was cancelled or replaced
    """
    locked = lock_contract(contract)
    if not locked.is_live:
        raise ContractNotLive
    return locked


def _cancel(locked: Contract, because: str, actor: Actor, now: datetime) -> Contract:
    total = locked.total_amount
    change_version(locked, because=because, actor=actor, now=now, state=State.CANCELLED)
    _give_home_free(locked, actor, now)
    event = ContractCancelled(**about_contract(locked), amount=-total)
    record(event, actor=actor, now=now)
    return locked


def _give_home_free(locked: Contract, actor: Actor, now: datetime) -> None:
    unit = Unit.objects.select_for_update().get(pk=locked.unit_id)
    unit.state, unit.updated_at = Unit.State.AVAILABLE, now
    unit.save(update_fields=["state", "updated_at"])
    today = localdate(now)
    end_unit_roles(unit, Role.values, last_day=today, actor=actor, now=now, of=locked.customer_id)
    end_unit_roles(unit, OWNERS, last_day=today, actor=actor, now=now)


@dataclass(frozen=True)
class Kept:
    """What of the money of a cancelled contract stays with the company."""

    penalty: Decimal = NOTHING
    fee: Decimal = NOTHING

    @property
    def total(self) -> Decimal:
        return self.penalty + self.fee


def received_for(contract: Contract) -> Decimal:
    """Return what came in for a contract less what went back; one query."""
    paid = Payment.objects.filter(contract=contract)
    return Decimal(paid.aggregate(sum=Sum("amount", default=NOTHING))["sum"])


def withdraw_contract(locked: Contract, kept: Kept, *, actor: Actor, now: datetime) -> Contract:
    """End a locked contract and write what stays of the money received, and what goes back.

    A step of an approved request; opens no transaction and asks for no right.

    :raises KeptTooLarge: if more would stay than came in
    """
    received = received_for(locked)
    if kept.total > received:
        raise KeptTooLarge("penalty_amount", received=received)
    _cancel(locked, "withdrawal", actor, now)
    lines = {Line.PENALTY: kept.penalty, Line.FEE: kept.fee, Line.REFUND: received - kept.total}
    for kind, amount in lines.items():
        if amount:
            SettlementLine.objects.create(
                org_unit_id=locked.org_unit_id,
                contract=locked,
                kind=kind,
                amount=amount,
                created_at=now,
                updated_at=now,
                is_sample=locked.is_sample,
            )
    return locked


def change_total(locked: Contract, total: Decimal, *, because: str, actor: Actor, now: datetime) -> Contract:
    """Write another total of a locked contract, which its payment plan follows.

    A step of an approved request, as `withdraw_contract`.

    :raises AmountNotPositive: if the total is nought or less
    """
    if total <= 0:
        raise AmountNotPositive("total_amount")
    difference = total - locked.total_amount
    change_version(locked, because=because, actor=actor, now=now, total_amount=total)
    reprice_plan(locked, actor=actor, now=now)
    event = ContractRepriced(**about_contract(locked), amount=difference, version=locked.version)
    record(event, actor=actor, now=now)
    return locked


def change_buyer(locked: Contract, customer: Customer, *, actor: Actor, now: datetime) -> Contract:
    """Make another customer the buyer of a locked contract from today on; a step of an approved request.

    What was paid stays in the name of who paid it.
    """
    today, unit = localdate(now), locked.unit
    record(ContractHandedOn(**about_contract(locked)), actor=actor, now=now)
    end_unit_roles(unit, (Role.OWNER,), last_day=today, actor=actor, now=now, of=locked.customer_id)
    end_unit_roles(unit, (Role.CO_OWNER,), last_day=today, actor=actor, now=now, of=customer.pk)
    change_version(locked, because="name_change", actor=actor, now=now, customer=customer)
    _begin(locked, [(customer.pk, Role.OWNER)], actor, now)
    record(ContractTakenOver(**about_contract(locked)), actor=actor, now=now)
    return locked


def add_owner(locked: Contract, customer: Customer, *, actor: Actor, now: datetime) -> Contract:
    """Have a customer own the home of a locked contract beside its buyer; a step of an approved request."""
    change_version(locked, because="owner_added", actor=actor, now=now)
    _begin(locked, [(customer.pk, Role.CO_OWNER)], actor, now)
    return locked


def remove_owner(locked: Contract, customer: Customer, *, actor: Actor, now: datetime) -> Contract:
    """End the part of somebody who owns the home beside its buyer; a step of an approved request."""
    change_version(locked, because="owner_removed", actor=actor, now=now)
    today = localdate(now)
    end_unit_roles(locked.unit, OWNERS, last_day=today, actor=actor, now=now, of=customer.pk)
    return locked


def _begin(locked: Contract, owners: Iterable[tuple[UUID, str]], actor: Actor, now: datetime) -> None:
    rows = [
        NewUnitRole(customer_id=key, unit_id=locked.unit_id, role=role, valid_from=localdate(now))
        for key, role in owners
    ]
    assign_unit_roles(rows, actor=actor, now=now, is_sample=locked.is_sample)


def replace_contract(
    locked: Contract, unit: Unit, *, number: str, total_amount: Decimal, actor: Actor, now: datetime
) -> Contract:
    """End a locked contract by another over a home of the same place, with its owners and what was paid.

    Both homes are locked in the order of their ids, so that two swaps never wait for each other. Money moves by two
    lines, out of the one and into the other. A step of an approved request, as `withdraw_contract`.

    :raises AmountNotPositive: if the new total is nought or less
    :raises UnitElsewhere: if the home is sold by another place
    :raises UnitAlreadySold: if the new home is under contract
    :raises HomeNotFree: if it is held or reserved for another customer
    :raises ContractNumberTaken: if the company knows the new number
    """
    if total_amount <= 0:
        raise AmountNotPositive("total_amount")
    both = Unit.objects.select_for_update().filter(pk__in=(locked.unit_id, unit.pk)).order_by("id")
    new_unit = next(row for row in both if row.pk == unit.pk)
    if new_unit.org_unit_id != locked.org_unit_id:
        raise UnitElsewhere("unit")
    refuse_if_taken(new_unit, locked.customer, number=number, now=now)
    owners = UnitRole.objects.filter(unit=locked.unit, role=Role.CO_OWNER, valid_to__isnull=True)
    beside = [(key, Role.CO_OWNER) for key in owners.values_list("customer_id", flat=True)]
    total = locked.total_amount
    change_version(locked, because="unit_swap", actor=actor, now=now, state=State.REPLACED)
    _give_home_free(locked, actor, now)
    new = NewContract(
        number,
        locked.customer_id,
        new_unit.pk,
        new_unit.project_id,
        new_unit.org_unit_id,
        localdate(now),
        total_amount,
    )
    written = write_contracts([new], actor=actor, now=now, is_sample=locked.is_sample)[0]
    written.replaces, written.unit = locked, new_unit
    written.save(update_fields=["replaces"])
    _begin(written, beside, actor, now)
    _move_money(locked, written, actor, now)
    event = ContractReplaced(**about_contract(locked), amount=-total, by_contract_id=written.pk)
    record(event, actor=actor, now=now)
    return written


def _move_money(old: Contract, new: Contract, actor: Actor, now: datetime) -> None:
    received = received_for(old)
    if not received:
        return
    lines = [
        NewPayment(
            f"{contract.number[: LONGEST - 10]}/{mark}{old.version}",
            old.customer_id,
            contract.org_unit_id,
            localdate(now),
            amount,
            contract_id=contract.pk,
            unit_id=contract.unit_id,
            project_id=contract.unit.project_id,
            subject=other.number,
        )
        for contract, other, mark, amount in ((old, new, "-", -received), (new, old, "+", received))
    ]
    out, into = write_payments(lines, actor=actor, now=now, is_sample=old.is_sample)
    into.counterpart = out
    into.save(update_fields=["counterpart"])
