"""Cases for tests."""

from datetime import UTC, datetime
from itertools import count
from typing import Any

from hearth.cases.models import Case
from hearth.cases.services import NewCase, write_cases
from hearth.core.actor import Actor
from hearth.customers.models import Customer
from hearth.organization.models import OrgUnit

NOW = datetime(2026, 3, 18, 6, 30, tzinfo=UTC)
_numbers = count(1)


def make_case(org_unit: OrgUnit, *, customer: Customer | None = None, **values: Any) -> Case:
    """Write a case; further values are those of `NewCase`."""
    defaults: dict[str, Any] = {
        "kind": Case.Kind.COMPLAINT,
        "title": f"卫生间渗漏 {next(_numbers)}",
        "body": "楼上漏水，墙面起皮。",
        "channel": "phone",
        "opened_at": NOW,
        "customer_id": customer.pk if customer else None,
    }
    new = NewCase(org_unit_id=org_unit.pk, **(defaults | values))
    return write_cases([new], actor=Actor.system("test"), now=NOW)[0]
