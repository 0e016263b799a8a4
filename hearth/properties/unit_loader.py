"""Loads a file of homes: finds or makes project, building and entrance, then enters or updates the home."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from hearth.custom_fields.importing import CustomColumns
from hearth.custom_fields.values import change_values
from hearth.imports.first_rows import FirstRows
from hearth.imports.kinds import ImportContext, Problem, Row, Written
from hearth.properties.errors import ImpossibleArea
from hearth.properties.models import Unit
from hearth.properties.services import UnitDraft, check_area_and_price, create_units, update_units
from hearth.properties.services.states import can_become
from hearth.properties.unit_places import (
    Address,
    AmbiguousProject,
    PlaceBook,
    ProjectMissing,
    UnknownProject,
    project_words,
)
from hearth.properties.unit_reverter import COPIED, particulars_of


@dataclass(frozen=True)
class _Known:
    """The homes of the database that rows of one batch may mean."""

    by_key: dict[str, Unit]
    by_address: dict[Address, Unit]


class UnitLoader:
    """Three queries to check a batch, at most fourteen to write one."""

    def __init__(self, context: ImportContext) -> None:
        """Begin without having seen a row."""
        self._context = context
        self._places = PlaceBook(context)
        self._updates: dict[int, Unit] = {}
        self._addresses = FirstRows()
        self._keys = FirstRows()
        self._custom = CustomColumns("unit", context.actor)

    def check(self, rows: Sequence[Row]) -> Iterable[Problem]:
        """Find rows without a known project, doubled or known homes, and figures no home has."""
        self._places.load_projects(rows)
        self._updates.clear()
        known = self._load_known(rows)
        problems: list[Problem] = []
        for row in rows:
            found = [*self._problems(row, known), *self._custom_problems(row)]
            problems.extend(found)
            if all(problem.is_warning for problem in found):
                self._remember(row)
        return problems

    def write(self, rows: Sequence[Row]) -> Sequence[Written]:
        """Enter the new homes and update the known ones."""
        self._places.make_places(rows)
        fresh = [row for row in rows if row.number not in self._updates]
        kept = [(row, self._updates[row.number]) for row in rows if row.number in self._updates]
        before = {row.number: particulars_of(unit) for row, unit in kept}
        changed = [_updated(unit, row) for row, unit in kept]
        for row, unit in kept:
            change_values(self._custom.read(row, unit.org_unit_id), unit)
        actor, now = self._context.actor, self._context.now
        made = create_units([self._draft(row) for row in fresh], actor=actor, now=now) if fresh else []
        if changed:
            update_units(changed, actor=actor, now=now)
        written = {row.number: Written("updated", unit.pk, before[row.number]) for row, unit in kept}
        written |= {row.number: Written("created", unit.pk) for row, unit in zip(fresh, made, strict=True)}
        return [written[row.number] for row in rows]

    def recall(self, rows: Sequence[Row], record_ids: Mapping[int, UUID]) -> None:
        """Remember the homes that stand in rows written earlier; one query."""
        self._places.load_projects(rows)
        for row in rows:
            if row.number in record_ids:
                self._remember(row)

    def _load_known(self, rows: Sequence[Row]) -> _Known:
        """Load homes with the keys or rooms of these rows; two queries."""
        below = Unit.objects.filter(org_unit__path__startswith=self._context.org_unit.path).with_place()
        keys = {row.values["external_key"] for row in rows if row.values["external_key"]}
        by_key = {unit.external_key: unit for unit in below.filter(external_key__in=keys)}
        numbers = {row.values["number"] for row in rows}
        at_rooms = below.filter(project__in=self._places.known_projects(rows), number__in=numbers)
        return _Known(by_key, {self._places.address_of_unit(unit): unit for unit in at_rooms})

    def _problems(self, row: Row, known: _Known) -> Iterator[Problem]:
        try:
            address = self._places.address(row)
        except (ProjectMissing, UnknownProject, AmbiguousProject) as error:
            yield Problem(row.number, "project", error.code, {"project": project_words(row)})
            return
        yield from _impossible(row)
        if doubled := self._doubled(row, address):
            yield doubled
        else:
            yield from self._known(row, address, known)

    def _custom_problems(self, row: Row) -> Iterator[Problem]:
        unit = self._updates.get(row.number)
        place = unit.org_unit_id if unit else self._places.org_unit_of(row)
        return self._custom.check(row, place, is_new=unit is None)

    def _doubled(self, row: Row, address: Address) -> Problem | None:
        key = row.values["external_key"]
        if key and (first := self._keys.get(key)):
            return Problem(row.number, "external_key", "doubled_key", {"first_row": first})
        if first := self._addresses.get(address):
            return Problem(row.number, "number", "doubled_unit", {"first_row": first})
        return None

    def _known(self, row: Row, address: Address, known: _Known) -> Iterator[Problem]:
        key = row.values["external_key"]
        by_key, by_address = known.by_key.get(key) if key else None, known.by_address.get(address)
        unit = by_key or by_address
        if unit is None:
            return
        if not self._context.options["update_existing"]:
            yield Problem(row.number, "external_key" if by_key else "number", "unit_exists")
        elif by_key and by_address and by_key.pk != by_address.pk:
            yield Problem(row.number, "external_key", "key_of_another_unit", {"address": by_key.address})
        else:
            yield from self._plan_update(row, unit, is_elsewhere=by_address is None)

    def _plan_update(self, row: Row, unit: Unit, *, is_elsewhere: bool) -> Iterator[Problem]:
        self._updates[row.number] = unit
        state = row.values["state"]
        if state and not can_become(unit.state, state):
            words = {"before": str(Unit.State(unit.state).label), "after": str(Unit.State(state).label)}
            yield Problem(row.number, "state", "state_not_allowed", words)
        elif is_elsewhere:
            words = {"address": unit.address}
            yield Problem(row.number, "number", "address_differs", words, is_warning=True)

    def _remember(self, row: Row) -> None:
        self._addresses.note(self._places.address(row), row.number)
        if key := row.values["external_key"]:
            self._keys.note(key, row.number)

    def _draft(self, row: Row) -> UnitDraft:
        values = row.values
        copied: dict[str, Any] = {name: values[name] for name in COPIED if values[name] is not None}
        return UnitDraft(
            building=self._places.building(row),
            entrance=self._places.entrance(row),
            number=values["number"],
            list_price_amount=values["list_price"],
            external_key=values["external_key"] or "",
            custom=self._custom.read(row, self._places.org_unit_of(row)),
            **copied,
        )


def _impossible(row: Row) -> Iterator[Problem]:
    try:
        check_area_and_price(row.values["floor_area"], None)
    except ImpossibleArea as error:
        yield Problem(row.number, "floor_area", error.code, error.params)


def _updated(unit: Unit, row: Row) -> Unit:
    """Put what the row says into the home; what it leaves empty stays."""
    for name in COPIED:
        if row.values[name] is not None:
            setattr(unit, name, row.values[name])
    if row.values["list_price"] is not None:
        unit.list_price_amount = row.values["list_price"]
    unit.external_key = unit.external_key or row.values["external_key"] or ""
    return unit
