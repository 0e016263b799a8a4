# domain data
"""The changes of contracts that ship: 换房, 更名, 增名, 减名, 退房, 折扣."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.contract_changes.kinds import ChangeKind, Effect, Proposal, Wanted, register_kind
from hearth.contract_changes.models import ChangeRequest
from hearth.contract_changes.policy import names_before_filing_only
from hearth.contract_changes.refusals import (
    AmountNegative,
    AmountTooFine,
    BuyerStays,
    FiledAlready,
    NoDiscount,
    NothingChanges,
    OwnsAlready,
    OwnsNothing,
    ValueMissing,
)
from hearth.core.actor import Actor
from hearth.customers.models import Customer, UnitRole
from hearth.sales.models import Contract
from hearth.sales.services import (
    OWNERS,
    AmountNotPositive,
    Kept,
    KeptTooLarge,
    UnitElsewhere,
    add_owner,
    change_buyer,
    change_total,
    received_for,
    refuse_if_taken,
    remove_owner,
    replace_contract,
    withdraw_contract,
)

CENT = Decimal("0.01")


def _amount(value: Decimal | None, field: str) -> Decimal:
    """Return an amount that can be money.

    :raises ValueMissing, AmountTooFine: if there is none, or parts of cents
    """
    if value is None:
        raise ValueMissing(field)
    if value != value.quantize(CENT):
        raise AmountTooFine(field)
    return value.quantize(CENT)


def _customer(wanted: Wanted) -> Customer:
    if wanted.customer is None:
        raise ValueMissing("customer")
    return wanted.customer


def owners_of(contract: Contract) -> list[UUID]:
    """Return who owns the home of a contract now, the buyer first; one query."""
    rows = UnitRole.objects.filter(unit=contract.unit_id, role__in=OWNERS, valid_to__isnull=True)
    found = set(rows.values_list("customer_id", flat=True)) - {contract.customer_id}
    return [contract.customer_id, *sorted(found)]


def _plain(keys: Iterable[UUID]) -> list[str]:
    return [str(key) for key in keys]


# Discount 折扣


def propose_discount(contract: Contract, wanted: Wanted, *, actor: Actor, now: datetime) -> Proposal:
    """A lower total, greater than nought."""
    total = _amount(wanted.total_amount, "total_amount")
    if not 0 < total < contract.total_amount:
        raise NoDiscount("total_amount", total=contract.total_amount)
    effect = Effect(difference=total - contract.total_amount)
    return Proposal({"total": str(contract.total_amount)}, {"total": str(total)}, effect)


def carry_out_discount(request: ChangeRequest, locked: Contract, *, actor: Actor, now: datetime) -> None:
    change_total(locked, Decimal(request.said_after["total"]), because="discount", actor=actor, now=now)


# Withdrawal 退房


def propose_withdrawal(contract: Contract, wanted: Wanted, *, actor: Actor, now: datetime) -> Proposal:
    """The end of the contract; penalty and fee stay of what was received, the rest goes back."""
    penalty = _amount(wanted.penalty_amount, "penalty_amount")
    fee = _amount(wanted.fee_amount, "fee_amount")
    for field, value in (("penalty_amount", penalty), ("fee_amount", fee)):
        if value < 0:
            raise AmountNegative(field)
    received = received_for(contract)
    if penalty + fee > received:
        raise KeptTooLarge("penalty_amount", received=received)
    effect = Effect(-contract.total_amount, penalty, fee, received - penalty - fee)
    before = {"state": contract.state, "received": str(received), "owners": _plain(owners_of(contract))}
    return Proposal(before, {"state": Contract.State.CANCELLED, "owners": []}, effect)


def carry_out_withdrawal(request: ChangeRequest, locked: Contract, *, actor: Actor, now: datetime) -> None:
    kept = Kept(request.penalty_amount, request.fee_amount)
    withdraw_contract(locked, kept, actor=actor, now=now)


# Unit swap 换房


def propose_swap(contract: Contract, wanted: Wanted, *, actor: Actor, now: datetime) -> Proposal:
    """Another home of the same place that is the customer's to buy, under a contract of another number."""
    total = _amount(wanted.total_amount, "total_amount")
    unit, number = wanted.unit, wanted.number.strip()
    if unit is None:
        raise ValueMissing("unit")
    if not number:
        raise ValueMissing("number")
    if unit.pk == contract.unit_id:
        raise NothingChanges("unit")
    if total <= 0:
        raise AmountNotPositive("total_amount")
    if unit.org_unit_id != contract.org_unit_id:
        raise UnitElsewhere("unit")
    refuse_if_taken(unit, contract.customer, number=number, now=now)
    before = {"home": str(contract.unit_id), "number": contract.number, "total": str(contract.total_amount)}
    after = {"home": str(unit.pk), "number": number, "total": str(total)}
    return Proposal(before, after, Effect(difference=total - contract.total_amount), unit=unit)


