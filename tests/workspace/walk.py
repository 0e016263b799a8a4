"""What the walk over all routes needs to know of this app."""

from typing import Any

from hearth.organization.models import FirstStep, OrgUnit
from tests.customers.builders import make_customer, make_home


def _customer(company: OrgUnit) -> dict[str, Any]:
    return {"customer_id": make_customer(company).pk}


def _unit(company: OrgUnit) -> dict[str, Any]:
    return {"unit_id": make_home(company).pk}


def _composer(company: OrgUnit) -> dict[str, Any]:
    return {**_customer(company), "code": "note"}


def _step(company: OrgUnit) -> dict[str, Any]:
    FirstStep.objects.get_or_create(code=FirstStep.Code.RECORDS)
    return {"code": FirstStep.Code.RECORDS}


def _place(company: OrgUnit) -> dict[str, Any]:
    return {"pk": company.pk}


def _history(company: OrgUnit) -> dict[str, Any]:
    return {"key": "customers", "record_id": make_customer(company).pk}


SAMPLES = {
    "workspace:history": _history,
    "workspace:cards": _place,
    "workspace:customer": _customer,
    "workspace:overview": _customer,
    "workspace:customer_tasks": _customer,
    "workspace:timeline": _customer,
    "workspace:colleagues": _customer,
    "workspace:templates": _customer,
    "workspace:compose": _composer,
    "workspace:unit_people": _unit,
    "workspace:first_step": _step,
}
SHARED = {"workspace:first_step"}
GROUP_ONLY = {"workspace:first_steps", "workspace:first_step"}
