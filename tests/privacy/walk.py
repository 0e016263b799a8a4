"""Objects for the walk over all routes."""

from typing import Any

from hearth.organization.models import OrgUnit
from tests.privacy.builders import make_known_customer


def make_customer_route(company: OrgUnit) -> dict[str, Any]:
    return {"customer_id": make_known_customer(company).pk}


SAMPLES = {"privacy:customer_consents": make_customer_route, "privacy:change_consent": make_customer_route}
