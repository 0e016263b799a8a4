"""What the pages of cases show."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Aggregate, Count, F, FloatField, Q
from django.db.models.functions import Extract

from hearth.cases.models import Case, CaseQuerySet
from hearth.core.actor import Actor
from hearth.lib.chinese import query_tokens

HOUR = 3_600
BINS = (1, 4, 24, 48, 7 * 24, 14 * 24, 30 * 24)
SERIOUS = (Case.Grade.IMPORTANT, Case.Grade.HOT, Case.Grade.MAJOR)


@dataclass(frozen=True)
class CaseFilters:
    """What a person asks of the list; empty values ask nothing."""

    q: str = ""
    kind: str = ""
    state: str = ""
    grade: str = ""
    is_mine: bool = False


def case_list(actor: Actor, filters: CaseFilters) -> CaseQuerySet:
    """The cases a list shows; no order yet. Text is searched by words, Chinese included."""
    cases = Case.objects.visible_to(actor)
    if filters.q:
        cases = matching(cases, filters.q)
    for name in ("kind", "state", "grade"):
        if value := getattr(filters, name):
            cases = cases.filter(**{name: value})
    if filters.is_mine:
        cases = cases.filter(assignee_id=actor.user_id)
    return cases.select_related("customer", "project", "assignee", "org_unit")


def matching(cases: CaseQuerySet, query: str) -> CaseQuerySet:
    """Keep the cases with all words of a query, or with its number (`#12` or `12`)."""
    return cases.filter(meant_by(query))


def meant_by(query: str) -> Q:
    """Return the condition that a case is meant by a text; no query."""
    number = query.strip().lstrip("#")
    if number.isascii() and number.isdigit() and len(number) < 10:
        return Q(number=int(number)) | Q(external_key=number)
    return Q(text_tokens__matches=query_tokens(query, "text") or ["\N{NO-BREAK SPACE}"])


@dataclass(frozen=True)
class AnswerBin:
    """How many cases were answered after at most `hours`, and later than the bin before; None: no upper bound."""

    hours: int | None
    cases: int

    @property
    def days(self) -> int:
        return (self.hours or 0) // 24


@dataclass(frozen=True)
class AnswerTimes:
    """How long customers waited for the answer, in hours, over the cases that were answered."""

    answered: int
    waiting: int
    median_hours: float | None
    p90_hours: float | None
    bins: Sequence[AnswerBin]

    @property
    def share_within_a_day(self) -> float | None:
        within = sum(
            answer_bin.cases for answer_bin in self.bins if answer_bin.hours and answer_bin.hours <= 24
        )
        return within / self.answered if self.answered else None


def answer_times(cases: CaseQuerySet) -> AnswerTimes:
    """Return the distribution of answer times; one query."""
    hours = Extract(F("answered_at") - F("opened_at"), "epoch", output_field=FloatField()) / HOUR
    measured = cases.order_by().annotate(hours=hours)
    bounds = list(zip((None, *BINS), (*BINS, None), strict=True))
    counted = measured.aggregate(
        answered=Count("id", filter=Q(answered_at__isnull=False)),
        waiting=Count("id", filter=Q(answered_at__isnull=True)),
        median=_percentile(0.5),
        p90=_percentile(0.9),
        **{
            f"bin{number}": Count("id", filter=_between(low, high))
            for number, (low, high) in enumerate(bounds)
        },
    )
    bins = [AnswerBin(high, counted[f"bin{number}"]) for number, (_low, high) in enumerate(bounds)]
    return AnswerTimes(counted["answered"], counted["waiting"], counted["median"], counted["p90"], bins)


class Percentile(Aggregate):
    """The continuous percentile of an expression (type 7)."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()


def _percentile(share: float) -> Percentile:
    return Percentile("hours", share=share)


def _between(low: int | None, high: int | None) -> Q:
    condition = Q(answered_at__isnull=False)
    if low is not None:
        condition &= Q(hours__gt=low)
    if high is not None:
        condition &= Q(hours__lte=high)
    return condition


def cases_of_customer(customer_id: UUID, actor: Actor) -> Sequence[Case]:
    """A customer's cases, the newest first; one query."""
    found = Case.objects.visible_to(actor).filter(customer_id=customer_id).select_related("project")
    return list(found.order_by("-opened_at", "-id")[:50])


def open_serious_complaints(customer_ids: Sequence[UUID]) -> set[UUID]:
    """Return those of the customers who have an open complaint above ordinary; one query, all places."""
    found = Case.objects.open().filter(
        customer_id__in=customer_ids, kind=Case.Kind.COMPLAINT, grade__in=SERIOUS
    )
    return set(found.values_list("customer_id", flat=True))
