"""What the walk over all routes needs to know of this app."""

from typing import Any

from hearth.organization.models import OrgUnit
from tests.brokers.builders import make_broker, make_conflict, make_partner, make_registration


def _partner(company: OrgUnit) -> dict[str, Any]:
    return {"partner_id": make_partner(company).pk}


def _broker(company: OrgUnit) -> dict[str, Any]:
    return {"broker_id": make_broker(company).pk}


def _registration(company: OrgUnit) -> dict[str, Any]:
    return {"registration_id": make_registration(company).pk}


def _conflict(company: OrgUnit) -> dict[str, Any]:
    return {"conflict_id": make_conflict(company).pk}


def _listed_partner(company: OrgUnit) -> str:
    return make_partner(company, name="青枫浦中介").name


def _listed_registration(company: OrgUnit) -> str:
    return make_registration(company, name="王青枫浦").customer_name


def _listed_conflict(company: OrgUnit) -> str:
    return str(make_conflict(company).project.name)


SAMPLES = {
    **{f"brokers:{name}": _partner for name in ("partner", "change_partner", "new_broker")},
    **{f"brokers:{name}": _broker for name in ("end_broker", "renew_link", "withdraw_link")},
    **{f"brokers:{name}": _registration for name in ("registration", "object")},
    "brokers:conflict": _conflict,
}
TRACES = {
    "brokers:partners": _listed_partner,
    "brokers:registrations": _listed_registration,
    "brokers:conflicts": _listed_conflict,
}
