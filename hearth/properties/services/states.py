"""The state of a home, changed under the lock of its row."""

from collections.abc import Collection, Mapping
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import models, transaction
from django.utils.timezone import localdate

from hearth.core.actor import Actor
from hearth.core.events import record, record_many
from hearth.properties.errors import StateNotAllowed
from hearth.properties.events import UnitStateChanged
from hearth.properties.models import Unit
from hearth.properties.permissions import CHANGE_PROPERTY

State = Unit.State
# Back to `available` is a hold that ran out, a withdrawal or a cancelled contract. A home that was handed over stays.
NEXT_STATES: Mapping[str, frozenset[str]] = {
    State.PLANNED: frozenset({State.AVAILABLE, State.HELD}),
    State.AVAILABLE: frozenset({State.PLANNED, State.HELD, State.SUBSCRIBED, State.CONTRACTED}),
    State.HELD: frozenset({State.PLANNED, State.AVAILABLE, State.SUBSCRIBED, State.CONTRACTED}),
    State.SUBSCRIBED: frozenset({State.AVAILABLE, State.CONTRACTED}),
    State.CONTRACTED: frozenset({State.AVAILABLE, State.DELIVERED}),
    State.DELIVERED: frozenset(),
}


def can_become(before: str, after: str) -> bool:
    """Tell whether a home may go from one state to another; staying is always possible."""
    return before == after or after in NEXT_STATES[before]


@transaction.atomic
def change_unit_state(unit: Unit, state: str, *, actor: Actor, now: datetime) -> Unit:
    """Set the state of a home by hand.

    :raises NotAllowed: if the actor may not change homes there
    :raises StateNotAllowed: if the state it has by now does not lead there
    """
    actor.require(CHANGE_PROPERTY, unit.org_unit_id)
    return set_unit_state(unit, state, actor=actor, now=now)


def set_unit_state(unit: Unit, state: str, *, actor: Actor, now: datetime) -> Unit:
    """Move a home to a state as a step of a sale or a handover, and return the locked row.

    Opens no transaction and asks for no right: the act that calls it has done both. Changes nothing where the home
    is in that state already. A handover sets the day.

    :raises StateNotAllowed: if the state it has by now does not lead there
    """
    locked = Unit.objects.select_for_update().get(pk=unit.pk)
    before = locked.state
    if before == state:
        return locked
    if not can_become(before, state):
        raise StateNotAllowed(before=State(before).label, after=State(state).label)
    locked.state, locked.updated_at = state, now
    if state == State.DELIVERED and locked.handover_date is None:
        locked.handover_date = localdate(now)
    locked.save(update_fields=["state", "handover_date", "updated_at"])
    event = UnitStateChanged(
        org_unit_id=locked.org_unit_id,
        project_id=locked.project_id,
        unit_id=locked.pk,
        before=before,
        after=state,
        is_sample=locked.is_sample,
    )
    record(event, actor=actor, now=now)
    return locked


def put_on_sale(unit_ids: Collection[UUID], *, actor: Actor, now: datetime) -> int:
    """Put those of the homes on sale that were not released yet, and return how many; the others stay as they are.

    A step of a release: opens no transaction and asks for no right. Locks the rows; constant number of queries.
    """
    planned = Unit.objects.filter(pk__in=unit_ids, state=State.PLANNED).order_by("id")
    units = list(planned.select_for_update(of=("self",)))
    Unit.objects.filter(pk__in=[unit.pk for unit in units]).update(state=State.AVAILABLE, updated_at=now)
    events = [
        UnitStateChanged(
            org_unit_id=unit.org_unit_id,
            project_id=unit.project_id,
            unit_id=unit.pk,
            before=State.PLANNED,
            after=State.AVAILABLE,
            is_sample=unit.is_sample,
        )
        for unit in units
    ]
    record_many(events, actor=actor, now=now)
    return len(units)


def set_list_prices(prices: Mapping[UUID, Decimal], *, now: datetime) -> None:
    """Write what homes cost by their approved price list; a step of an act that asked for the right. One query."""
    if prices:
        amounts = [models.When(pk=key, then=models.Value(amount)) for key, amount in prices.items()]
        amount = models.Case(*amounts, output_field=models.DecimalField(max_digits=14, decimal_places=2))
        Unit.objects.filter(pk__in=prices).update(list_price_amount=amount, updated_at=now)
