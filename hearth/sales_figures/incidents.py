"""Sales around a group complaint 群诉前后的销售: what a broken trust costs, beside projects that went on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Min, Q
from django.db.models.functions import TruncWeek
from django.utils.timezone import localdate

from hearth.cases.models import Case
from hearth.core.actor import Actor
from hearth.group_cases.models import GroupCase, GroupChild
from hearth.leads.models import Lead
from hearth.sales.models import Contract
from hearth.sales_figures.permissions import VIEW_SALES_FIGURES

WEEKS_BEFORE, WEEKS_AFTER = 9, 18
# Two months before and after are set against each other, in whole weeks.
COMPARED_WEEKS = 9


@dataclass(frozen=True)
class Week:
    """A week, counted from that of the first complaint (0): homes sold, new leads, and homes sold elsewhere."""

    number: int
    monday: date
    sold: int
    leads: int
    sold_elsewhere: int


@dataclass(frozen=True)
class Around:
    """Sales of a project around a group complaint.

    `sold_*` and `leads_*` are sums of two months; `*_change` is the share by which they rose, None from nought. `lost`
    is how many homes fewer were sold than if the project had gone as the others of its city did. `silent_weeks` is
    the longest stretch after the complaint without a sale.
    """

    began_date: date
    weeks: Sequence[Week]
    sold_before: int
    sold_after: int
    leads_before: int
    leads_after: int
    elsewhere_before: int
    elsewhere_after: int
    silent_weeks: int
    is_whole: bool

    @property
    def change(self) -> float | None:
        return _change(self.sold_before, self.sold_after)

    @property
    def leads_change(self) -> float | None:
        return _change(self.leads_before, self.leads_after)

    @property
    def elsewhere_change(self) -> float | None:
        return _change(self.elsewhere_before, self.elsewhere_after)

    @property
    def expected(self) -> float | None:
        """How many homes would have been sold, had the project gone as the others of its city."""
        if not self.elsewhere_before:
            return None
        return self.sold_before * self.elsewhere_after / self.elsewhere_before

    @property
    def lost(self) -> float | None:
        return None if self.expected is None else max(0.0, self.expected - self.sold_after)


def _change(before: int, after: int) -> float | None:
    return after / before - 1 if before else None


def first_day_of(group: GroupCase) -> date:
    """Return the day of the first complaint of a group complaint; one query."""
    children = GroupChild.objects.present().filter(group_case=group)
    first = Case.objects.filter(pk__in=children.values("case")).aggregate(first=Min("opened_at"))["first"]
    return localdate(min(first or group.opened_at, group.opened_at))


def sales_around(group: GroupCase, actor: Actor, *, now: datetime) -> Around:
    """Count sales and leads by week around the first complaint of a group complaint; four queries."""
    today, began = localdate(now), first_day_of(group)
    monday = began - timedelta(days=began.weekday())
    first, end = monday - timedelta(weeks=WEEKS_BEFORE), monday + timedelta(weeks=WEEKS_AFTER)
    contracts = Contract.objects.visible_with(actor, VIEW_SALES_FIGURES).live()
    contracts = contracts.filter(
        signed_date__gte=first, signed_date__lt=end, org_unit__path__startswith=group.org_unit.path
    )
    of_project = Q(unit__project=group.project_id)
    by_week = contracts.annotate(week=TruncWeek("signed_date")).values_list("week")
    sold = {
        week: (here, elsewhere)
        for week, here, elsewhere in by_week.annotate(
            here=Count("pk", filter=of_project), elsewhere=Count("pk", filter=~of_project)
        ).order_by()
    }
    leads = Lead.objects.visible_with(actor, VIEW_SALES_FIGURES).unmerged()
    captured = leads.filter(project=group.project_id, created_at__date__gte=first, created_at__date__lt=end)
    came = {
        localdate(week): number
        for week, number in captured.annotate(week=TruncWeek("created_at"))
        .values_list("week")
        .annotate(number=Count("pk"))
        .order_by()
    }
    weeks = []
    for number in range(-WEEKS_BEFORE, WEEKS_AFTER):
        start = monday + timedelta(weeks=number)
        if start <= today:
            here, elsewhere = sold.get(start, (0, 0))
            weeks.append(Week(number, start, here, came.get(start, 0), elsewhere))
    return _summed(began, weeks, today)


def _summed(began: date, weeks: Sequence[Week], today: date) -> Around:
    before = [week for week in weeks if -COMPARED_WEEKS <= week.number < 0]
    after = [week for week in weeks if 0 < week.number <= COMPARED_WEEKS]
    return Around(
        began_date=began,
        weeks=weeks,
        sold_before=sum(week.sold for week in before),
        sold_after=sum(week.sold for week in after),
        leads_before=sum(week.leads for week in before),
        leads_after=sum(week.leads for week in after),
        elsewhere_before=sum(week.sold_elsewhere for week in before),
        elsewhere_after=sum(week.sold_elsewhere for week in after),
        silent_weeks=_longest_silence([week.sold for week in weeks if week.number > 0]),
        is_whole=bool(after)
        and after[-1].number == COMPARED_WEEKS
        and after[-1].monday + timedelta(days=6) < today,
    )


def _longest_silence(sold: Sequence[int]) -> int:
    longest = current = 0
    for homes in sold:
        current = 0 if homes else current + 1
        longest = max(longest, current)
    return longest
