"""Holding homes for customers, reserving them, and giving them free."""

from collections.abc import Collection
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.errors import DomainError, NotAllowed
from hearth.core.events import record
from hearth.customers.models import Customer
from hearth.inventory.events import HomeGivenFree, HomeHeld, HomeReserved
from hearth.inventory.models import Hold, Opening, QueueEntry
from hearth.inventory.permissions import EXTEND_HOLD, HOLD_HOME
from hearth.inventory.policy import ReservationTerms, hold_minutes_at, terms_at
from hearth.inventory.refusals import ChosenByNumber, refusal_of
from hearth.inventory.services.deposits import Deposit, refuse_wrong_deposit
from hearth.inventory.standing import Standing, standings_of
from hearth.properties.models import Unit
from hearth.properties.services import set_unit_state

Kind, Outcome = Hold.Kind, Hold.Outcome


class HoldIsOver(DomainError):
    """The hold ran out or was ended."""

    code = "hold_is_over"
    message = _("This hold is over. Hold the home anew if it is still free.")


@transaction.atomic
def hold_home(unit: Unit, *, customer: Customer, actor: Actor, now: datetime) -> Hold:
    """Hold a home for a customer, for as long as the place's rule says.

    The unit's row is locked first, and the database admits one open hold for each home. One that ran out by the clock
    is closed on the way.

    :raises NotAllowed: if the actor may not hold homes there, or is no person
    :raises HomeNotFree: if the home cannot be taken; the subclass says why, `nearest` what is free
    """
    user_id = holder_of(actor, unit.org_unit_id)
    locked, standing = lock_free(unit, now)
    _refuse_on_opening_day(standing)
    minutes = hold_minutes_at(locked.org_unit)
    hold = _write(locked, standing, customer, user_id, now, expires_at=now + timedelta(minutes=minutes))
    event = HomeHeld(**about_hold(hold, locked), expires_at=hold.expires_at)
    record(event, actor=actor, now=now)
    return hold


@transaction.atomic
def reserve_home(
    unit: Unit, *, customer: Customer, actor: Actor, now: datetime, deposit: Deposit | None = None
) -> Hold:
    """Reserve a home for a customer 认购, whether it is free or held for them; it is theirs until it is given free.

    :raises NotAllowed: if the actor may not hold homes there, or is no person
    :raises DepositNotPositive: if a deposit is nought or less
    :raises DepositTooLarge: if it is more than the law lets be earnest money, or than the home costs
    :raises HomeNotFree: if it is neither free nor held for this customer, or is chosen by queue number now
    """
    user_id = holder_of(actor, unit.org_unit_id)
    locked, standing = lock_free(unit, now, but_for=customer.pk)
    _refuse_on_opening_day(standing)
    if deposit and standing.price is not None:
        refuse_wrong_deposit(deposit, standing.price)
    return write_reservation(locked, standing, customer, user_id, actor, now, deposit=deposit)


def write_reservation(
    locked: Unit,
    standing: Standing,
    customer: Customer,
    user_id: int,
    actor: Actor,
    now: datetime,
    *,
    entry: QueueEntry | None = None,
    deposit: Deposit | None = None,
) -> Hold:
    """Write the reservation of a home that was locked and found free; opens no transaction."""
    if standing.hold:
        _end(standing.hold, Outcome.RESERVED, now)
    terms = terms_at(locked.org_unit, now, is_opening_day=entry is not None)
    hold = _write(
        locked, standing, customer, user_id, now, expires_at=None, entry=entry, deposit=deposit, terms=terms
    )
    set_unit_state(locked, Unit.State.SUBSCRIBED, actor=actor, now=now)
    record(HomeReserved(**about_hold(hold, locked), amount=standing.price), actor=actor, now=now)
    return hold


@transaction.atomic
def extend_hold(hold: Hold, *, minutes: int, actor: Actor, now: datetime) -> Hold:
    """Hold a home longer, counted from now.

    :raises NotAllowed: if the actor may not hold homes longer there
    :raises HoldIsOver: if it ran out, was ended or is a reservation
    """
    actor.require(EXTEND_HOLD, hold.org_unit_id)
    locked = _lock_live(hold, now)
    if locked.kind != Kind.HOLD:
        raise HoldIsOver
    locked.expires_at, locked.updated_at = now + timedelta(minutes=minutes), now
    locked.save(update_fields=["expires_at", "updated_at"])
    unit = Unit.objects.get(pk=locked.unit_id)
    record(HomeHeld(**about_hold(locked, unit), expires_at=locked.expires_at), actor=actor, now=now)
    return locked


@transaction.atomic
def give_free(hold: Hold, *, actor: Actor, now: datetime) -> Hold:
    """End a hold before its time; who holds it does, others and reservations need the right to hold longer.

    Of a deposit all goes back while the customer may withdraw; afterwards sincerity money does, earnest money stays.

    :raises NotAllowed: if the actor may not end it
    :raises HoldIsOver: if it ran out or was ended
    """
    is_own = hold.kind == Kind.HOLD and hold.user_id == actor.user_id
    actor.require(HOLD_HOME if is_own else EXTEND_HOLD, hold.org_unit_id)
    locked, unit = lock_with_home(hold, now)
    end_and_free(locked, unit, Outcome.RELEASED, actor=actor, now=now)
    record(HomeGivenFree(**about_hold(locked, unit)), actor=actor, now=now)
    return locked


