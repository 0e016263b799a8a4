"""The funnel 漏斗: of the leads recorded in some days, how many came how far, by what they differ in."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Avg, Case, Count, DurationField, Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import TruncWeek
from django.utils.functional import Promise
from django.utils.timezone import localdate
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from hearth.accounts.models import User
from hearth.analytics.experiments import wilson
from hearth.core.actor import Actor
from hearth.customers.models import UnitRole
from hearth.leads.models import WAY, Lead, LeadQuerySet, Stage
from hearth.properties.models import Project
from hearth.properties.spans import PartedTable, Span, share_of
from hearth.sales.models import Contract
from hearth.sales_figures.permissions import VIEW_SALES_FIGURES
from hearth.segments.models import Segment, SegmentCount, SegmentMember

MOST_SEGMENTS = 40
STEPS = (Stage.VISIT, Stage.INTENTION, Stage.RESERVATION)


@dataclass(frozen=True)
class Line:
    """Leads that have something in common: how many there are, and how far they came; `days` to the contract.

    `code` says which of a few known lines it is, and is empty elsewhere.
    """

    label: str
    leads: int
    visits: int
    intentions: int
    reservations: int
    contracts: int
    lost: int
    days: float | None
    code: str = ""

    @property
    def visit_share(self) -> float | None:
        return share_of(self.visits, self.leads)

    @property
    def intention_share(self) -> float | None:
        return share_of(self.intentions, self.visits)

    @property
    def reservation_share(self) -> float | None:
        return share_of(self.reservations, self.intentions)

    @property
    def conversion(self) -> float | None:
        return share_of(self.contracts, self.leads)

    @property
    def interval(self) -> tuple[float, float]:
        """Between which shares the conversion lies with a confidence of 95 %."""
        return wilson(self.contracts, self.leads)


def leads_asked_for(asked: Span, actor: Actor) -> LeadQuerySet:
    """Keep the leads of the days, where the actor sees the figures of sales; no query is made here."""
    rows = Lead.objects.visible_with(actor, VIEW_SALES_FIGURES).unmerged()
    rows = rows.filter(created_at__gte=asked.begins_at, created_at__lt=asked.ends_at)
    return asked.narrow(rows)


def _counts(prefix: str = "") -> dict[str, Any]:
    """Return what is counted of leads; `prefix` is the path to them."""

    def at_least(stage: Stage) -> Q:
        reached = [each.value for each in WAY[WAY.index(stage) :]]
        return Q(**{f"{prefix}furthest__in": reached})

    won = Q(**{f"{prefix}state": Lead.State.WON})
    took = Avg(F(f"{prefix}closed_at") - F(f"{prefix}created_at"), filter=won, output_field=DurationField())
    return {
        "counted": Count(f"{prefix}pk"),
        **{f"to_{stage.value}": Count(f"{prefix}pk", filter=at_least(stage)) for stage in STEPS},
        "signed": Count(f"{prefix}pk", filter=won),
        "gone": Count(f"{prefix}pk", filter=Q(**{f"{prefix}state": Lead.State.LOST})),
        "took": took,
    }


def _line(label: str, row: Mapping[str, Any], code: str = "") -> Line:
    took: timedelta | None = row["took"]
    return Line(
        label=label,
        leads=row["counted"],
        visits=row["to_visit"],
        intentions=row["to_intention"],
        reservations=row["to_reservation"],
        contracts=row["signed"],
        lost=row["gone"],
        days=None if took is None else took / timedelta(days=1),
        code=code,
    )


def _parted(rows: LeadQuerySet, *names: str) -> list[Mapping[str, Any]]:
    """Count the leads by columns, the largest part first; one query."""
    return _largest_first(rows.values(*names).annotate(**_counts()))


def _largest_first(rows: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return sorted(rows, key=lambda row: (-row["counted"], str(row)))


def _by_source(rows: LeadQuerySet, actor: Actor) -> list[Line]:
    found = _parted(rows, "source")
    return [_line(str(Lead.Source(row["source"]).label), row) for row in found]


def _by_consultant(rows: LeadQuerySet, actor: Actor) -> list[Line]:
    found = _parted(rows, "consultant")
    people = User.objects.in_bulk([row["consultant"] for row in found if row["consultant"]])
    nobody = gettext("nobody")
    return [_line(str(people.get(row["consultant"], nobody)), row) for row in found]


def _by_project(rows: LeadQuerySet, actor: Actor) -> list[Line]:
    found = _parted(rows, "project")
    names = Project.objects.filter(pk__in=[row["project"] for row in found if row["project"]])
    by_id = dict(names.values_list("pk", "name"))
    without = gettext("without a project")
    return [_line(by_id.get(row["project"], without), row) for row in found]


def _by_week(rows: LeadQuerySet, actor: Actor) -> list[Line]:
    found = rows.annotate(week=TruncWeek("created_at")).values("week").annotate(**_counts())
    return [_line(localdate(row["week"]).isoformat(), row) for row in found.order_by("week")]


def _by_segment(rows: LeadQuerySet, actor: Actor) -> list[Line]:
    """Count a lead in each segment whose members its customer was among at the newest count."""
    seen = Segment.objects.visible_to(actor)
    kept = SegmentCount.objects.filter(segment__in=seen, has_members=True)
    newest = kept.order_by("segment", "-created_at", "-id").distinct("segment")
    members = SegmentMember.objects.filter(count__in=newest.values("pk"), customer__leads__in=rows)
    found = members.values("count__segment", "count__segment__name").annotate(**_counts("customer__leads__"))
    return [_line(row["count__segment__name"], row) for row in _largest_first(found)[:MOST_SEGMENTS]]


def of_existing_customer() -> Q:
    """Hold for a lead whose customer had bought or owned a home before, as far as the reader's places show."""
    bought = Contract.objects.filter(
        customer=OuterRef("customer"), signed_date__lt=OuterRef("created_at__date")
    )
    owned = UnitRole.objects.filter(
        customer=OuterRef("customer"),
        role__in=(UnitRole.Role.OWNER, UnitRole.Role.CO_OWNER),
        valid_from__lt=OuterRef("created_at__date"),
    )
    return Q(Exists(bought)) | Q(Exists(owned))


