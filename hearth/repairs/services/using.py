"""What visits use of the catalogue, and what that costs the case of a repair.

Prices are those of the day on which a visit was reported. Costs are written into the case when the last of three has
signed; where the parts are put right after that, lines that no longer hold are struck out and new ones written.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hearth.cases.models import CostLine
from hearth.cases.services import add_cost, take_back_cost
from hearth.core.actor import Actor
from hearth.core.bulk import insert_many
from hearth.core.errors import InvalidInput
from hearth.core.events import record
from hearth.repairs.events import RepairPartsCorrected
from hearth.repairs.models import RepairOrder, RepairVisit, SparePart, UsedPart
from hearth.repairs.models.orders import UsedPartQuerySet
from hearth.repairs.permissions import CHANGE_REPAIR
from hearth.repairs.services.ordering import locked_order, of_order

State = RepairOrder.State
MOST_OF_A_PART, MOST_AMOUNT = Decimal(10_000), Decimal(10**9)
Quantities = Mapping[UUID, Decimal]


class PartUnlikely(InvalidInput):
    """Parts are those of the catalogue, each once, in an amount above nothing."""

    code = "part_unlikely"
    message = _("Parts are chosen from the catalogue, each once, with an amount above nothing.")


def find_parts(
    order: RepairOrder, wanted: Quantities, *, known: Sequence[SparePart] = ()
) -> list[tuple[SparePart, Decimal]]:
    """Return parts in use at the place of an order, or known, with how much of each.

    :raises PartUnlikely: if one is neither, or an amount cannot be
    """
    found = SparePart.objects.for_places(order.org_unit).in_bulk(list(wanted))
    found |= {part.pk: part for part in known if part.pk in wanted}
    if set(found) != set(wanted):
        raise PartUnlikely("parts")
    for key, quantity in wanted.items():
        if not quantity.is_finite() or not 0 < quantity <= MOST_OF_A_PART or quantity != round(quantity, 2):
            raise PartUnlikely("parts")
        if quantity * found[key].price_amount >= MOST_AMOUNT:
            raise PartUnlikely("parts")
    return [(found[key], quantity) for key, quantity in wanted.items()]


def use_parts(visit: RepairVisit, parts: Sequence[tuple[SparePart, Decimal]], now: datetime) -> Decimal:
    """Write what was used at the price of today, and return what it comes to. A step of an act."""
    about: dict[str, Any] = {
        "visit": visit,
        "org_unit_id": visit.org_unit_id,
        "is_sample": visit.is_sample,
        "created_at": now,
        "updated_at": now,
    }
    rows = [
        UsedPart(part=part, quantity=quantity, price_amount=part.price_amount, **about)
        for part, quantity in parts
    ]
    insert_many(rows)
    return sum((used.amount for used in rows), Decimal(0))


def charge_parts(order: RepairOrder, rows: UsedPartQuerySet, *, actor: Actor, now: datetime) -> None:
    """Write what used parts of a signed, locked order cost into its case, those with a price, each once. A step of an
    act; load the order with its case.
    """
    for used in rows.filter(cost_line=None).select_related("part").order_by("id"):
        if not used.amount:
            continue
        note = f"{order} {used.part} {used.quantity.normalize():f}{used.part.measure}"
        used.cost_line = add_cost(
            order.case, kind=CostLine.Kind.REPAIR, amount=used.amount, note=note, actor=actor, now=now
        )
        used.updated_at = now
        used.save(update_fields=["cost_line", "updated_at"])


@transaction.atomic
def correct_parts(visit: RepairVisit, wanted: Quantities, *, actor: Actor, now: datetime) -> RepairVisit:
    """Put right what a visit used. A part that stays keeps its price; said again it changes nothing.

    Where the repair is signed, its case costs what is right now. Load the visit with its order.

    :raises NotAllowed: if the actor may not change repairs there
    :raises TooLateForThat: if the repair is cancelled
    :raises PartUnlikely: if a part is not of the catalogue, or its amount cannot be
    """
    actor.require(CHANGE_REPAIR, visit.org_unit_id)
    order = locked_order(visit.order, *RepairOrder.LIVE, State.FINISHED, State.SIGNED)
    kept = {used.part_id: used for used in visit.used_parts.select_related("part", "cost_line")}
    parts = find_parts(order, wanted, known=[used.part for used in kept.values()])
    if {key: used.quantity for key, used in kept.items()} == dict(wanted):
        return visit
    stays = {key for key, used in kept.items() if wanted.get(key) == used.quantity}
    for key in kept.keys() - stays:
        _change(kept[key], wanted.get(key), actor, now)
    use_parts(visit, [(part, quantity) for part, quantity in parts if part.pk not in kept], now)
    if order.state == State.SIGNED:
        charge_parts(order, visit.used_parts.exclude(part__in=stays), actor=actor, now=now)
    amount = sum((used.amount for used in visit.used_parts.all()), Decimal(0))
    record(RepairPartsCorrected(**of_order(order), amount=amount), actor=actor, now=now)
    return visit


def _change(used: UsedPart, quantity: Decimal | None, actor: Actor, now: datetime) -> None:
    """Write another quantity, or none; the line of the case that says it is struck out."""
    if used.cost_line is not None:
        take_back_cost(used.cost_line, actor=actor, now=now)
    if quantity is None:
        used.delete()
        return
    used.quantity, used.cost_line, used.updated_at = quantity, None, now
    used.save(update_fields=["quantity", "cost_line", "updated_at"])
