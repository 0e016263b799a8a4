"""What this app offers to those below: its place in the rail, its import, extracts, search and timeline."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.extracts import Extract, register_extract
from hearth.core.models import EventRecord
from hearth.core.navigation import Place, register_place
from hearth.core.search import Hit, SearchProvider, search_providers
from hearth.core.timeline import Detail, timeline_detail
from hearth.custom_fields.objects import CustomObject, register_custom_object
from hearth.imports.kinds import register_import_kind
from hearth.lib.chinese import query_tokens
from hearth.properties import bulk, lists  # noqa: F401  (each registers what it offers)
from hearth.properties.events import UnitStateChanged
from hearth.properties.models import Project, Unit
from hearth.properties.permissions import CHANGE_PROPERTY, VIEW_PROPERTY
from hearth.properties.unit_kind import UNITS

register_import_kind(UNITS)
register_place(
    Place(_("Homes"), "building-community", "properties:list", VIEW_PROPERTY, order=20, shortcut="h")
)
register_place(
    Place(_("List of homes"), "home", "properties:units", VIEW_PROPERTY, order=21, is_in_rail=False)
)
register_place(
    Place(
        _("Project"),
        "building-community",
        "properties:project_new",
        CHANGE_PROPERTY,
        order=20,
        is_creation=True,
    )
)
register_extract(
    Extract(
        name="projects",
        sql="""
            SELECT id::text AS project_id, org_unit_id, code, name, city, district, life_phase,
                planned_handover_date
            FROM properties_project
        """,
        columns={
            "project_id": "string",
            "org_unit_id": "int64",
            "code": "string",
            "name": "string",
            "city": "string",
            "district": "string",
            "life_phase": "string",
            "planned_handover_date": "date",
        },
    )
)
register_extract(
    Extract(
        name="units",
        sql="""
            SELECT id::text AS unit_id, project_id::text, building_id::text, entrance_id::text, org_unit_id,
                number, state, floor::int8 AS floor, layout, orientation, fit_out, floor_area, list_price_amount,
                built_year::int8 AS built_year, handover_date, created_at
            FROM properties_unit
        """,
        columns={
            "unit_id": "string",
            "project_id": "string",
            "building_id": "string",
            "entrance_id": "string",
            "org_unit_id": "int64",
            "number": "string",
            "state": "string",
            "floor": "int64",
            "layout": "string",
            "orientation": "string",
            "fit_out": "string",
            "floor_area": "decimal(8, 2)",
            "list_price_amount": "decimal(14, 2)",
            "built_year": "int64",
            "handover_date": "date",
            "created_at": "timestamp('UTC')",
        },
    )
)


def find_projects(query: str, actor: Actor, limit: int) -> list[Hit]:
    """Find projects by a part of the name; one query."""
    rows = Project.objects.visible_to(actor).select_related("org_unit").filter(name__icontains=query)
    return [_project_hit(project) for project in rows.order_by("name", "id")[:limit]]


def recall_projects(ids: Collection[UUID], actor: Actor) -> Mapping[UUID, Hit]:
    """Name projects by their ids; one query."""
    rows = Project.objects.visible_to(actor).select_related("org_unit").filter(pk__in=ids)
    return {project.pk: _project_hit(project) for project in rows}


def _project_hit(project: Project) -> Hit:
    url = reverse("properties:project", args=[project.pk])
    return Hit(project.name, project.org_unit.name, url, "building-community")


def find_units(query: str, actor: Actor, limit: int) -> list[Hit]:
    """Find homes by project, building, entrance and room in any common spelling; one query."""
    tokens = query_tokens(query, "address")
    if not tokens:
        return []
    rows = Unit.objects.visible_to(actor).with_place().filter(address_tokens__matches=tokens)
    return [_unit_hit(unit) for unit in rows.order_by("-id")[:limit]]


def recall_units(ids: Collection[UUID], actor: Actor) -> Mapping[UUID, Hit]:
    """Name homes by their ids; one query."""
    rows = Unit.objects.visible_to(actor).with_place().filter(pk__in=ids)
    return {unit.pk: _unit_hit(unit) for unit in rows}


def _unit_hit(unit: Unit) -> Hit:
    return Hit(unit.address, unit.get_state_display(), reverse("properties:unit", args=[unit.pk]), "home")


search_providers.register(
    "projects",
    SearchProvider(_("Projects"), VIEW_PROPERTY, find_projects, "properties:project", recall_projects),
)
search_providers.register(
    "units", SearchProvider(_("Homes"), VIEW_PROPERTY, find_units, "properties:unit", recall_units)
)


@timeline_detail(UnitStateChanged.type)
def load_state_changes(events: Sequence[EventRecord], actor: Actor) -> Mapping[UUID, Detail]:
    """Say from which state to which; no query."""
    return {
        event.id: Detail(f"{_state_label(event.payload['before'])} → {_state_label(event.payload['after'])}")
        for event in events
    }


def _state_label(state: str) -> str:
    return str(Unit.State(state).label) if state in Unit.State.values else state


register_custom_object(
    CustomObject(
        code="unit",
        list_key="homes",
        label=_("Homes"),
        icon="home",
        rows=Unit.objects.visible_to,
        url_name="properties:unit",
        view_permission=VIEW_PROPERTY,
        change_permission=CHANGE_PROPERTY,
        places=lambda records: {record.pk: [record.org_unit_id] for record in records},
        about=lambda record: {
            "unit_id": record.pk,
            "project_id": record.project_id,
            "org_unit_id": record.org_unit_id,
            "is_sample": record.is_sample,
        },
    )
)
