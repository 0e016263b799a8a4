"""Own prices and conversion beside those of the competitors, and what moved the market meanwhile."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.utils.timezone import localdate

from hearth.core.actor import Actor
from hearth.core.pages import keyset_page
from hearth.core.trends import Mark
from hearth.leads.models import Lead
from hearth.leads.permissions import VIEW_LEAD
from hearth.market.models import Competitor, CompetitorPrice, MarketEvent, Rivalry
from hearth.organization.models import OrgUnit
from hearth.properties.models import Project
from hearth.sales.models import Contract
from hearth.sales.permissions import VIEW_CONTRACT

MONTHS_SHOWN = 18
# Own contracts of so many days make the present price, and a competitor's price is present for so many.
PRESENT_DAYS, COMPETITOR_DAYS = 90, 180
Kind = CompetitorPrice.Kind


def months_until(today: date, months: int = MONTHS_SHOWN) -> list[date]:
    """Return the first days of so many months, the last of them that of today."""
    found = [today.replace(day=1)]
    while len(found) < months:
        found.append((found[-1] - timedelta(days=1)).replace(day=1))
    return found[::-1]


@dataclass(frozen=True)
class Standing:
    """A project beside its competitors: present prices in yuan for a square metre."""

    project: Project
    competitors: int
    own: Decimal | None
    lowest: Decimal | None
    highest: Decimal | None

    @property
    def above_lowest(self) -> float | None:
        """How far the own price lies above the lowest competitor's, as a share; below it where negative."""
        return share_above(self.own, self.lowest)


def share_above(own: Decimal | None, other: Decimal | None) -> float | None:
    """Return by which share of the other price the own one is higher; None where one is not known."""
    return float(own / other - 1) if own and other else None


def standing_page(
    actor: Actor, *, search: str = "", cursor: str = "", today: date
) -> tuple[list[Standing], str]:
    """Return a page of projects by name beside their competitors, and the next cursor; four queries.

    :raises BadCursor: if the cursor belongs to another order
    """
    projects = Project.objects.visible_to(actor).filter(name__icontains=search).select_related("org_unit")
    found = keyset_page(projects, order="name", cursor=cursor)
    ids = [project.pk for project in found.rows]
    own = own_prices(actor, ids, since=today - timedelta(days=PRESENT_DAYS))
    present = _present_prices(actor, ids, today=today)
    met = Rivalry.objects.visible_to(actor).filter(project__in=ids, competitor__is_active=True)
    numbers = dict(met.values_list("project").annotate(Count("pk")).order_by())
    lines = []
    for project in found.rows:
        prices = present.get(project.pk, ())
        lines.append(
            Standing(
                project,
                numbers.get(project.pk, 0),
                own.get(project.pk),
                min(prices, default=None),
                max(prices, default=None),
            )
        )
    return lines, found.next_cursor


def own_prices(actor: Actor, project_ids: Sequence[UUID], *, since: date) -> Mapping[UUID, Decimal]:
    """Return what a square metre of each project brought in the contracts signed since a day; one query."""
    rows = _priced(actor).filter(unit__project__in=project_ids, signed_date__gte=since)
    sums = rows.values_list("unit__project").annotate(Sum("total_amount"), Sum("unit__floor_area")).order_by()
    return {project_id: _each(amount, area) for project_id, amount, area in sums}


def _priced(actor: Actor) -> QuerySet[Contract]:
    """Keep the contracts that stand, of homes whose area is known."""
    return Contract.objects.visible_to(actor).live().filter(unit__floor_area__isnull=False)


def _each(amount: Decimal, area: Decimal) -> Decimal:
    return (amount / area).quantize(Decimal(1))


def _present_prices(
    actor: Actor, project_ids: Sequence[UUID], *, today: date
) -> Mapping[UUID, Sequence[Decimal]]:
    """Return the last price of each competitor that is not too old, by project; one query."""
    prices = CompetitorPrice.objects.visible_to(actor).standing()
    rows = prices.filter(
        competitor__is_active=True,
        competitor__rivalries__project__in=project_ids,
        observed_date__gte=today - timedelta(days=COMPETITOR_DAYS),
    ).order_by("competitor", "observed_date", "id")
    last: dict[UUID, dict[UUID, Decimal]] = {}
    for competitor_id, project_id, price in rows.values_list(
        "competitor", "competitor__rivalries__project", "area_price"
    ):
        last.setdefault(project_id, {})[competitor_id] = price
    return {project_id: list(each.values()) for project_id, each in last.items()}


@dataclass(frozen=True)
class Month:
    """What a project did in a month: its price, its new leads and how many of them signed by now."""

    first_date: date
    area_price: Decimal | None
    contracts: int
    leads: int
    signed: int

    @property
    def conversion(self) -> float | None:
        return self.signed / self.leads if self.leads else None


