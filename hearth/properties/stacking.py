"""The stacking plan 销控图: floors from the top down, homes side by side by entrance."""

from collections.abc import Sequence
from dataclasses import dataclass

from hearth.properties.models import Building, Unit

MAX_ALIGNED = 12


@dataclass(frozen=True)
class Stack:
    """The homes that stand above each other by one entrance: a head and its columns."""

    entrance: str
    columns: Sequence[str]


@dataclass(frozen=True)
class FloorRow:
    """One floor: for each stack the home in each column, None where there is none."""

    floor: int | None
    cells: Sequence[Sequence[Unit | None]]


@dataclass(frozen=True)
class StackingPlan:
    """A building as a table."""

    stacks: Sequence[Stack]
    floors: Sequence[FloorRow]


def stacking_plan(building: Building) -> StackingPlan:
    """Return the plan of a building; one query.

    Homes of one entrance are aligned by what their number adds to the floor: 1201 stands above 1101. Where that
    does not line them up (more than twelve columns), they stand side by side in the order of their numbers.
    """
    rows = Unit.objects.filter(building=building).select_related("entrance").order_by("number", "id")
    by_entrance: dict[str, list[Unit]] = {}
    for unit in rows:
        by_entrance.setdefault(unit.entrance.name if unit.entrance else "", []).append(unit)
    floors = {unit.floor for units in by_entrance.values() for unit in units}
    ordered = sorted((floor for floor in floors if floor is not None), reverse=True)
    levels: list[int | None] = [*ordered, None] if None in floors else [*ordered]
    stacks: list[Stack] = []
    tables: list[dict[tuple[int | None, str], Unit]] = []
    for entrance in sorted(by_entrance, key=_natural):
        table = _table(by_entrance[entrance])
        stacks.append(Stack(entrance, sorted({column for _floor, column in table}, key=_natural)))
        tables.append(table)
    return StackingPlan(stacks, [_floor_row(level, stacks, tables) for level in levels])


def _floor_row(
    level: int | None, stacks: Sequence[Stack], tables: Sequence[dict[tuple[int | None, str], Unit]]
) -> FloorRow:
    cells = [
        [table.get((level, column)) for column in stack.columns]
        for stack, table in zip(stacks, tables, strict=True)
    ]
    return FloorRow(level, cells)


def _table(units: Sequence[Unit]) -> dict[tuple[int | None, str], Unit]:
    """Place the homes of one entrance by floor and column."""
    table = {(unit.floor, column_of(unit.number, unit.floor)): unit for unit in units}
    columns = {column for _floor, column in table}
    if len(table) == len(units) and len(columns) <= MAX_ALIGNED:
        return table
    ranks: dict[int | None, int] = {}
    table = {}
    for unit in units:
        ranks[unit.floor] = ranks.get(unit.floor, 0) + 1
        table[unit.floor, str(ranks[unit.floor])] = unit
    return table


def column_of(number: str, floor: int | None) -> str:
    """Tell what a home's number adds to its floor: 01 of 1201 on the twelfth; the number where it adds nothing."""
    rest = number.removeprefix("" if floor is None else str(floor))
    return rest if rest != number and rest else number


def _natural(text: str) -> tuple[int, int, str]:
    """Order 2 before 10, and numbers before words."""
    return (0, int(text), "") if text.isascii() and text.isdigit() else (1, 0, text)
