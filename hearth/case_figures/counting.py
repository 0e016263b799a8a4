"""What is counted of cases 投诉处理指标, as conditions that the database evaluates for each case."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q
from django.db.models.functions import Now

from hearth.cases.models import CallBack, Case, CaseQuerySet, Escalation, ServiceClock, Step
from hearth.repairs.models import RepairOrder

ANSWER_WITHIN = timedelta(hours=24)
KEPT = Q(stopped_at__lte=F("due_at"))
BROKEN = Q(stopped_at__gt=F("due_at")) | Q(stopped_at=None, due_at__lt=Now())


def told_apart(rows: CaseQuerySet, now: datetime) -> CaseQuerySet:
    """Say of each case what it counts as; no query."""
    return rows.annotate(
        has_kept=Exists(_solution(KEPT)),
        has_broken=Exists(_solution(BROKEN)),
        has_reopened=Exists(CallBack.objects.filter(case=OuterRef("pk"), has_reopened=True)),
        has_repeat=Exists(RepairOrder.objects.filter(case=OuterRef("pk"), repeat_of__isnull=False)),
        has_climbed=Exists(Escalation.objects.filter(case=OuterRef("pk"), withdrawn_at=None)),
    )


def _solution(standing: Q) -> Any:
    return ServiceClock.objects.filter(standing, case=OuterRef("pk"), step=Step.SOLUTION)


def counts(now: datetime) -> dict[str, Count]:
    """Return what is counted of cases that were `told_apart`, by the names of `Line`.

    A case that is younger than a day and has no answer is not yet judged by its answer, and one whose solution is not
    yet due is not yet judged by its solution.
    """
    judged = Q(answered_at__isnull=False) | Q(opened_at__lte=now - ANSWER_WITHIN)
    closed = Q(state=Case.State.CLOSED)
    called = Q(is_satisfied__isnull=False) | Q(has_reopened=True)
    conditions = {
        "complaints": Q(kind=Case.Kind.COMPLAINT),
        "still_open": ~closed,
        "judged_answers": judged,
        "answered_in_a_day": Q(answered_at__lte=F("opened_at") + ANSWER_WITHIN),
        "judged_solutions": Q(has_kept=True) | Q(has_broken=True),
        "solved_in_time": Q(has_kept=True),
        "closed": closed,
        "right_at_once": closed & Q(has_reopened=False, has_repeat=False),
        "repeated": Q(has_repeat=True),
        "climbed": Q(has_climbed=True),
        "called_back": called,
        "satisfied": Q(is_satisfied=True, has_reopened=False),
    }
    return {
        "cases": Count("pk"),
        **{name: Count("pk", filter=condition) for name, condition in conditions.items()},
    }
