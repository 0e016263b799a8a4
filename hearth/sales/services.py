"""Signing, paying, cancelling, handing over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Sum
from django.utils.timezone import localdate, make_aware
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.bulk import insert_many
from hearth.core.errors import DomainError, InvalidInput
from hearth.core.events import record, record_many
from hearth.custom_fields.models import FieldDefinition
from hearth.custom_fields.values import keep_values
from hearth.customers.models import Customer, CustomerPlace, UnitRole
from hearth.inventory.services import end_holds_of, refuse_if_of_another
from hearth.properties.models import Unit
from hearth.sales.events import ContractCancelled, ContractSigned, HomeHandedOver, PaymentReceived
from hearth.sales.models import Contract, Payment
from hearth.sales.permissions import CHANGE_CONTRACT

SELLABLE = (Unit.State.PLANNED, Unit.State.AVAILABLE, Unit.State.HELD, Unit.State.SUBSCRIBED)


class UnitAlreadySold(DomainError):
    """Another contract holds the home."""

    code = "unit_already_sold"
    message = _("This home is already under contract.")


class ContractNumberTaken(InvalidInput):
    """The company has a contract with this number."""

    code = "contract_number_taken"
    message = _("There is already a contract with this number.")


class DateInFuture(InvalidInput):
    """An act that has happened cannot lie ahead."""

    code = "date_in_future"
    message = _("This date lies in the future.")


class AmountNotPositive(InvalidInput):
    """A contract is worth something."""

    code = "amount_not_positive"
    message = _("The amount must be greater than nought.")


class ContractNotLive(DomainError):
    """The contract was cancelled."""

    code = "contract_not_live"
    message = _("This contract was cancelled.")


class RefundTooLarge(DomainError):
    """More would go back than came in."""

    code = "refund_too_large"
    message = _("Only %(received)s was received; no more than that can be paid back.")


class ReceiptNumberTaken(InvalidInput):
    """The company has a payment with this receipt."""

    code = "receipt_number_taken"
    message = _("There is already a payment with this receipt number.")


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
    :raises ContractNumberTaken: if the company knows the number
    """
    actor.require(CHANGE_CONTRACT, unit.org_unit_id)
    if total_amount <= 0:
        raise AmountNotPositive("total_amount")
    if signed_date > localdate(now):
        raise DateInFuture("signed_date")
    unit = Unit.objects.select_for_update().get(pk=unit.pk)
    if Contract.objects.live().filter(unit=unit).exists():
        raise UnitAlreadySold
    refuse_if_of_another(unit, customer=customer, now=now)
    if Contract.objects.filter(org_unit=unit.org_unit_id, number=number).exists():
        raise ContractNumberTaken("number")
    new = NewContract(
        number, customer.pk, unit.pk, unit.project_id, unit.org_unit_id, signed_date, total_amount
    )
    return write_contracts([new], actor=actor, now=now)[0]


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


@transaction.atomic
def cancel_contract(contract: Contract, *, actor: Actor, now: datetime) -> Contract:
    """End a contract; the unit is for sale again and the buyer's role ends today.

    :raises NotAllowed: if the actor may not record contracts there
    :raises ContractNotLive: if it was cancelled before
    """
    actor.require(CHANGE_CONTRACT, contract.org_unit_id)
    contract = Contract.objects.select_for_update().get(pk=contract.pk)
    if contract.state == Contract.State.CANCELLED:
        raise ContractNotLive
    contract.state, contract.updated_at = Contract.State.CANCELLED, now
    contract.save(update_fields=["state", "updated_at"])
    unit = Unit.objects.select_for_update().get(pk=contract.unit_id)
    unit.state, unit.updated_at = Unit.State.AVAILABLE, now
    unit.save(update_fields=["state", "updated_at"])
    UnitRole.objects.filter(customer=contract.customer_id, unit=unit, valid_to__isnull=True).update(
        valid_to=localdate(now), updated_at=now
    )
    record(
        ContractCancelled(
            org_unit_id=contract.org_unit_id,
            customer_id=contract.customer_id,
            unit_id=unit.pk,
            project_id=unit.project_id,
            subject_id=contract.pk,
            amount=-contract.total_amount,
        ),
        actor=actor,
        now=now,
    )
    return contract


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


@transaction.atomic
def receive_payment(
    contract: Contract, *, actor: Actor, receipt_number: str, paid_date: date, amount: Decimal, now: datetime
) -> Payment:
    """Record money received for a contract, or paid back when the amount is negative.

    The contract's row is locked, so that two refunds cannot exceed what came in.

    :raises NotAllowed: if the actor may not record payments there
    :raises DateInFuture: if the day lies ahead
    :raises RefundTooLarge: if more would go back than came in
    :raises ReceiptNumberTaken: if the company knows the receipt
    """
    actor.require(CHANGE_CONTRACT, contract.org_unit_id)
    if paid_date > localdate(now):
        raise DateInFuture("paid_date")
    contract = Contract.objects.select_for_update(of=("self",)).select_related("unit").get(pk=contract.pk)
    received = Payment.objects.filter(contract=contract).aggregate(total=Sum("amount", default=Decimal(0)))[
        "total"
    ]
    if received + amount < 0:
        raise RefundTooLarge(received=received)
    if Payment.objects.filter(org_unit=contract.org_unit_id, receipt_number=receipt_number).exists():
        raise ReceiptNumberTaken("receipt_number")
    new = NewPayment(
        receipt_number,
        contract.customer_id,
        contract.org_unit_id,
        paid_date,
        amount,
        contract_id=contract.pk,
        unit_id=contract.unit_id,
        project_id=contract.unit.project_id,
    )
    return write_payments([new], actor=actor, now=now)[0]


def write_payments(
    payments: Sequence[NewPayment], *, actor: Actor, now: datetime, is_sample: bool = False
) -> list[Payment]:
    """Write payments that were checked, with their events; opens no transaction, constant number of queries."""
    rows = [
        Payment(
            org_unit_id=new.org_unit_id,
            customer_id=new.customer_id,
            contract_id=new.contract_id,
            receipt_number=new.receipt_number,
            paid_date=new.paid_date,
            amount=new.amount,
            subject=new.subject,
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
    return rows


def noon(day: date) -> datetime:
    """The instant that stands for a day: noon in the installation's time zone, the same day everywhere near."""
    return make_aware(datetime.combine(day, time(12)))
