"""Objects for the walk over all routes."""

from typing import Any

from hearth.organization.models import OrgUnit
from hearth.privacy.services import sync_purposes, sync_retention
from tests.privacy.builders import make_known_customer, make_proven_consent, make_request


def make_customer_route(company: OrgUnit) -> dict[str, Any]:
    return {"customer_id": make_known_customer(company).pk}


def make_purpose_route(company: OrgUnit) -> dict[str, Any]:
    sync_purposes()
    return {"code": "marketing"}


def make_request_route(company: OrgUnit) -> dict[str, Any]:
    return {"request_id": make_request(company).pk}


def make_listed_request(company: OrgUnit) -> str:
    return f"#{make_request(company).number} "


REQUEST_PAGES = (
    "request",
    "identify",
    "take_up",
    "package",
    "answer",
    "refuse",
    "propose",
    "decide",
    "lift",
)


def make_rule_route(company: OrgUnit) -> dict[str, Any]:
    sync_retention()
    return {"kind": "tasks.closed"}


def make_evidence_route(company: OrgUnit) -> dict[str, Any]:
    return {"consent_id": make_proven_consent(company).pk}


SAMPLES = {
    "privacy:evidence": make_evidence_route,
    "privacy:retention_rule": make_rule_route,
    **{f"privacy:{name}": make_request_route for name in REQUEST_PAGES},
    "privacy:customer_consents": make_customer_route,
    "privacy:change_consent": make_customer_route,
    "privacy:change_profiling": make_customer_route,
    "privacy:purpose": make_purpose_route,
}
SHARED = {"privacy:purpose", "privacy:retention_rule"}
TRACES = {"privacy:requests": make_listed_request}
