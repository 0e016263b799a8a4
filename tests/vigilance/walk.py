"""What the walk over all routes needs to know of this app."""

from typing import Any

from hearth.organization.models import OrgUnit
from tests.customers.builders import make_customer
from tests.organization.builders import make_user
from tests.vigilance.builders import make_alarm, make_rule


def _alarm(company: OrgUnit) -> dict[str, Any]:
    return {"alarm_id": make_alarm(make_user()).pk}


def _rule(company: OrgUnit) -> dict[str, Any]:
    return {"code": make_rule("night").code}


def _customer(company: OrgUnit) -> dict[str, Any]:
    return {"customer_id": make_customer(company).pk}


SAMPLES = {
    **dict.fromkeys(["vigilance:alarm", "vigilance:examine", "vigilance:close"], _alarm),
    "vigilance:rule": _rule,
    "vigilance:lift": _customer,
}
# Only the account for an emergency has this page.
PREPARED = {"vigilance:emergency": 404}
# Who reads what is watched over for the whole group, or not at all.
GROUP_ONLY = {*SAMPLES, "vigilance:alarms", "vigilance:reads", "vigilance:rules", "vigilance:canaries"}
SHARED = set(SAMPLES)
