"""How the grade of a case went, and who was told of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hearth.accounts.models import User
from hearth.cases.models import Case, CaseSignal, Escalation, GradeChange
from hearth.core.actor import Actor

MOST = 20


@dataclass(frozen=True)
class Told:
    """A level that is to be told, or was: whom and when."""

    escalation: Escalation
    people: Sequence[str]

    @property
    def is_late(self) -> bool:
        told_at = self.escalation.told_at
        return told_at is not None and told_at > self.escalation.due_at


def grade_story(case: Case, actor: Actor) -> dict[str, Any]:
    """Return the signals, the changes of the grade and the escalations of a case, the newest first; four queries."""
    signals = CaseSignal.objects.visible_to(actor).filter(case=case).select_related("user")
    changes = GradeChange.objects.visible_to(actor).filter(case=case).select_related("user")
    rows = list(
        Escalation.objects.visible_to(actor)
        .filter(case=case, withdrawn_at=None)
        .select_related("place")
        .order_by("-tell_at", "-id")[:MOST]
    )
    ids = {user_id for row in rows for user_id in row.told_ids}
    names = {user.pk: str(user) for user in User.objects.filter(pk__in=ids)} if ids else {}
    return {
        "signals": list(signals.order_by("-created_at", "-id")[:MOST]),
        "grade_changes": list(changes.order_by("-created_at", "-id")[:MOST]),
        "escalations": [Told(row, [names[key] for key in row.told_ids if key in names]) for row in rows],
    }
