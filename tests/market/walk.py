"""What the walk over all routes needs to know of this app."""

from typing import Any

from hearth.organization.models import OrgUnit
from tests.market.builders import make_competitor, make_event, make_price
from tests.properties.builders import make_project


def _project(company: OrgUnit) -> dict[str, Any]:
    return {"project_id": make_project(company).pk}


def _competitor(company: OrgUnit) -> dict[str, Any]:
    return {"competitor_id": make_competitor(company).pk}


def _price(company: OrgUnit) -> dict[str, Any]:
    return {"price_id": make_price(make_competitor(company)).pk}


def _event(company: OrgUnit) -> dict[str, Any]:
    return {"event_id": make_event(company).pk}


def _listed(company: OrgUnit) -> str:
    return make_competitor(company, name="青枫浦壹号").name


def _listed_event(company: OrgUnit) -> str:
    return make_event(company, "青枫浦人才补贴").title


def _beside(company: OrgUnit) -> str:
    return make_project(company, name="青枫浦雅苑").name


SAMPLES = {
    "market:project": _project,
    **{f"market:{name}": _competitor for name in ("competitor", "edit_competitor", "note_price")},
    "market:strike_price": _price,
    **{f"market:{name}": _event for name in ("event", "edit_event")},
}
TRACES = {
    "market:market": _beside,
    "market:competitors": _listed,
    "market:events": _listed_event,
}
