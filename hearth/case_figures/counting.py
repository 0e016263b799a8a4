"""What is counted of cases 投诉处理指标, as conditions that the database evaluates for each case."""

from datetime import datetime, timedelta

from django.db.models import Count, Exists, F, FilteredRelation, OuterRef, Q
from django.db.models.functions import Now

from hearth.cases.models import CallBack, Case, CaseQuerySet, Escalation, Step
from hearth.repairs.models import RepairOrder

ANSWER_WITHIN = timedelta(hours=24)
KEPT = Q(solved_at__lte=F("solution_due_at"))
BROKEN = Q(solved_at__gt=F("solution_due_at")) | Q(solved_at=None, solution_due_at__lt=Now())


def told_apart(rows: CaseQuerySet) -> CaseQuerySet:
    """Say of each case what it counts as; no query.

    The one promise of a solution is joined to its case: asked for each case, the whole table would be read.
    """
    promise = FilteredRelation("clocks", condition=Q(clocks__step=Step.SOLUTION))
    return (
        of_answers(rows)
        .annotate(promise=promise)
        .annotate(
            solved_at=F("promise__stopped_at"),
            solution_due_at=F("promise__due_at"),
            has_repeat=Exists(RepairOrder.objects.filter(case=OuterRef("pk"), repeat_of__isnull=False)),
            has_climbed=Exists(Escalation.objects.filter(case=OuterRef("pk"), withdrawn_at=None)),
        )
    )


def of_answers(rows: CaseQuerySet) -> CaseQuerySet:
    """Say of each case what the counts of answers and call-backs need; no query."""
    return rows.annotate(has_reopened=Exists(CallBack.objects.filter(case=OuterRef("pk"), has_reopened=True)))


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
        "judged_solutions": KEPT | BROKEN,
        "solved_in_time": KEPT,
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
