"""Objects for the walk over all routes."""

from datetime import UTC, date, datetime
from typing import Any

from hearth.insight.services import open_round
from hearth.organization.models import OrgUnit
from tests.customers.builders import make_customer
from tests.insight.builders import SYSTEM, make_run

NOW = datetime(2026, 3, 18, 6, 30, tzinfo=UTC)


def make_customer_route(company: OrgUnit) -> dict[str, Any]:
    return {"customer_id": make_customer(company).pk}


def make_round_route(company: OrgUnit) -> dict[str, Any]:
    make_run(NOW)
    opened = open_round(company, name="春季", goal="", starts=date(2026, 3, 1), actor=SYSTEM, now=NOW)
    return {"round_id": opened.pk}


SAMPLES = {
    **dict.fromkeys(("insight:profile", "insight:score_one"), make_customer_route),
    **dict.fromkeys(("insight:round", "insight:decide", "insight:close"), make_round_route),
}