@dataclass(frozen=True)
class Line:
    """A competitor with its prices of one kind by month, the last of each, and the latest of all."""

    competitor: Competitor
    prices: Sequence[Decimal | None]
    latest: CompetitorPrice | None


@dataclass(frozen=True)
class Comparison:
    """A project beside its competitors over time. `sees_*` say whether the actor sees contracts and leads."""

    months: Sequence[Month]
    lines: Sequence[Line]
    events: Sequence[MarketEvent]
    kind: str
    sees_contracts: bool
    sees_leads: bool
    own: Decimal | None


def compare(project: Project, actor: Actor, *, kind: str = "", now: datetime) -> Comparison:
    """Gather 18 months of a project and its competitors; at most seven queries."""
    today = localdate(now)
    firsts = months_until(today)
    sees_contracts = actor.can(VIEW_CONTRACT, project.org_unit_id)
    sees_leads = actor.can(VIEW_LEAD, project.org_unit_id)
    own = own_prices(actor, [project.pk], since=today - timedelta(days=PRESENT_DAYS))
    shown = kind if kind in Kind.values else _usual_kind(project, actor)
    return Comparison(
        months=_months(project, actor, firsts, sees_contracts=sees_contracts, sees_leads=sees_leads),
        lines=_lines(project, actor, firsts, shown),
        events=events_at(project.org_unit, actor, first=firsts[0], last=today),
        kind=shown,
        sees_contracts=sees_contracts,
        sees_leads=sees_leads,
        own=own.get(project.pk),
    )


def _months(
    project: Project, actor: Actor, firsts: Sequence[date], *, sees_contracts: bool, sees_leads: bool
) -> list[Month]:
    contracts: dict[date, tuple[Decimal, int]] = {}
    if sees_contracts:
        rows = _priced(actor).filter(unit__project=project, signed_date__gte=firsts[0])
        by_month = rows.annotate(month=TruncMonth("signed_date")).values_list("month")
        for month, amount, area, number in by_month.annotate(
            Sum("total_amount"), Sum("unit__floor_area"), Count("pk")
        ).order_by():
            contracts[month] = _each(amount, area), number
    leads: dict[date, tuple[int, int]] = {}
    if sees_leads:
        captured = Lead.objects.visible_to(actor).filter(project=project, created_at__date__gte=firsts[0])
        counted = captured.annotate(month=TruncMonth("created_at")).values_list("month")
        won = Count("pk", filter=Q(state=Lead.State.WON))
        for month, number, signed in counted.annotate(Count("pk"), won=won).order_by():
            leads[localdate(month)] = number, signed
    months = []
    for first in firsts:
        (price, number), (came, signed) = contracts.get(first, (None, 0)), leads.get(first, (0, 0))
        months.append(Month(first, price, number, came, signed))
    return months


def _of(project: Project, actor: Actor) -> QuerySet[CompetitorPrice]:
    rows = CompetitorPrice.objects.visible_to(actor).standing()
    return rows.filter(competitor__rivalries__project=project, competitor__is_active=True)


def _usual_kind(project: Project, actor: Actor) -> str:
    """Return the kind of price that is noted most often for the competitors of a project."""
    counted = _of(project, actor).values_list("kind").annotate(number=Count("pk"), last=Max("observed_date"))
    most = max(counted.order_by(), key=lambda row: (row[1], row[2]), default=None)
    return str(most[0]) if most else Kind.ASKED


def _lines(project: Project, actor: Actor, firsts: Sequence[date], kind: str) -> list[Line]:
    """Return the competitors of a project by name with the last price of each month; two queries."""
    prices: dict[UUID, list[CompetitorPrice]] = {}
    seen = _of(project, actor).filter(kind=kind, observed_date__gte=firsts[0])
    for price in seen.order_by("observed_date", "id"):
        prices.setdefault(price.competitor_id, []).append(price)
    rivals = Competitor.objects.visible_to(actor).filter(rivalries__project=project, is_active=True)
    lines = []
    for competitor in rivals.order_by("name", "id"):
        of_competitor = prices.get(competitor.pk, [])
        by_month = {price.observed_date.replace(day=1): price.area_price for price in of_competitor}
        latest = of_competitor[-1] if of_competitor else None
        lines.append(Line(competitor, [by_month.get(first) for first in firsts], latest))
    return lines


def events_at(place: OrgUnit, actor: Actor, *, first: date, last: date) -> Sequence[MarketEvent]:
    """Return what moved the market at a place within some days, the earliest first; one query."""
    rows = MarketEvent.objects.visible_to(actor).bearing_on(place).between(first, last)
    return list(rows.order_by("starts_date", "id"))


def marks_of(events: Sequence[MarketEvent], firsts: Sequence[date]) -> list[Mark]:
    """Return market events as lines across a drawing whose periods begin on these days, each where it begins."""
    return [
        Mark(bisect_right(firsts, event.starts_date) - 1, event.title, event.starts_date.isoformat())
        for event in events
        if firsts and event.starts_date >= firsts[0]
    ]
