"""Entering homes, one or many."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from hearth.core.actor import Actor
from hearth.core.bulk import insert_many
from hearth.core.events import record_many
from hearth.custom_fields.models import FieldDefinition
from hearth.custom_fields.values import keep_values
from hearth.lib.chinese import address_tokens
from hearth.properties.errors import ImpossibleArea, NegativePrice, UnitExists
from hearth.properties.events import UnitsCreated, UnitsUpdated
from hearth.properties.models import Building, Entrance, Project, Unit
from hearth.properties.permissions import CHANGE_PROPERTY

SMALLEST_AREA, LARGEST_AREA = Decimal(3), Decimal(5_000)
BATCH = 2_000
UPDATED_COLUMNS = (
    "floor",
    "layout",
    "orientation",
    "fit_out",
    "floor_area",
    "list_price_amount",
    "built_year",
    "state",
    "handover_date",
    "external_key",
    "custom",
    "updated_at",
)


@dataclass(frozen=True, kw_only=True)
class UnitDraft:
    """A home to be entered; `building` comes with its project loaded."""

    building: Building
    number: str
    entrance: Entrance | None = None
    floor: int | None = None
    layout: str = ""
    orientation: str = ""
    fit_out: str = ""
    floor_area: Decimal | None = None
    list_price_amount: Decimal | None = None
    built_year: int | None = None
    state: str = Unit.State.PLANNED
    handover_date: date | None = None
    external_key: str = ""
    custom: tuple[tuple[FieldDefinition, Any], ...] = ()


def check_area_and_price(floor_area: Decimal | None, list_price_amount: Decimal | None) -> None:
    """Refuse figures that no home has.

    :raises ImpossibleArea: below 3 or above 5,000 m²
    :raises NegativePrice: below zero
    """
    if floor_area is not None and not SMALLEST_AREA <= floor_area <= LARGEST_AREA:
        raise ImpossibleArea("floor_area", minimum=SMALLEST_AREA, maximum=LARGEST_AREA)
    if list_price_amount is not None and list_price_amount < 0:
        raise NegativePrice("list_price_amount")


@transaction.atomic
def create_unit(draft: UnitDraft, *, actor: Actor, now: datetime) -> Unit:
    """Enter one home.

    :raises NotAllowed: if the actor may not change homes there
    :raises ImpossibleArea, NegativePrice: for figures that no home has
    :raises UnitExists: if the address or the external key is taken
    """
    place = draft.building.project.org_unit_id
    actor.require(CHANGE_PROPERTY, place)
    check_area_and_price(draft.floor_area, draft.list_price_amount)
    same = Unit.objects.filter(building=draft.building, entrance=draft.entrance, number=draft.number)
    keyed = Unit.objects.filter(org_unit_id=place, external_key=draft.external_key)
    if same.exists():
        raise UnitExists("number")
    if draft.external_key and keyed.exists():
        raise UnitExists("external_key")
    return create_units([draft], actor=actor, now=now)[0]


@transaction.atomic
def create_units(
    drafts: Sequence[UnitDraft], *, actor: Actor, now: datetime, is_sample: bool = False
) -> list[Unit]:
    """Enter many homes, with one query for them and one event for each project.

    Addresses and keys are not looked up: a taken one breaks the constraint and takes everything back. An empty list
    does nothing.

    :raises NotAllowed: if the actor may not change homes at one of the places
    :raises ImpossibleArea, NegativePrice: for figures that no home has
    """
    for place in {draft.building.project.org_unit_id for draft in drafts}:
        actor.require(CHANGE_PROPERTY, place)
    for draft in drafts:
        check_area_and_price(draft.floor_area, draft.list_price_amount)
    units = [_unit(draft, now=now, is_sample=is_sample) for draft in drafts]
    insert_many(units)
    counts = Counter(unit.project for unit in units)
    only = units[0].pk if len(units) == 1 else None
    record_many(
        [
            UnitsCreated(
                org_unit_id=project.org_unit_id,
                project_id=project.pk,
                unit_id=only,
                units=count,
                is_sample=is_sample,
            )
            for project, count in counts.items()
        ],
        actor=actor,
        now=now,
    )
    return units


def _unit(draft: UnitDraft, *, now: datetime, is_sample: bool) -> Unit:
    project = draft.building.project
    entrance = draft.entrance.name if draft.entrance else ""
    unit = Unit(
        org_unit_id=project.org_unit_id,
        project=project,
        building=draft.building,
        entrance=draft.entrance,
        number=draft.number,
        floor=draft.floor,
        layout=draft.layout,
        orientation=draft.orientation,
        fit_out=draft.fit_out,
        floor_area=draft.floor_area,
        list_price_amount=draft.list_price_amount,
        built_year=draft.built_year,
        state=draft.state,
        handover_date=draft.handover_date,
        external_key=draft.external_key,
        address_tokens=address_tokens(f"{project.name} {draft.building.name} {entrance} {draft.number}"),
        created_at=now,
        updated_at=now,
        is_sample=is_sample,
    )
    unit.custom = keep_values(draft.custom, unit)
    return unit


@transaction.atomic
def update_units(units: Sequence[Unit], *, actor: Actor, now: datetime) -> None:
    """Write the changed particulars of homes, with one query for two thousand of them.

    The caller has set the attributes and made sure that each state may follow the one before; the place of a home
    does not change.

    :raises NotAllowed: if the actor may not change homes at one of the places
    """
    for place in {unit.org_unit_id for unit in units}:
        actor.require(CHANGE_PROPERTY, place)
    for unit in units:
        unit.updated_at = now
    Unit.objects.bulk_create(
        units,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=list(UPDATED_COLUMNS),
    )
    places = dict(
        Project.objects.filter(pk__in={unit.project_id for unit in units}).values_list("pk", "org_unit_id")
    )
    counts = Counter(unit.project_id for unit in units)
    record_many(
        [
            UnitsUpdated(org_unit_id=places[project_id], project_id=project_id, units=count)
            for project_id, count in counts.items()
        ],
        actor=actor,
        now=now,
    )
