"""What the walk over all routes needs to know of this app."""

from typing import Any

from hearth.customers.models import ContactPoint
from hearth.organization.models import OrgUnit
from tests.customers.builders import make_customer, make_home, make_merge, make_pair, make_unit_role


def _customer(company: OrgUnit) -> dict[str, Any]:
    return {"customer_id": make_customer(company).pk}


def _point(company: OrgUnit) -> dict[str, Any]:
    customer = make_customer(company, phone="13900002222")
    return {"point_id": ContactPoint.objects.get(customer=customer).pk}


def _trace(company: OrgUnit) -> str:
    make_customer(company, name="欧阳走查")
    return "欧阳走查"


def _home(company: OrgUnit) -> dict[str, Any]:
    return {"unit_id": make_home(company).pk}


def _role(company: OrgUnit) -> dict[str, Any]:
    return {"role_id": make_unit_role(make_customer(company), make_home(company)).pk}


def _pair(company: OrgUnit) -> dict[str, Any]:
    return {"pair_id": make_pair(make_customer(company), make_customer(company)).pk}


def _merge(company: OrgUnit) -> dict[str, Any]:
    return {"merge_id": make_merge(make_customer(company), make_customer(company)).pk}


def _trace_of_pair(company: OrgUnit) -> str:
    make_pair(make_customer(company, name="欧阳重复"), make_customer(company))
    return "欧阳重复"


def _trace_of_merge(company: OrgUnit) -> str:
    make_merge(make_customer(company, name="欧阳合并"), make_customer(company))
    return "欧阳合并"


SAMPLES = {
    "customers:judge-duplicate": _pair,
    "customers:take-back-judgement": _pair,
    "customers:undo-merge": _merge,
    "customers:compare": _customer,
    **dict.fromkeys(
        [
            "customers:edit",
            "customers:add-contact",
            "customers:join-household",
            "customers:leave-household",
            "customers:add-home",
            "customers:reveal-identity",
        ],
        _customer,
    ),
    "customers:home-history": _home,
    "customers:correct-home": _role,
    **dict.fromkeys(
        ["customers:remove-contact", "customers:prefer-contact", "customers:reveal-contact"], _point
    ),
}
TRACES = {
    "customers:duplicates": _trace_of_pair,
    "customers:merges": _trace_of_merge,
    "customers:customers": _trace,
}
