"""Taking back homes that a file brought in or changed."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Field

from hearth.core.events import Event
from hearth.imports.kinds import WrittenRow
from hearth.imports.reversal import RecordReverter, find_used
from hearth.properties.models import Building, Entrance, Phase, Project, Unit
from hearth.properties.services import update_units

COPIED = ("floor", "layout", "orientation", "fit_out", "floor_area", "built_year", "handover_date", "state")
PARTICULARS = (*COPIED, "list_price_amount", "external_key", "custom")


def particulars_of(unit: Unit) -> dict[str, Any]:
    """Return what a file may change of a home, as JSON."""
    values = {name: getattr(unit, name) for name in PARTICULARS}
    return {
        name: str(value) if isinstance(value, Decimal | date) else value for name, value in values.items()
    }


def _read(name: str, value: Any) -> Any:
    field = Unit._meta.get_field(name)
    return field.to_python(value) if isinstance(field, Field) else value


class UnitReverter(RecordReverter[Unit]):
    """Deletes homes with the places made for them, and gives changed homes their particulars back."""

    model = Unit

    def delete(self, records: Sequence[Unit], rows: Mapping[UUID, WrittenRow]) -> None:
        """Delete homes, and the entrances, buildings, phases and projects that stand empty now."""
        super().delete(records, rows)
        stamps = {row.written_at for row in rows.values()}
        buildings = Building.objects.in_bulk({unit.building_id for unit in records})
        phases = {building.phase_id for building in buildings.values() if building.phase_id}
        for model, keys in (
            (Entrance, {unit.entrance_id for unit in records if unit.entrance_id}),
            (Building, set(buildings)),
            (Phase, phases),
            (Project, {unit.project_id for unit in records}),
        ):
            _delete_empty(model, keys, stamps)

    def restore(
        self, changed: Sequence[tuple[Unit, Mapping[str, Any]]], stamps: Mapping[UUID, datetime]
    ) -> Iterable[Event]:
        """Give homes their particulars back; `update_units` records the events."""
        for unit, before in changed:
            for name in PARTICULARS:
                setattr(unit, name, _read(name, before.get(name, getattr(unit, name))))
        update_units([unit for unit, _before in changed], actor=self.context.actor, now=self.context.now)
        return ()


def _delete_empty(
    model: type[Entrance | Building | Phase | Project], keys: Collection[UUID], stamps: Collection[datetime]
) -> None:
    """Delete the places that the import made and nothing points to any more."""
    made = set(model._default_manager.filter(pk__in=keys, created_at__in=stamps).values_list("pk", flat=True))
    model._default_manager.filter(pk__in=made - find_used(model, made)).delete()
