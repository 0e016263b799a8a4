"""What the walk over all routes needs to know of this app."""

from typing import Any

from hearth.customers.origins import Origin
from hearth.customers.services import state_field_origin
from hearth.organization.models import OrgUnit
from tests.customers.builders import NOW, SYSTEM, make_customer
from tests.families.builders import make_relationship


def _customer(company: OrgUnit) -> dict[str, Any]:
    return {"customer_id": make_customer(company).pk}


def _relationship(company: OrgUnit) -> dict[str, Any]:
    parent = make_customer(company)
    relationship = make_relationship(parent, make_customer(company))
    return {"customer_id": parent.pk, "relationship_id": relationship.pk}


def _item(company: OrgUnit) -> dict[str, Any]:
    customer = make_customer(company, note="x")
    return {"customer_id": customer.pk, "kind": "field", "reference": "note"}


def _blocked(company: OrgUnit) -> str:
    customer = make_customer(company, name="欧阳封锁", note="x")
    origin = Origin(source="partner", basis="none")
    state_field_origin(customer, "note", origin, actor=SYSTEM, now=NOW)
    return "欧阳封锁"


SAMPLES = {
    **dict.fromkeys(
        [
            "families:card",
            "families:people",
            "families:relate",
            "families:needs",
            "families:state-needs",
            "families:reveal-income",
            "families:origins",
        ],
        _customer,
    ),
    "families:end": _relationship,
    "families:state-origin": _item,
    "families:remove-blocked": _item,
}
TRACES = {"families:blocked": _blocked}
