"""How a case was settled, what it cost and what the customer said of it, for its page."""

from decimal import Decimal
from typing import Any

from hearth.cases.models import CallBack, Case, CostLine, Settlement
from hearth.cases.services.closing import is_closed_in_full, missing_for_closing
from hearth.core.actor import Actor


def settlement_story(case: Case, actor: Actor) -> dict[str, Any]:
    """Return what stands, what was withdrawn, the costs with their sum, the call-backs, and what closing still lacks.

    At most six queries.
    """
    rows = Settlement.objects.visible_to(actor).filter(case=case)
    related = rows.select_related("cause__parent", "evidence_file", "settled_by", "approved_by")
    said = list(related.order_by("-created_at", "-id"))
    standing = next((row for row in said if row.withdrawn_at is None), None)
    costs = list(CostLine.objects.visible_to(actor).filter(case=case).order_by("created_at", "id"))
    in_full = case.state != Case.State.CLOSED and is_closed_in_full(case)
    return {
        "settlement": standing,
        "withdrawn": [row for row in said if row is not standing],
        "costs": costs,
        "total_cost": sum((row.amount for row in costs if row.struck_out_at is None), Decimal(0)),
        "call_backs": list(
            CallBack.objects.visible_to(actor)
            .filter(case=case)
            .select_related("user")
            .order_by("-created_at", "-id")
        ),
        "missing": list(missing_for_closing(case, standing)) if in_full else [],
        "is_own_settlement": standing is not None and standing.settled_by_id == actor.user_id,
    }
