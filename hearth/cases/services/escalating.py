"""Telling those above: by the ladder, and because the customer or a colleague asks for it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hearth.cases.events import CaseEscalated
from hearth.cases.grades import LADDER, steps_for
from hearth.cases.models import Case, Escalation, Level, ServiceClock
from hearth.cases.notifications import ESCALATED
from hearth.cases.services.ladder import rules_at
from hearth.cases.services.steps import about, live
from hearth.cases.telling import tell_above, tell_due
from hearth.core.actor import Actor
from hearth.core.errors import DomainError
from hearth.core.events import record

ACTOR = Actor.system("cases")
WITHIN = 30


class AtTheTop(DomainError):
    """Above the group there is nobody."""

    code = "at_the_top"
    message = _("The group was told already; there is nobody above it.")


@transaction.atomic
def escalate_case(
    case: Case, *, actor: Actor, by_customer: bool, note: str = "", now: datetime
) -> Escalation:
    """Bring a case one level higher than it has come so far; a customer has a right to it as long as it is open.

    :raises NotAllowed: if the actor may not change cases there
    :raises CaseIsClosed: if the case is closed
    :raises AtTheTop: if the group was told
    """
    case = live(case, actor)
    because = Escalation.Because.CUSTOMER if by_customer else Escalation.Because.COLLEAGUE
    asked = Escalation.objects.filter(case=case, withdrawn_at=None)
    asked = asked.exclude(because=Escalation.Because.BROKEN, told_at=None)
    reached = [Level.values.index(level) for level in asked.values_list("level", flat=True)]
    rank = max(reached, default=-1) + 1
    if rank == len(Level.values):
        raise AtTheTop
    level = Level.values[rank]
    steps = [step for step in steps_for(because, "", rules_at(case)[LADDER.key]) if step["level"] == level]
    within = steps[0]["within"] if steps else WITHIN
    escalation = Escalation.objects.create(
        case=case,
        level=level,
        because=because,
        key=f"{because}:{now:%Y%m%d%H%M%S}",
        note=note.strip()[:200],
        tell_at=now,
        due_at=now + timedelta(minutes=within),
        is_sample=case.is_sample,
        created_at=now,
        updated_at=now,
    )
    _tell(escalation, case, actor, now)
    return escalation


def tell_escalations(*, now: datetime) -> int:
    """Tell those above who are to be told by now; return how many levels were. Repeatable, and by several at once.

    What came after all is withdrawn. Where nobody watches over cases it is tried again after an hour.
    """
    return tell_due(Escalation.objects.waiting(), partial(_tell_some, now=now), now=now)


def _tell_some(waiting: Sequence[Escalation], now: datetime) -> int:
    cases = Case.objects.select_related("org_unit").in_bulk({each.case_id for each in waiting})
    return sum(_settle(each, cases[each.case_id], now) for each in waiting)


def _settle(escalation: Escalation, case: Case, now: datetime) -> bool:
    if escalation.because == Escalation.Because.BROKEN and not _is_still_broken(escalation):
        escalation.withdrawn_at, escalation.updated_at = now, now
        escalation.save(update_fields=["withdrawn_at", "updated_at"])
        return False
    return _tell(escalation, case, ACTOR, now)


def _is_still_broken(escalation: Escalation) -> bool:
    """Tell whether what the customer was promised has still not come."""
    step = escalation.key.split(":")[1]
    return ServiceClock.objects.running().filter(case=escalation.case_id, step=step).exists()


def _tell(escalation: Escalation, case: Case, actor: Actor, now: datetime) -> bool:
    kind, url = ESCALATED[escalation.because], reverse("cases:case", args=[case.pk])
    people = tell_above(escalation, case.org_unit, kind, url=url, params={"number": case.number}, now=now)
    if people is None:
        return False
    event = CaseEscalated(
        **about(case),
        level=escalation.level,
        because=escalation.because,
        people=people,
        is_in_time=now <= escalation.due_at,
    )
    record(event, actor=actor, now=now)
    return True
