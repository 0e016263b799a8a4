"""What the walk over all routes needs to know of this app."""

from typing import Any

from hearth.brokers.services import make_settlement
from hearth.organization.models import OrgUnit
from hearth.organization.selectors import actor_for
from tests.brokers.builders import (
    LATER,
    TODAY,
    make_broker,
    make_conflict,
    make_earned,
    make_partner,
    make_project,
    make_registration,
    make_rule,
    make_settler,
    make_sheet,
)


def _partner(company: OrgUnit) -> dict[str, Any]:
    return {"partner_id": make_partner(company).pk}


def _broker(company: OrgUnit) -> dict[str, Any]:
    return {"broker_id": make_broker(company).pk}


def _registration(company: OrgUnit) -> dict[str, Any]:
    return {"registration_id": make_registration(company).pk}


def _conflict(company: OrgUnit) -> dict[str, Any]:
    return {"conflict_id": make_conflict(company).pk}


def _rule(company: OrgUnit) -> dict[str, Any]:
    return {"rule_id": make_rule(make_project(company)).pk}


def _sheet(company: OrgUnit) -> dict[str, Any]:
    line = make_earned(company, payable_percent="0")
    maker = actor_for(make_settler(company), today=TODAY)
    return {"settlement_id": make_settlement(line.partner, actor=maker, now=LATER).pk}


def _listed_rule(company: OrgUnit) -> str:
    return str(make_rule(make_project(company)).project.name)


def _listed_sheet(company: OrgUnit) -> str:
    return make_sheet(make_earned(company, payable_percent="0")).partner.name


def _listed_partner(company: OrgUnit) -> str:
    return make_partner(company, name="青枫浦中介").name


def _listed_registration(company: OrgUnit) -> str:
    return make_registration(company, name="王青枫浦").customer_name


def _listed_conflict(company: OrgUnit) -> str:
    return str(make_conflict(company).project.name)


SHEETS = ("settlement", "gather", "submit", "approve", "send_back", "pay")
SAMPLES = {
    **{f"brokers:{name}": _partner for name in ("partner", "change_partner", "new_broker", "new_settlement")},
    **{f"brokers:{name}": _broker for name in ("end_broker", "renew_link", "withdraw_link")},
    **{f"brokers:{name}": _registration for name in ("registration", "object")},
    "brokers:conflict": _conflict,
    "brokers:rule": _rule,
    **{f"brokers:{name}": _sheet for name in SHEETS},
}
TRACES = {
    "brokers:partners": _listed_partner,
    "brokers:registrations": _listed_registration,
    "brokers:conflicts": _listed_conflict,
    "brokers:rules": _listed_rule,
    "brokers:settlements": _listed_sheet,
}
