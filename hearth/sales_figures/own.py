"""What a consultant has to do today, and how their leads go beside those of the colleagues."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.timezone import localdate

from hearth.core.actor import Actor
from hearth.inventory.models import Hold
from hearth.leads.models import Lead

MOST_SHOWN = 50
FIGURE_DAYS = 90
EXPIRING = timedelta(hours=24)
SIGN_DAYS = 7
# A share of fewer leads says nothing about how somebody sells.
FEWEST_LEADS = 5


@dataclass(frozen=True)
class Day:
    """The day of a consultant, what is late first."""

    overdue: Sequence[Lead]
    today: Sequence[Lead]
    expiring: Sequence[Hold]
    to_sign: Sequence[Hold]
    more_overdue: int

    @property
    def is_free(self) -> bool:
        return not (self.overdue or self.today or self.expiring or self.to_sign)


def day_of(actor: Actor, *, now: datetime) -> Day:
    """Gather the day of whoever asks; at most five queries."""
    today = localdate(now)
    mine = Lead.objects.visible_to(actor).open().filter(consultant=actor.user_id)
    mine = mine.select_related("customer", "project", "grade")
    late = mine.filter(next_step_date__lt=today)
    holds, soon = _holds(actor, now), today + timedelta(days=SIGN_DAYS)
    overdue = list(late.order_by("next_step_date", "id")[: MOST_SHOWN + 1])
    return Day(
        overdue=overdue[:MOST_SHOWN],
        today=list(mine.filter(next_step_date=today).order_by("grade__letter", "id")[:MOST_SHOWN]),
        expiring=list(holds.filter(kind=Hold.Kind.HOLD, expires_at__lte=now + EXPIRING)[:MOST_SHOWN]),
        to_sign=list(holds.filter(kind=Hold.Kind.RESERVATION, sign_by_date__lte=soon)[:MOST_SHOWN]),
        more_overdue=late.count() - MOST_SHOWN if len(overdue) > MOST_SHOWN else 0,
    )


def _holds(actor: Actor, now: datetime) -> QuerySet[Hold]:
    rows = Hold.objects.visible_to(actor).live(now).filter(user=actor.user_id)
    rows = rows.select_related("customer", "unit__project", "unit__building", "unit__entrance")
    return rows.order_by("expires_at", "sign_by_date", "id")


@dataclass(frozen=True)
class Figures:
    """Leads of some days: how many, which shares visited and bought, and how many next steps are overdue now."""

    leads: int
    visit_share: float | None
    conversion: float | None
    overdue: int


@dataclass(frozen=True)
class Beside:
    """One's own figures and the middle of the colleagues'; None where there are none to compare with."""

    own: Figures
    colleagues: Figures | None
    number: int


def beside_colleagues(actor: Actor, *, today: date) -> Beside:
    """Set one's own figures of 90 days beside the median of those who sell at the same places; one query."""
    since = today - timedelta(days=FIGURE_DAYS)
    recent = Q(created_at__date__gt=since)
    late = Q(state=Lead.State.OPEN, next_step_date__lt=today)
    rows = Lead.objects.visible_to(actor).filter(recent | late, consultant__isnull=False)
    counted = rows.values("consultant").annotate(
        counted=Count("pk", filter=recent),
        visited=Count("pk", filter=recent & ~Q(furthest="enquiry")),
        won=Count("pk", filter=recent & Q(state=Lead.State.WON)),
        late=Count("pk", filter=late),
    )
    by_person: dict[int | None, Figures] = {row["consultant"]: _figures(row) for row in counted.order_by()}
    own = by_person.pop(actor.user_id, Figures(0, None, None, 0))
    others = [each for each in by_person.values() if each.leads >= FEWEST_LEADS]
    return Beside(own, _middle(others) if others else None, len(others))


def _figures(row: Mapping[str, Any]) -> Figures:
    number = row["counted"]
    if not number:
        return Figures(0, None, None, row["late"])
    return Figures(number, row["visited"] / number, row["won"] / number, row["late"])


def _middle(others: Sequence[Figures]) -> Figures:
    return Figures(
        leads=round(median(each.leads for each in others)),
        visit_share=median(each.visit_share or 0 for each in others),
        conversion=median(each.conversion or 0 for each in others),
        overdue=round(median(each.overdue for each in others)),
    )
