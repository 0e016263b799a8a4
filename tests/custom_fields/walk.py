"""What the walk over all routes needs to know of this app."""

from typing import Any

from hearth.organization.models import OrgUnit
from tests.custom_fields.builders import make_field
from tests.customers.builders import make_customer


def _record(company: OrgUnit) -> dict[str, Any]:
    make_field(company)
    return {"object_code": "customer", "record_id": make_customer(company).pk}


def _definition(company: OrgUnit) -> dict[str, Any]:
    return {"pk": make_field(company).pk}


def _trace(company: OrgUnit) -> str:
    make_field(company, name_zh="走查字段", name_en="走查字段")
    return "走查字段"


SAMPLES = {
    "custom_fields:card": _record,
    "custom_fields:values": _record,
    "custom_fields:change": _definition,
}
TRACES = {"custom_fields:definitions": _trace}