def lock_with_home(hold: Hold, now: datetime) -> tuple[Hold, Unit]:
    """Lock the home of a hold and then the hold, which must be live; opens no transaction."""
    unit = Unit.objects.select_for_update(of=("self",), no_key=True).get(pk=hold.unit_id)
    return _lock_live(hold, now), unit


def end_and_free(locked: Hold, unit: Unit, outcome: str, *, actor: Actor, now: datetime) -> Hold:
    """End a locked hold and put its locked home on sale again; opens no transaction."""
    if locked.deposit_amount is not None:
        goes_back = locked.may_withdraw(now) or locked.deposit_kind == Hold.Deposit.SINCERITY
        locked.returned_amount = locked.deposit_amount if goes_back else Decimal(0)
    _end(locked, outcome, now)
    if locked.kind == Kind.RESERVATION and unit.state == Unit.State.SUBSCRIBED:
        set_unit_state(unit, Unit.State.AVAILABLE, actor=actor, now=now)
    if locked.entry_id:
        chose = QueueEntry.objects.filter(pk=locked.entry_id, state=QueueEntry.State.CHOSEN)
        chose.update(state=QueueEntry.State.WAITING, chosen_at=None, updated_at=now)
    return locked


def _refuse_on_opening_day(standing: Standing) -> None:
    if Opening.objects.filter(batch=standing.batch, state=Opening.State.RUNNING).exists():
        raise ChosenByNumber


def refuse_if_of_another(unit: Unit, *, customer: Customer, now: datetime) -> Hold | None:
    """Refuse a contract over a home that is held or reserved for somebody else, and return the customer's own hold.

    The unit's row is locked already.

    :raises HomeNotFree: if it is
    """
    live = Hold.objects.live(now).filter(unit=unit).first()
    if live and live.customer_id != customer.pk:
        raise refusal_of(unit, standings_of([unit], now)[unit.pk], now)
    return live


def end_holds_of(unit_ids: Collection[UUID], *, now: datetime) -> int:
    """End whatever keeps homes that were signed for, and return how many; a step of signing, one query."""
    rows = Hold.objects.filter(unit__in=unit_ids, ended_at=None)
    return rows.update(ended_at=now, outcome=Outcome.SIGNED, updated_at=now)


def holder_of(actor: Actor, org_unit_id: int) -> int:
    """Return the person who holds homes at a place.

    :raises NotAllowed: if the actor may not, or is no person
    """
    actor.require(HOLD_HOME, org_unit_id)
    if actor.user_id is None:
        raise NotAllowed(permission=HOLD_HOME)
    return actor.user_id


def lock_free(unit: Unit, now: datetime, *, but_for: UUID | None = None) -> tuple[Unit, Standing]:
    """Return the locked row of a home that is free, or held for the customer `but_for`, with how it stands.

    A hold that has run out is closed. Opens no transaction.

    :raises HomeNotFree: if the home cannot be taken
    """
    locked = (
        Unit.objects.select_for_update(of=("self",), no_key=True).select_related("org_unit").get(pk=unit.pk)
    )
    standing = standings_of([locked], now)[locked.pk]
    is_theirs = (
        standing.hold is not None
        and standing.hold.kind == Kind.HOLD
        and standing.hold.customer_id == but_for
        and standing.price is not None
    )
    if not standing.is_free and not is_theirs:
        raise refusal_of(Unit.objects.with_place().get(pk=locked.pk), standing, now, asked_for=but_for)
    if standing.hold is None:
        for lapsed in Hold.objects.filter(unit=locked, ended_at=None):
            _end(lapsed, Outcome.LAPSED, lapsed.expires_at or now)
    return locked, standing


def _write(
    unit: Unit,
    standing: Standing,
    customer: Customer,
    user_id: int,
    now: datetime,
    *,
    expires_at: datetime | None,
    entry: QueueEntry | None = None,
    deposit: Deposit | None = None,
    terms: ReservationTerms | None = None,
) -> Hold:
    return Hold.objects.create(
        org_unit_id=unit.org_unit_id,
        unit=unit,
        customer=customer,
        user_id=user_id,
        kind=Kind.HOLD if expires_at else Kind.RESERVATION,
        price=standing.unit_price,  # type: ignore[misc]  # whatever is free has a price
        expires_at=expires_at,
        entry=entry,
        deposit_kind=deposit.kind if deposit else "",
        deposit_amount=deposit.amount if deposit else None,
        withdrawal_ends_at=terms.withdrawal_ends_at if terms else None,
        sign_by_date=terms.sign_by_date if terms else None,
        created_at=now,
        updated_at=now,
        is_sample=unit.is_sample and customer.is_sample,
    )


def _lock_live(hold: Hold, now: datetime) -> Hold:
    locked = Hold.objects.select_for_update(of=("self",)).get(pk=hold.pk)
    if not locked.is_live(now):
        raise HoldIsOver
    return locked


def _end(hold: Hold, outcome: str, at: datetime) -> Hold:
    hold.ended_at, hold.outcome, hold.updated_at = at, outcome, at
    hold.save(update_fields=["ended_at", "outcome", "returned_amount", "updated_at"])
    return hold


def about_hold(hold: Hold, unit: Unit) -> dict[str, Any]:
    return {
        "org_unit_id": hold.org_unit_id,
        "customer_id": hold.customer_id,
        "unit_id": hold.unit_id,
        "project_id": unit.project_id,
        "subject_id": hold.pk,
        "is_sample": hold.is_sample,
    }
