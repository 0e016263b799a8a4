"""What the walk over all routes needs to know of this app."""

from typing import Any

from hearth.organization.models import OrgUnit
from tests.customers.builders import make_customer
from tests.registers.builders import make_affected, make_incident


def _incident(company: OrgUnit) -> dict[str, Any]:
    return {"incident_id": make_incident(company).pk}


def _affected(company: OrgUnit) -> dict[str, Any]:
    return {"affected_id": make_affected(make_customer(company), company).pk}


def _listed(company: OrgUnit) -> str:
    return make_incident(company, title="青枫浦名单外泄").title


def _listed_person(company: OrgUnit) -> str:
    return make_affected(make_customer(company, name="青枫浦"), company).customer.name


ACTS = ("judge", "authority", "notice", "note", "close", "search")
SAMPLES = {
    "registers:incident": _incident,
    **{f"registers:{name}": _incident for name in ACTS},
    "registers:affected_person": _affected,
}
TRACES = {"registers:incidents": _listed, "registers:affected": _listed_person}
