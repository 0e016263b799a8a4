"""Pages of figures of sales: the funnel, sales around a group complaint, and a consultant's own day."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext, pgettext

from hearth.core.htmx import page
from hearth.core.permissions import actor_of, requires
from hearth.core.trends import Mark, Series, trend
from hearth.group_cases.models import GroupCase
from hearth.leads.permissions import CHANGE_LEAD
from hearth.market.models import MarketEvent
from hearth.market.selectors import marks_of
from hearth.properties.spans import Span
from hearth.sales_figures.forms import FunnelForm
from hearth.sales_figures.funnel import PARTINGS, Line, funnel, weeks_of
from hearth.sales_figures.incidents import Around, sales_around
from hearth.sales_figures.own import beside_colleagues, day_of
from hearth.sales_figures.permissions import VIEW_SALES_FIGURES

# What the trade says of selling to somebody new and to somebody who has bought, to be compared with.
CLAIMED = {"new": 0.15, "existing": 0.50}
MOST_GROUPS = 50


@requires(VIEW_SALES_FIGURES)
def figures(request: HttpRequest) -> HttpResponse:
    """The funnel of some days, parted as asked for, and its weeks."""
    actor = actor_of(request)
    form = FunnelForm(request.GET, actor=actor)
    asked = form.asked()
    weeks = weeks_of(asked, actor)
    context = {
        "form": form,
        "asked": asked,
        "by": form.parting,
        "partings": PARTINGS.values(),
        "table": funnel(asked, form.parting, actor),
        "trend": _trend(weeks, asked, request),
        "claimed": CLAIMED if form.parting == "relation" else None,
    }
    return page(request, "sales_figures/funnel.html", context)


def _trend(weeks: list[Line], asked: Span, request: HttpRequest) -> Mapping[str, Any]:
    """Return the weeks as a drawing, with what moved the market meanwhile."""
    events = MarketEvent.objects.visible_to(actor_of(request)).between(asked.first_date, asked.last_date)
    if asked.place is not None:
        events = events.bearing_on(asked.place)
    series = (
        Series(gettext("Leads"), [week.leads for week in weeks], is_bars=True),
        Series(pgettext("funnel", "came by"), [week.visits for week in weeks]),
        Series(gettext("signed"), [week.contracts for week in weeks], is_strong=True),
    )
    labels = [week.label for week in weeks]
    marks = marks_of(
        list(events.order_by("starts_date", "id")), [date.fromisoformat(each) for each in labels]
    )
    return trend(labels, series, marks=marks)


@requires(VIEW_SALES_FIGURES)
def incidents(request: HttpRequest) -> HttpResponse:
    """The group complaints around which sales can be looked at."""
    groups = GroupCase.objects.visible_to(actor_of(request)).select_related("project", "org_unit")
    context = {"groups": groups.order_by("-opened_at", "-id")[:MOST_GROUPS]}
    return page(request, "sales_figures/incidents.html", context)


@requires(VIEW_SALES_FIGURES)
def incident(request: HttpRequest, group_id: UUID) -> HttpResponse:
    """Sales of a project around a group complaint."""
    actor = actor_of(request)
    rows = GroupCase.objects.visible_to(actor).select_related("project", "org_unit")
    group = get_object_or_404(rows, pk=group_id)
    around = sales_around(group, actor, now=timezone.now())
    events = MarketEvent.objects.visible_to(actor).bearing_on(group.org_unit)
    mondays = [week.monday for week in around.weeks]
    within = events.between(mondays[0], localdate()) if mondays else events.none()
    context = {
        "group": group,
        "around": around,
        "trend": _around_trend(around, list(within.order_by("starts_date", "id"))),
    }
    return page(request, "sales_figures/incident.html", context)


def _around_trend(around: Around, events: list[MarketEvent]) -> Mapping[str, Any]:
    mondays = [week.monday for week in around.weeks]
    series = (
        Series(gettext("Homes sold"), [week.sold for week in around.weeks], is_bars=True),
        Series(gettext("New leads"), [week.leads for week in around.weeks]),
        Series(
            gettext("Homes sold by the other projects"),
            [week.sold_elsewhere for week in around.weeks],
            is_second=True,
        ),
    )
    complaint = [
        Mark(number, gettext("first complaint"), around.began_date.isoformat())
        for number, week in enumerate(around.weeks)
        if week.number == 0
    ]
    labels = [monday.isoformat() for monday in mondays]
    return trend(labels, series, marks=[*complaint, *marks_of(events, mondays)])


@requires(CHANGE_LEAD)
def own_day(request: HttpRequest) -> HttpResponse:
    """What is to be done today, and how one's own leads go."""
    actor, now = actor_of(request), timezone.now()
    context = {
        "day": day_of(actor, now=now),
        "beside": beside_colleagues(actor, today=localdate(now)),
        "now": now,
        "today": localdate(now),
    }
    return page(request, "sales_figures/day.html", context)
