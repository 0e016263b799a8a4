"""The list of homes of all projects."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.custom_fields.list_fields import further_of
from hearth.lib.chinese import query_tokens
from hearth.lists import cells
from hearth.lists.cells import Heading
from hearth.lists.columns import badge_of, name_of, value_of
from hearth.lists.definitions import (
    Batch,
    Board,
    Column,
    Emptiness,
    ListDefinition,
    Order,
    Plan,
    Preset,
    register_list,
)
from hearth.lists.filters import CHOICE, DAY, NUMBER, PLACE, TEXT, Filter
from hearth.properties.fields import FIELDS
from hearth.properties.models import Unit
from hearth.properties.permissions import CHANGE_PROPERTY, VIEW_PROPERTY
from hearth.properties.plans import read_plans
from hearth.properties.services import change_unit_state

STATES = Unit.State.choices
STATE_COLOURS = {
    "available": "green",
    "held": "yellow",
    "subscribed": "orange",
    "contracted": "azure",
    "delivered": "indigo",
}


def _addresses(batch: Batch[Unit]) -> Sequence[Heading]:
    return [Heading(row.address, icon="home") for row in batch.rows]


def meant_by(text: str) -> Q:
    """Return the condition that a home is meant by the words of its address."""
    tokens = query_tokens(text, "address")
    return Q(address_tokens__matches=tokens) if tokens else Q(pk__in=[])


def _move_to_state(unit: Unit, state: str, actor: Actor, now: datetime) -> object:
    return change_unit_state(unit, state, actor=actor, now=now)


HOMES = register_list(
    ListDefinition(
        key="homes",
        further=further_of("unit"),
        label=_("All homes"),
        icon="home",
        permission=VIEW_PROPERTY,
        url_name="properties:units",
        record_url_name="properties:unit",
        rows=Unit.objects.visible_to,
        whole=lambda: Unit.objects.with_place().select_related("org_unit"),
        search=meant_by,
        search_hint=_("Address, for example 7-2-1203"),
        columns=(
            Column("address", _("Address"), _addresses, cells.HEADING),
            Column("state", _("State"), badge_of("state", STATES, STATE_COLOURS), cells.BADGE),
            Column("layout", _("Layout"), value_of("layout")),
            Column("area", _("Area, m²"), value_of("floor_area"), cells.NUMBER, total="floor_area"),
            Column(
                "price",
                _("List price, ¥"),
                value_of("list_price_amount"),
                cells.MONEY,
                total="list_price_amount",
            ),
            Column(
                "price_per_area", _("¥ for each m²"), value_of("price_per_area"), cells.MONEY, is_usual=False
            ),
            Column("orientation", _("Orientation"), value_of("orientation"), is_usual=False),
            Column("fit_out", _("Fit-out"), value_of("fit_out"), is_usual=False),
            Column("floor", _("Floor"), value_of("floor"), cells.NUMBER, is_usual=False),
            Column("handover", _("Handed over"), value_of("handover_date"), cells.DAY),
            Column("project", _("Project"), name_of("project"), is_usual=False),
            Column("place", _("Place"), name_of("org_unit"), is_usual=False),
            Column("key", _("External key"), value_of("external_key"), is_usual=False),
        ),
        filters=(
            Filter("state", _("State"), CHOICE, "state", STATES, is_grouping=True),
            Filter("project", _("Project"), TEXT, "project__name"),
            Filter("building", _("Building"), TEXT, "building__name"),
            Filter("area", _("Area, m²"), NUMBER, "floor_area"),
            Filter("price", _("List price, ¥"), NUMBER, "list_price_amount"),
            Filter("layout", _("Layout"), TEXT, "layout"),
            Filter("handover", _("Handed over"), DAY, "handover_date"),
            Filter("place", _("Place"), PLACE, "org_unit"),
        ),
        orders=(Order("recorded", _("Newest"), "-id"),),
        boards=(
            Board("state", ("layout", "area", "price"), _move_to_state, CHANGE_PROPERTY, "list_price_amount"),
        ),
        calendars=("handover",),
        plan=Plan(
            "state", _("Stacking plan"), "building-skyscraper", "properties/components/plans.html", read_plans
        ),
        fields=FIELDS,
        quick=("state", "project", "area", "price"),
        presets=(Preset("for_sale", _("For sale"), {"state": "available"}),),
        emptiness=Emptiness(
            title=_("No homes yet"),
            text=_("Import the list of homes, or enter the first project by hand."),
            action_label=_("New project"),
            action_url_name="properties:project_new",
            has_samples=True,
            none_fits=_("Fewer words or wider filters find more."),
        ),
    )
)
