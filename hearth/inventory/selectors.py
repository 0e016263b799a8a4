"""What the pages of batches, prices and homes on sale show."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Avg, Count, Max, Min, Sum
from django.utils.timezone import localdate

from hearth.core.actor import Actor
from hearth.core.pages import keyset_page
from hearth.customers.models import Customer
from hearth.customers.selectors import names_of
from hearth.inventory.models import Hold, PriceList, QueueEntry, ReleaseBatch, UnitPrice
from hearth.inventory.standing import Stand, Standing, standings_of
from hearth.properties.models import Building, Unit, UnitQuerySet
from hearth.properties.stacking import Stack, stacking_plan


@dataclass(frozen=True)
class Cell:
    """One home of a plan with how it stands."""

    unit: Unit
    standing: Standing


@dataclass(frozen=True)
class SalePlan:
    """A building as a table of homes on sale: floors from the top down, and how many homes stand where."""

    stacks: Sequence[Stack]
    floors: Sequence[tuple[int | None, Sequence[Sequence[Cell | None]]]]
    legend: Sequence[tuple[Standing, int]]
    units: int


def sale_plan(building: Building, now: datetime) -> SalePlan:
    """Return a building with states and prices; three queries."""
    plan = stacking_plan(building)
    units = [unit for row in plan.floors for cells in row.cells for unit in cells if unit]
    standings = standings_of(units, now)
    floors = [
        (
            row.floor,
            [[Cell(unit, standings[unit.pk]) if unit else None for unit in cells] for cells in row.cells],
        )
        for row in plan.floors
    ]
    counts = Counter(standing.stand for standing in standings.values())
    return SalePlan(plan.stacks, floors, [(Standing(stand), counts[stand]) for stand in Stand], len(units))


@dataclass(frozen=True)
class BuildingInBatch:
    """The homes of a batch in one building, and how many stand where."""

    building: Building
    units: int
    counts: Sequence[tuple[Standing, int]]


def buildings_of(batch: ReleaseBatch, now: datetime) -> list[BuildingInBatch]:
    """Return the buildings of a batch by name; three queries."""
    units = list(units_of(batch).select_related("building"))
    standings = standings_of(units, now)
    by_building: dict[Building, Counter[Stand]] = {}
    for unit in units:
        by_building.setdefault(unit.building, Counter())[standings[unit.pk].stand] += 1
    return [
        BuildingInBatch(building, counts.total(), [(Standing(stand), counts[stand]) for stand in Stand])
        for building, counts in sorted(
            by_building.items(), key=lambda pair: (len(pair[0].name), pair[0].name)
        )
    ]


def units_of(batch: ReleaseBatch) -> UnitQuerySet:
    """Return the homes of a batch."""
    rows: UnitQuerySet = Unit.objects.filter(released_in__batch=batch)
    return rows


@dataclass(frozen=True)
class PriceFigures:
    """What a version asks in all, on average and at its ends."""

    units: int
    total: Decimal | None
    per_area: Decimal | None
    least: Decimal | None
    most: Decimal | None


def figures_of(prices: PriceList) -> PriceFigures:
    """Sum up the computed prices of a version; one query."""
    sums = UnitPrice.objects.filter(price_list=prices).aggregate(
        units=Count("id"),
        total=Sum("total_amount"),
        per_area=Avg("per_area_amount"),
        least=Min("total_amount"),
        most=Max("total_amount"),
    )
    return PriceFigures(**sums)


def summed(rows: Sequence[UnitPrice]) -> PriceFigures:
    """Sum up prices that are not written yet."""
    totals = [row.total_amount for row in rows]
    if not totals:
        return PriceFigures(0, None, None, None, None)
    per_area = sum((row.per_area_amount for row in rows), Decimal(0)) / len(rows)
    return PriceFigures(len(rows), sum(totals, Decimal(0)), per_area, min(totals), max(totals))


@dataclass(frozen=True)
class PriceOfHome:
    """One price that a home has, had or will have."""

    row: UnitPrice
    is_in_force: bool


def price_history(unit: Unit, actor: Actor, now: datetime) -> list[PriceOfHome]:
    """Return all approved prices of a home, the newest first, marked which holds; two queries."""
    rows = UnitPrice.objects.visible_to(actor).approved().filter(unit=unit)
    whole = rows.select_related("price_list__batch", "price_list__approved_by")
    held = UnitPrice.objects.in_force(localdate(now), [unit.pk]).first()
    ordered = whole.order_by("-price_list__valid_from_date", "-price_list__version")
    return [PriceOfHome(row, held is not None and row.pk == held.pk) for row in ordered]


@dataclass(frozen=True)
class Keeper:
    """A hold with its customer, None where the reader may not see them."""

    hold: Hold
    customer: Customer | None
    is_live: bool


def holds_of(unit: Unit, actor: Actor, now: datetime) -> list[Keeper]:
    """Return the newest holds of a home, with the customers the actor may see; two queries."""
    rows = list(Hold.objects.visible_to(actor).filter(unit=unit).select_related("user").order_by("-id")[:20])
    names = names_of((row.customer_id for row in rows), actor)
    return [Keeper(row, names.get(row.customer_id), row.is_live(now)) for row in rows]


@dataclass(frozen=True)
class Waiting:
    """A number with its customer, None where the reader may not see them or the person was erased."""

    entry: QueueEntry
    customer: Customer | None


def queue_page(batch: ReleaseBatch, actor: Actor, cursor: str) -> tuple[list[Waiting], str]:
    """Return a page of a queue by number, and the next cursor; two queries.

    :raises BadCursor: if the cursor belongs to another order
    """
    rows = QueueEntry.objects.visible_to(actor).filter(batch=batch).select_related("user")
    found = keyset_page(rows, order="number", cursor=cursor)
    names = names_of((row.customer_id for row in found.rows), actor)
    return [
        Waiting(row, names.get(row.customer_id) if row.customer_id else None) for row in found.rows
    ], found.next_cursor
