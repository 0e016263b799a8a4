"""What the demo accounts do about open cases: one waits for the customer, one was visited, one is of many."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from hearth.accounts.models import User
from hearth.cases.models import Case, CasePause, Signal
from hearth.cases.services import change_case, note_signal, note_visit, pause_case
from hearth.core.actor import Actor
from hearth.demo.city.desk import IN_CHARGE, SAME_TROUBLE, SAME_WORDS, WAITS_FOR, WORKED_ON
from hearth.demo.loading.project import LoadedProject


def work_on_cases(
    loaded: LoadedProject, users: Mapping[str, User], *, actor: Actor, now: datetime
) -> list[Case]:
    """Put somebody in charge of the newest open cases of a project, and let one wait; return them."""
    person = users.get(IN_CHARGE)
    open_cases = Case.objects.open().filter(project=loaded.project, is_sample=True, assignee=None)
    rows = list(open_cases.order_by("-opened_at", "-id")[:WORKED_ON]) if person else []
    for row in rows:
        change_case(row, actor=actor, grade=row.grade, assignee=person, now=now)
    for row in rows[:1]:
        pause_case(row, actor=actor, reason=CasePause.Reason.PAPERS, note=WAITS_FOR, now=now)
    repairs = [row for row in rows if row.kind == Case.Kind.REPAIR]
    for row in repairs[:1]:
        note_visit(row, actor=actor, visited_at=now, now=now)
    for row in rows[1:2]:
        note_signal(
            row, actor=actor, what=Signal.HOUSEHOLDS, number=Decimal(SAME_TROUBLE), note=SAME_WORDS, now=now
        )
    return rows
