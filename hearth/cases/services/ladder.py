"""The history of grades, and who is to be told because of what: steps of other services."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from hearth.cases.grades import GRADE_RULES, HOUSEHOLDS, LADDER, RANK, steps_for
from hearth.cases.models import Case, Escalation, GradeChange
from hearth.core.actor import Actor
from hearth.lib.identifiers import uuid7
from hearth.organization.selectors import resolve_settings

RULES = {each.key: each.default for each in (GRADE_RULES, LADDER, *HOUSEHOLDS)}


def rules_at(case: Case) -> Mapping[str, Any]:
    """Return the rules of grades, households and the ladder at the place of a case; one query beside its place."""
    return {key: resolved.value for key, resolved in resolve_settings(RULES, case.org_unit).items()}


def keep_grade(case: Case, before: str, because: str, *, actor: Actor, now: datetime) -> None:
    """Write down how a grade went, and have those told who are to hear of a higher one; opens no transaction."""
    GradeChange.objects.create(
        case=case,
        from_grade=before,
        to_grade=case.grade,
        because=because,
        user_id=actor.user_id,
        is_sample=case.is_sample,
        created_at=now,
        updated_at=now,
    )
    if RANK[case.grade] > RANK[before]:
        raise_ladder(case, Escalation.Because.GRADE, case.grade, now=now)


def raise_ladder(case: Case, because: str, of: str, *, now: datetime, key: str = "") -> None:
    """Write down who is to be told, from when and by when; of one thing each level once. Opens no transaction."""
    steps = steps_for(because, of, rules_at(case)[LADDER.key])
    rows = []
    for step in steps:
        tell_at = now + timedelta(minutes=step["after"])
        rows.append(
            Escalation(
                id=uuid7(),
                case=case,
                level=step["level"],
                because=because,
                key=key or f"{because}:{of}",
                tell_at=tell_at,
                due_at=tell_at + timedelta(minutes=step["within"]),
                is_sample=case.is_sample,
                created_at=now,
                updated_at=now,
            )
        )
    Escalation.objects.bulk_create(rows, ignore_conflicts=True)
