"""What the walk over all routes needs to know of this app."""

from typing import Any

from hearth.organization.models import OrgUnit
from tests.properties.builders import make_building, make_project, make_unit


def _project(company: OrgUnit) -> dict[str, Any]:
    return {"pk": make_project(company).pk}


def _building(company: OrgUnit) -> dict[str, Any]:
    return {"pk": make_building(make_project(company)).pk}


def _unit(company: OrgUnit) -> dict[str, Any]:
    return {"pk": make_unit(make_building(make_project(company))).pk}


def _trace(company: OrgUnit) -> str:
    return make_project(company, name="走查花园").name


def _unit_trace(company: OrgUnit) -> str:
    return make_unit(make_building(make_project(company)), number="8848").number


SAMPLES = {
    **dict.fromkeys(["properties:project", "properties:building_new"], _project),
    **dict.fromkeys(["properties:building", "properties:unit_new"], _building),
    **dict.fromkeys(["properties:unit", "properties:unit_state"], _unit),
}
TRACES = {"properties:list": _trace, "properties:units": _unit_trace}