def carry_out_swap(request: ChangeRequest, locked: Contract, *, actor: Actor, now: datetime) -> Contract:
    if request.unit is None:
        raise ValueMissing("unit")
    after: dict[str, Any] = request.said_after
    return replace_contract(
        locked,
        request.unit,
        number=after["number"],
        total_amount=Decimal(after["total"]),
        actor=actor,
        now=now,
    )


# Name change 更名


def refuse_if_filed(contract: Contract) -> None:
    """:raises FiledAlready: if the contract is filed, at a place whose rule lets names be changed before that alone"""
    if contract.state == Contract.State.FILED and names_before_filing_only(contract.org_unit):
        raise FiledAlready


def propose_name_change(contract: Contract, wanted: Wanted, *, actor: Actor, now: datetime) -> Proposal:
    """Another buyer."""
    customer = _customer(wanted)
    if customer.pk == contract.customer_id:
        raise NothingChanges("customer")
    refuse_if_filed(contract)
    before, after = {"buyer": str(contract.customer_id)}, {"buyer": str(customer.pk)}
    return Proposal(before, after, customer=customer)


def carry_out_name_change(request: ChangeRequest, locked: Contract, *, actor: Actor, now: datetime) -> None:
    refuse_if_filed(locked)
    change_buyer(locked, _still_there(request), actor=actor, now=now)


def _still_there(request: ChangeRequest) -> Customer:
    """Return the customer of a request; who was merged is the survivor by now."""
    if request.customer is None:
        raise ValueMissing("customer")
    return request.customer


# More and fewer owners 增减名


def propose_more_owners(contract: Contract, wanted: Wanted, *, actor: Actor, now: datetime) -> Proposal:
    """One more who owns the home beside the buyer."""
    customer, owners = _customer(wanted), owners_of(contract)
    if customer.pk in owners:
        raise OwnsAlready("customer")
    refuse_if_filed(contract)
    before, after = {"owners": _plain(owners)}, {"owners": _plain([*owners, customer.pk])}
    return Proposal(before, after, customer=customer)


def carry_out_more_owners(request: ChangeRequest, locked: Contract, *, actor: Actor, now: datetime) -> None:
    customer = _still_there(request)
    refuse_if_filed(locked)
    if customer.pk in owners_of(locked):
        raise OwnsAlready("customer")
    add_owner(locked, customer, actor=actor, now=now)


def propose_fewer_owners(contract: Contract, wanted: Wanted, *, actor: Actor, now: datetime) -> Proposal:
    """One fewer who owns the home beside the buyer, who stays."""
    customer, owners = _customer(wanted), owners_of(contract)
    _refuse_leaving(customer, contract, owners)
    refuse_if_filed(contract)
    left = [key for key in owners if key != customer.pk]
    return Proposal({"owners": _plain(owners)}, {"owners": _plain(left)}, customer=customer)


def carry_out_fewer_owners(request: ChangeRequest, locked: Contract, *, actor: Actor, now: datetime) -> None:
    customer = _still_there(request)
    refuse_if_filed(locked)
    _refuse_leaving(customer, locked, owners_of(locked))
    remove_owner(locked, customer, actor=actor, now=now)


def _refuse_leaving(customer: Customer, contract: Contract, owners: list[UUID]) -> None:
    if customer.pk == contract.customer_id:
        raise BuyerStays("customer")
    if customer.pk not in owners:
        raise OwnsNothing("customer")


def _register() -> None:
    shipped = (
        (
            "discount",
            pgettext_lazy("change of a contract", "Discount"),
            _("The total becomes less. The total before stays on record."),
            "percentage",
            ("total_amount",),
            propose_discount,
            carry_out_discount,
        ),
        (
            "withdrawal",
            pgettext_lazy("change of a contract", "Withdrawal"),
            _("The contract ends and its home is for sale again. What is not kept of the money goes back."),
            "arrow-back-up",
            ("penalty_amount", "fee_amount"),
            propose_withdrawal,
            carry_out_withdrawal,
        ),
        (
            "unit_swap",
            pgettext_lazy("change of a contract", "Unit swap"),
            _(
                "A new contract over another home takes the place of this one, with its owners and what was paid."
            ),
            "arrows-exchange",
            ("building", "room", "number", "total_amount"),
            propose_swap,
            carry_out_swap,
        ),
        (
            "name_change",
            pgettext_lazy("change of a contract", "Name change"),
            _("Another customer becomes the buyer from the day it is carried out."),
            "user",
            ("who",),
            propose_name_change,
            carry_out_name_change,
        ),
        (
            "owner_added",
            pgettext_lazy("change of a contract", "Add an owner"),
            _("One more customer owns the home beside the buyer from the day it is carried out."),
            "user-plus",
            ("who",),
            propose_more_owners,
            carry_out_more_owners,
        ),
        (
            "owner_removed",
            pgettext_lazy("change of a contract", "Remove an owner"),
            _("A customer owns the home no longer beside the buyer from the day it is carried out."),
            "user-off",
            ("owner",),
            propose_fewer_owners,
            carry_out_fewer_owners,
        ),
    )
    for each in shipped:
        register_kind(ChangeKind(*each))


_register()
