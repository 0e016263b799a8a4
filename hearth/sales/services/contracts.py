"""Signing, and handing over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate

from hearth.core.actor import Actor
from hearth.core.bulk import insert_many
from hearth.core.events import record_many
from hearth.core.templatetags.ui import cents
from hearth.custom_fields.models import FieldDefinition
from hearth.custom_fields.values import keep_values
from hearth.customers.models import Customer, CustomerPlace, UnitRole
from hearth.inventory.models import Hold
from hearth.inventory.services import end_holds_of, refuse_if_of_another
from hearth.properties.models import Unit
from hearth.sales.authority import least_price_for
from hearth.sales.events import ContractSigned, HomeHandedOver
from hearth.sales.models import Contract
from hearth.sales.permissions import CHANGE_CONTRACT
from hearth.sales.services.days import noon
from hearth.sales.services.refusals import (
    AmountNotPositive,
    BelowAuthority,
    ContractNumberTaken,
    DateInFuture,
    SignedBeforeReserved,
    UnitAlreadySold,
)

SELLABLE = (Unit.State.PLANNED, Unit.State.AVAILABLE, Unit.State.HELD, Unit.State.SUBSCRIBED)


@dataclass(frozen=True)
class NewContract:
    """A contract to be written; `project_id` and `org_unit_id` are the unit's, `custom` was read already."""

    number: str
    customer_id: UUID
    unit_id: UUID
    project_id: UUID
    org_unit_id: int
    signed_date: date
    total_amount: Decimal
    handover_date: date | None = None
    custom: tuple[tuple[FieldDefinition, Any], ...] = ()


@transaction.atomic
def sign_contract(
    unit: Unit,
    *,
    actor: Actor,
    customer: Customer,
    number: str,
    signed_date: date,
    total_amount: Decimal,
    now: datetime,
) -> Contract:
    """Sell a unit to a customer, who becomes its buyer.

    The unit's row is locked, and the database admits one live contract for each unit.

    :raises NotAllowed: if the actor may not record contracts at the unit's place
    :raises AmountNotPositive: if the total is nought or less
    :raises DateInFuture: if the day of signing lies ahead
    :raises UnitAlreadySold: if the unit is under contract
    :raises HomeNotFree: if the unit is held or reserved for another customer
    :raises SignedBeforeReserved: if the customer reserved the home on a later day
    :raises ContractNumberTaken: if the company knows the number
    :raises BelowAuthority: if the total is further below the list price than the actor may go
    """
    actor.require(CHANGE_CONTRACT, unit.org_unit_id)
    if total_amount <= 0:
        raise AmountNotPositive("total_amount")
    if signed_date > localdate(now):
        raise DateInFuture("signed_date")
    unit = Unit.objects.select_for_update().get(pk=unit.pk)
    own = refuse_if_taken(unit, customer, number=number, now=now)
    if own and own.kind == Hold.Kind.RESERVATION and signed_date < localdate(own.created_at):
        raise SignedBeforeReserved("signed_date", day=localdate(own.created_at).isoformat())
    _refuse_below_authority(unit, own, total_amount, actor, now)
    new = NewContract(
        number, customer.pk, unit.pk, unit.project_id, unit.org_unit_id, signed_date, total_amount
    )
    return write_contracts([new], actor=actor, now=now)[0]


def _refuse_below_authority(
    unit: Unit, own: Hold | None, total: Decimal, actor: Actor, now: datetime
) -> None:
    reserved = own if own and own.kind == Hold.Kind.RESERVATION else None
    price = least_price_for(unit, actor, reserved=reserved, now=now)
    if price and total < price.least:
        raise BelowAuthority("total_amount", listed=cents(price.listed), least=cents(price.least))


def refuse_if_taken(unit: Unit, customer: Customer, *, number: str, now: datetime) -> Hold | None:
    """Refuse a contract over a locked home that is not the customer's to buy, and return the customer's own hold.

    :raises UnitAlreadySold: if the unit is under contract
    :raises HomeNotFree: if the unit is held or reserved for another customer
    :raises ContractNumberTaken: if the company knows the number
    """
    if Contract.objects.live().filter(unit=unit).exists():
        raise UnitAlreadySold
    own = refuse_if_of_another(unit, customer=customer, now=now)
    if Contract.objects.filter(org_unit=unit.org_unit_id, number=number).exists():
        raise ContractNumberTaken("number")
    return own


def write_contracts(
    contracts: Sequence[NewContract], *, actor: Actor, now: datetime, is_sample: bool = False
) -> list[Contract]:
    """Write contracts that were checked, with the buyers' roles, unit states and events; opens no transaction.

    The number of queries does not depend on how many there are.
    """
    rows = [
        Contract(
            org_unit_id=new.org_unit_id,
            number=new.number,
            customer_id=new.customer_id,
            unit_id=new.unit_id,
            signed_date=new.signed_date,
            total_amount=new.total_amount,
            created_at=now,
            updated_at=now,
            is_sample=is_sample,
        )
        for new in contracts
    ]
    for new, row in zip(contracts, rows, strict=True):
        row.custom = keep_values(new.custom, row)
    insert_many(rows)
    _write_buyers(contracts, now=now, is_sample=is_sample)
    end_holds_of([new.unit_id for new in contracts], now=now)
    Unit.objects.filter(pk__in=[new.unit_id for new in contracts], state__in=SELLABLE).update(
        state=Unit.State.CONTRACTED, updated_at=now
    )
    record_many(
        (
            ContractSigned(
                occurred_at=noon(new.signed_date),
                org_unit_id=new.org_unit_id,
                customer_id=new.customer_id,
                unit_id=new.unit_id,
                project_id=new.project_id,
                subject_id=row.pk,
                amount=new.total_amount,
                is_sample=is_sample,
            )
            for new, row in zip(contracts, rows, strict=True)
        ),
        actor=actor,
        now=now,
    )
    _hand_over([new for new in contracts if new.handover_date], actor=actor, now=now, is_sample=is_sample)
    return rows


def _write_buyers(contracts: Sequence[NewContract], *, now: datetime, is_sample: bool) -> None:
    """Make each customer the buyer of the unit, and known at its place."""
    UnitRole.objects.bulk_create(
        [
            UnitRole(
                customer_id=new.customer_id,
                unit_id=new.unit_id,
                role=UnitRole.Role.OWNER,
                valid_from=new.signed_date,
                created_at=now,
                updated_at=now,
                is_sample=is_sample,
            )
            for new in contracts
        ],
        ignore_conflicts=True,
    )
    places = {(new.customer_id, new.org_unit_id) for new in contracts}
    CustomerPlace.objects.bulk_create(
        [CustomerPlace(customer_id=customer, org_unit_id=place) for customer, place in sorted(places)],
        ignore_conflicts=True,
    )


def _hand_over(contracts: Sequence[NewContract], *, actor: Actor, now: datetime, is_sample: bool) -> None:
    by_day: dict[date, list[UUID]] = {}
    for new in contracts:
        if new.handover_date:
            by_day.setdefault(new.handover_date, []).append(new.unit_id)
    for day, units in sorted(by_day.items()):
        Unit.objects.filter(pk__in=units).update(
            state=Unit.State.DELIVERED, handover_date=day, updated_at=now
        )
    record_many(
        (
            HomeHandedOver(
                occurred_at=noon(new.handover_date),
                org_unit_id=new.org_unit_id,
                customer_id=new.customer_id,
                unit_id=new.unit_id,
                project_id=new.project_id,
                is_sample=is_sample,
            )
            for new in contracts
            if new.handover_date
        ),
        actor=actor,
        now=now,
    )
