"""What the walk over all routes needs to know of this app."""

from typing import Any

from hearth.organization.models import OrgUnit
from hearth.payment_reminders.services import remind
from tests.payment_reminders.builders import NOON, make_due


def _contract(company: OrgUnit) -> dict[str, Any]:
    row = make_due(company)
    remind(now=NOON)
    return {"contract_id": row.plan.contract_id}


SAMPLES = {"payment_reminders:of_contract": _contract}
