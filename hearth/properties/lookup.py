# domain data
"""Finding the home that a row of a file means, for every app that imports rows about homes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.imports.kinds import ImportField, Problem, Row
from hearth.properties.models import Unit

UNIT_KEY_FIELDS = (
    ImportField("unit_key", _("Home key"), "key", aliases=("房间编号", "房源编号", "unit_key", "unit id")),
    ImportField("project", _("Project"), "text", aliases=("项目", "项目名称", "小区", "楼盘", "project")),
    ImportField("building", _("Building"), "text", aliases=("楼栋", "栋", "楼号", "building")),
    ImportField("entrance", _("Entrance"), "text", aliases=("单元", "entrance")),
    ImportField("room", _("Room"), "key", aliases=("房间", "房号", "室", "room", "unit number")),
)

UNIT_MESSAGES = {
    "unit_unknown": _(
        "The home “%(value)s” is not known here. Import homes first, or check project and room."
    ),
    "unit_missing": _("The row does not say which home it is about."),
}

Address = tuple[str, str, str, str]


@dataclass(frozen=True)
class UnitPlace:
    """What other apps need of a home."""

    unit_id: UUID
    project_id: UUID
    org_unit_id: int


@dataclass(frozen=True)
class FoundUnit:
    """The home of a row, or the problem that kept it from being found; both empty when the row names none."""

    place: UnitPlace | None = None
    problem: Problem | None = None


def find_units(rows: Sequence[Row], actor: Actor, *, is_required: bool = True) -> dict[int, FoundUnit]:
    """Find the home of each row by key, else by project, building, entrance and room; two queries.

    Returns row number → `FoundUnit`.
    """
    keys = {row.values["unit_key"] for row in rows if row.values.get("unit_key")}
    addresses = {_address(row) for row in rows if not row.values.get("unit_key") and row.values.get("room")}
    by_key = _by_key(keys, actor)
    by_address = _by_address(addresses, actor)
    return {row.number: _found(row, by_key, by_address, is_required=is_required) for row in rows}


def _address(row: Row) -> Address:
    project, building, entrance, room = (
        str(row.values.get(name) or "").strip() for name in ("project", "building", "entrance", "room")
    )
    return project, building, entrance, room


def _by_key(keys: set[str], actor: Actor) -> dict[str, UnitPlace]:
    if not keys:
        return {}
    rows = Unit.objects.visible_to(actor).filter(external_key__in=keys)
    columns = rows.values_list("external_key", "id", "project_id", "org_unit_id")
    return {key: UnitPlace(unit, project, place) for key, unit, project, place in columns}


def _by_address(addresses: set[Address], actor: Actor) -> dict[Address, UnitPlace]:
    if not addresses:
        return {}
    rows = Unit.objects.visible_to(actor).filter(
        project__name__in={address[0] for address in addresses},
        number__in={address[3] for address in addresses},
    )
    columns = (
        "project__name",
        "building__name",
        "entrance__name",
        "number",
        "id",
        "project_id",
        "org_unit_id",
    )
    return {
        (project, building, entrance or "", room): UnitPlace(*place)
        for project, building, entrance, room, *place in rows.values_list(*columns)
    }


def _found(
    row: Row, by_key: Mapping[str, UnitPlace], by_address: Mapping[Address, UnitPlace], *, is_required: bool
) -> FoundUnit:
    key, address = row.values.get("unit_key"), _address(row)
    if not key and not address[3]:
        missing = Problem(row.number, "room", "unit_missing") if is_required else None
        return FoundUnit(problem=missing)
    place = by_key.get(key) if key else by_address.get(address)
    if place:
        return FoundUnit(place)
    value = key or " ".join(part for part in address if part)
    return FoundUnit(
        problem=Problem(row.number, "unit_key" if key else "room", "unit_unknown", {"value": value})
    )
