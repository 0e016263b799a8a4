"""Figures of the cases that came in on some days, parted by place, project, category, contractor and so on."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import Count, F, OuterRef, Subquery, Value, When
from django.db.models.functions import Coalesce, TruncMonth
from django.utils.functional import Promise
from django.utils.timezone import localdate
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from hearth.accounts.models import User
from hearth.case_figures.counting import counts, of_answers, told_apart
from hearth.cases.models import Case, CaseQuerySet, Cause, Party, Settlement
from hearth.cases.permissions import OVERSEE_CASE, VIEW_CASE
from hearth.channels.models import Channel
from hearth.core.actor import Actor
from hearth.core.templatetags.ui import in_language
from hearth.organization.models import OrgUnit
from hearth.properties.models import Project, Unit
from hearth.properties.spans import PartedTable, Span, share_of

LIVED_IN = (Unit.State.CONTRACTED, Unit.State.DELIVERED)
YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Line:
    """Cases that have something in common, counted; `households` live or have bought there, where that can be said."""

    label: str
    cases: int = 0
    complaints: int = 0
    still_open: int = 0
    judged_answers: int = 0
    answered_in_a_day: int = 0
    judged_solutions: int = 0
    solved_in_time: int = 0
    closed: int = 0
    right_at_once: int = 0
    repeated: int = 0
    climbed: int = 0
    called_back: int = 0
    satisfied: int = 0
    households: int | None = None

    @property
    def day_rate(self) -> float | None:
        """How many of those whose answer is judged were answered within 24 hours."""
        return share_of(self.answered_in_a_day, self.judged_answers)

    @property
    def in_time_rate(self) -> float | None:
        """How many of those whose solution was due had it in time."""
        return share_of(self.solved_in_time, self.judged_solutions)

    @property
    def right_at_once_rate(self) -> float | None:
        """How many of the closed ones were neither opened again nor repaired again."""
        return share_of(self.right_at_once, self.closed)

    @property
    def repeat_rate(self) -> float | None:
        return share_of(self.repeated, self.cases)

    @property
    def climb_rate(self) -> float | None:
        return share_of(self.climbed, self.cases)

    @property
    def satisfied_rate(self) -> float | None:
        """How many of those called back were content at the first call."""
        return share_of(self.satisfied, self.called_back)

    @property
    def per_ten_thousand(self) -> float | None:
        """Complaints for every 10,000 households 万户投诉率."""
        return None if not self.households else 10_000 * self.complaints / self.households


COUNTED = tuple(each.name for each in fields(Line) if each.name not in {"label", "households"})

OF_ANSWERS = ("cases", "judged_answers", "answered_in_a_day", "called_back", "satisfied")


def cases_asked_for(asked: Span, kind: str, actor: Actor, permission: str = VIEW_CASE) -> CaseQuerySet:
    """Keep the cases that came in on the days; no query is made here."""
    rows = Case.objects.visible_with(actor, permission)
    rows = rows.filter(opened_at__gte=asked.begins_at, opened_at__lt=asked.ends_at)
    rows = asked.narrow(rows)
    return rows.filter(kind=kind) if kind else rows


Counted = Mapping[str, Any]
Households = Mapping[Any, int]


def _parted(rows: CaseQuerySet, by: Any, now: datetime) -> list[Counted]:
    """Count cases by an expression, called `part`; one query."""
    found = told_apart(rows).annotate(part=by).order_by().values("part").annotate(**counts(now))
    return sorted(found, key=lambda row: (-row["cases"], str(row["part"])))


def _lines(
    found: Iterable[Counted],
    name: Callable[[Any], str | Promise],
    households: Households | None = None,
) -> list[Line]:
    return [
        Line(
            str(name(row["part"])),
            **{each: row[each] for each in COUNTED},
            households=None if households is None else households.get(row["part"], 0),
        )
        for row in found
    ]


def households_by(column: str, asked: Span, actor: Actor) -> Households:
    """Count the homes under contract or handed over by place or project, of those the actor sees; one query."""
    homes = asked.narrow(Unit.objects.visible_to(actor).filter(state__in=LIVED_IN))
    return dict(homes.order_by().values_list(column).annotate(number=Count("pk")))


def _by_company(rows: CaseQuerySet, asked: Span, actor: Actor, now: datetime) -> list[Line]:
    """Count the cases of a city company with those of its projects, and of what is above with itself."""
    households = households_by("org_unit", asked, actor)
    counted = {row["part"]: row for row in _parted(rows, F("org_unit"), now)}
    company_of = _companies({*counted, *households})
    names: dict[int, str] = {}
    summed: dict[int, Counter[str]] = defaultdict(Counter)
    living = Counter[int]()
    for key, row in counted.items():
        company = company_of[key]
        names[company.pk] = str(company)
        summed[company.pk].update({name: row[name] for name in COUNTED})
    for key, number in households.items():
        living[company_of[key].pk] += number
    largest = sorted(summed, key=lambda key: (-summed[key]["cases"], names[key]))
    return [
        Line(names[key], **{name: summed[key][name] for name in COUNTED}, households=living[key])
        for key in largest
    ]


def _companies(place_ids: Collection[int]) -> Mapping[int, OrgUnit]:
    """Return the city company of each place, or the place itself where it stands above one; one query."""
    wanted = models.Q(pk__in=place_ids) | models.Q(kind=OrgUnit.Kind.CITY_COMPANY)
    known = {unit.path: unit for unit in OrgUnit.objects.filter(wanted)}
    companies = {path: unit for path, unit in known.items() if unit.kind == OrgUnit.Kind.CITY_COMPANY}
    found = {}
    for place in known.values():
        above = [companies[path] for path in place.ancestor_paths() if path in companies]
        found[place.pk] = above[-1] if above else place
    return found


def _by_project(rows: CaseQuerySet, asked: Span, actor: Actor, now: datetime) -> list[Line]:
    found = _parted(rows, F("project"), now)
    names = dict(Project.objects.filter(pk__in=_keys(found)).values_list("pk", "name"))
    households = households_by("project", asked, actor)
    return _lines(found, lambda key: names.get(key) or gettext("without a project"), households)


def _keys(found: Iterable[Counted]) -> list[Any]:
    return [row["part"] for row in found if row["part"]]


def _of_causes(found: list[Counted], unknown: str) -> list[Line]:
    causes = Cause.objects.in_bulk(_keys(found))
    return _lines(found, lambda key: in_language(causes[key]) if key else unknown)


def _by_category(rows: CaseQuerySet, asked: Span, actor: Actor, now: datetime) -> list[Line]:
    of_class = Coalesce("category__parent", "category")
    return _of_causes(_parted(rows, of_class, now), gettext("without a category"))


def _standing(column: str, **wanted: Any) -> Subquery:
    rows = Settlement.objects.standing().filter(case=OuterRef("pk"), **wanted)
    return Subquery(rows.values(column)[:1])


def _by_cause(rows: CaseQuerySet, asked: Span, actor: Actor, now: datetime) -> list[Line]:
    return _of_causes(_parted(rows, _standing("cause"), now), gettext("cause not yet known"))


def _by_contractor(rows: CaseQuerySet, asked: Span, actor: Actor, now: datetime) -> list[Line]:
    found = _parted(rows, _standing("party_name", party=Party.CONTRACTOR), now)
    named = [row for row in found if row["part"]]
    return _lines(named, str)


def _by_person(rows: CaseQuerySet, asked: Span, actor: Actor, now: datetime) -> list[Line]:
    found = _parted(rows, F("assignee"), now)
    people = User.objects.in_bulk(_keys(found))
    return _lines(found, lambda key: str(people.get(key) or gettext("nobody in charge")))


AGES: tuple[tuple[str, str | Promise], ...] = (
    ("before", pgettext_lazy("age of a home", "before the handover")),
    ("first", pgettext_lazy("age of a home", "in the first year")),
    ("second", pgettext_lazy("age of a home", "in the second year")),
    ("fifth", pgettext_lazy("age of a home", "up to five years")),
    ("later", pgettext_lazy("age of a home", "later")),
    ("unknown", pgettext_lazy("age of a home", "no home, or no day of handover")),
)


def _by_age(rows: CaseQuerySet, asked: Span, actor: Actor, now: datetime) -> list[Line]:
    handed = F("unit__handover_date")
    age = models.Case(
        When(unit__handover_date=None, then=Value("unknown")),
        When(opened_at__date__lt=handed, then=Value("before")),
        *(
            When(opened_at__date__lt=handed + YEAR * years, then=Value(code))
            for code, years in (("first", 1), ("second", 2), ("fifth", 5))
        ),
        default=Value("later"),
    )
    found = {row["part"]: row for row in _parted(rows, age, now)}
    names = dict(AGES)
    return _lines([found[code] for code in names if code in found], names.__getitem__)


def _by_kind(rows: CaseQuerySet, asked: Span, actor: Actor, now: datetime) -> list[Line]:
    return _lines(_parted(rows, F("kind"), now), dict(Case.Kind.choices).__getitem__)


def _by_channel(rows: CaseQuerySet, asked: Span, actor: Actor, now: datetime) -> list[Line]:
    return _lines(_parted(rows, F("channel"), now), dict(Channel.choices).__getitem__)


def _by_month(rows: CaseQuerySet, asked: Span, actor: Actor, now: datetime) -> list[Line]:
    found = _parted(rows, TruncMonth("opened_at"), now)
    found.sort(key=lambda row: row["part"])
    return _lines(found, lambda month: localdate(month).strftime("%Y-%m"))


@dataclass(frozen=True)
class Parting:
    """A way of parting cases; only who holds `permission` at a place sees its cases parted so.

    `is_whole` unless some of the cases stand in no line.
    """

    code: str
    label: str | Promise
    lines: Callable[[CaseQuerySet, Span, Actor, datetime], list[Line]]
    permission: str = VIEW_CASE
    is_whole: bool = True


PARTINGS = {
    each.code: each
    for each in (
        Parting("company", pgettext_lazy("figures of cases", "Company"), _by_company),
        Parting("project", pgettext_lazy("figures of cases", "Project"), _by_project),
        Parting("category", pgettext_lazy("figures of cases", "Category"), _by_category),
        Parting("cause", pgettext_lazy("figures of cases", "Cause"), _by_cause),
        Parting(
            "contractor", pgettext_lazy("figures of cases", "Contractor"), _by_contractor, is_whole=False
        ),
        Parting("age", _("Age of the home"), _by_age),
        Parting("kind", pgettext_lazy("figures of cases", "Kind"), _by_kind),
        Parting("channel", pgettext_lazy("figures of cases", "Channel"), _by_channel),
        Parting("month", pgettext_lazy("figures of cases", "Month"), _by_month),
        Parting("person", _("Person in charge"), _by_person, permission=OVERSEE_CASE),
    )
}


def partings_for(actor: Actor) -> list[Parting]:
    """Return the ways in which somebody may have cases parted."""
    return [each for each in PARTINGS.values() if actor.can(each.permission)]


def months_of(asked: Span, kind: str, actor: Actor, *, now: datetime) -> list[Line]:
    """Return the months of some days with the cases, the answers and the call-backs of each; one query."""
    wanted = {name: count for name, count in counts(now).items() if name in OF_ANSWERS}
    rows = of_answers(cases_asked_for(asked, kind, actor)).annotate(part=TruncMonth("opened_at"))
    found: Iterable[Counted] = rows.order_by("part").values("part").annotate(**wanted)
    return [
        Line(f"{localdate(row['part']):%Y-%m}", **{name: row[name] for name in OF_ANSWERS}) for row in found
    ]


def figures(asked: Span, by: str, kind: str, actor: Actor, *, now: datetime) -> PartedTable[Line]:
    """Return the cases of some days parted in one of the `PARTINGS`; at most four queries."""
    parting = PARTINGS[by]
    rows = cases_asked_for(asked, kind, actor, parting.permission)
    lines = parting.lines(rows, asked, actor, now)
    households = sum(households_by("org_unit", asked, actor).values())
    return PartedTable(lines, _total(lines, rows, households, now, is_whole=parting.is_whole))


def _total(
    lines: Sequence[Line], rows: CaseQuerySet, households: int, now: datetime, *, is_whole: bool
) -> Line:
    if is_whole:
        counted = {name: sum(getattr(line, name) for line in lines) for name in COUNTED}
    else:
        counted = told_apart(rows).aggregate(**counts(now))
    return Line(gettext("Total"), **counted, households=households)
