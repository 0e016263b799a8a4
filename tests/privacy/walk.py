"""Objects for the walk over all routes."""

from typing import Any

from hearth.organization.models import OrgUnit
from hearth.privacy.services import sync_purposes
from tests.privacy.builders import make_known_customer


def make_customer_route(company: OrgUnit) -> dict[str, Any]:
    return {"customer_id": make_known_customer(company).pk}


def make_purpose_route(company: OrgUnit) -> dict[str, Any]:
    sync_purposes()
    return {"code": "marketing"}


SAMPLES = {
    "privacy:customer_consents": make_customer_route,
    "privacy:change_consent": make_customer_route,
    "privacy:purpose": make_purpose_route,
}
SHARED = {"privacy:purpose"}
