"""Cases for tests."""

from datetime import UTC, datetime
from decimal import Decimal
from itertools import count
from typing import Any

from hearth.cases.causes import sync_causes
from hearth.cases.models import Case, Cause, CostLine, Settlement
from hearth.cases.services import NewCase, Settled, note_cost, settle_case, write_cases
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


def cause_of(code: str = "construction-leak") -> Cause:
    """Return a cause that ships."""
    sync_causes()
    return Cause.objects.get(code=code)


def settled(**values: Any) -> Settled:
    """Say how a case was settled; further values are those of `Settled`."""
    defaults: dict[str, Any] = {
        "solution": "更换水管，墙面重新粉刷。",
        "outcome": "agreed",
        "cause": cause_of(),
        "party": "contractor",
        "party_name": "三建",
        "has_no_cost": True,
        "proof": "三方签字单，12 号档案夹",
    }
    return Settled(**(defaults | values))


def settle(case: Case, *, actor: Actor | None = None, now: datetime = NOW, **values: Any) -> Settlement:
    """Settle a case, in the name of the installation where nobody is named."""
    return settle_case(case, settled(**values), actor=actor or Actor.system("test"), now=now)


def make_cost(case: Case, amount: str = "1200.00", **values: Any) -> CostLine:
    """Write a line of what a case cost."""
    named = {"kind": "repair", "is_charged": True, "actor": Actor.system("test"), "now": NOW, **values}
    return note_cost(case, amount=Decimal(amount), **named)