def _by_relation(rows: LeadQuerySet, actor: Actor) -> list[Line]:
    standing = Case(When(of_existing_customer(), then=Value("existing")), default=Value("new"))
    found = {row["standing"]: row for row in _parted(rows.annotate(standing=standing), "standing")}
    words = (("new", gettext("new customers")), ("existing", gettext("existing customers")))
    return [_line(word, found[code], code) for code, word in words if code in found]


@dataclass(frozen=True)
class Parting:
    """A way of parting leads; `is_once` unless a lead counts in several lines or in none."""

    code: str
    label: str | Promise
    lines: Callable[[LeadQuerySet, Actor], list[Line]]
    is_once: bool = True


PARTINGS = {
    each.code: each
    for each in (
        Parting("source", pgettext_lazy("funnel", "Source"), _by_source),
        Parting("consultant", pgettext_lazy("funnel", "Consultant"), _by_consultant),
        Parting("project", pgettext_lazy("funnel", "Project"), _by_project),
        Parting("segment", pgettext_lazy("funnel", "Segment"), _by_segment, is_once=False),
        Parting("week", pgettext_lazy("funnel", "Week"), _by_week),
        Parting("relation", _("New or existing"), _by_relation),
    )
}


def funnel(asked: Span, by: str, actor: Actor) -> PartedTable[Line]:
    """Return the leads of some days parted in one of the `PARTINGS`; one query, and one for names or the total."""
    rows, parting = leads_asked_for(asked, actor), PARTINGS[by]
    lines = parting.lines(rows, actor)
    if parting.is_once:
        return PartedTable(lines, _sum(lines))
    return PartedTable(lines, _line(gettext("Total"), rows.aggregate(**_counts())))


def _sum(lines: Sequence[Line]) -> Line:
    """Return all lines together; the days to the contract are those of the contracts."""
    contracts = sum(line.contracts for line in lines)
    days = sum(line.contracts * line.days for line in lines if line.days is not None)
    return Line(
        label=gettext("Total"),
        leads=sum(line.leads for line in lines),
        visits=sum(line.visits for line in lines),
        intentions=sum(line.intentions for line in lines),
        reservations=sum(line.reservations for line in lines),
        contracts=contracts,
        lost=sum(line.lost for line in lines),
        days=days / contracts if contracts else None,
    )


def weeks_of(asked: Span, actor: Actor) -> list[Line]:
    """Return the leads of some days by week, those without any included; one query."""
    known = {line.label: line for line in _by_week(leads_asked_for(asked, actor), actor)}
    monday = asked.first_date - timedelta(days=asked.first_date.weekday())
    weeks = []
    while monday <= asked.last_date:
        label = monday.isoformat()
        weeks.append(known.get(label) or Line(label, 0, 0, 0, 0, 0, 0, None))
        monday += timedelta(days=7)
    return weeks
