"""Pages of the market: own projects beside their competitors, competitors with their prices, and market events."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext, pgettext

from hearth.core.errors import DomainError, InvalidInput
from hearth.core.htmx import REFUSED, SUCCESS, go_to, page
from hearth.core.permissions import actor_of, requires
from hearth.core.trends import Series, trend
from hearth.lists.pages import list_page
from hearth.market.forms import CompetitorForm, EventForm, PriceForm
from hearth.market.lists import COMPETITORS, EVENTS
from hearth.market.models import Competitor, CompetitorPrice, MarketEvent
from hearth.market.permissions import CHANGE_MARKET, VIEW_MARKET
from hearth.market.selectors import Comparison, compare, marks_of, share_above, standing_page
from hearth.market.services import (
    add_competitor,
    change_competitor,
    change_event,
    note_event,
    note_price,
    strike_price,
)
from hearth.properties.models import Project

BOTH = ("GET", "POST")


@requires(VIEW_MARKET)
def market(request: HttpRequest) -> HttpResponse:
    """Own projects beside their competitors."""
    lines, next_cursor = standing_page(
        actor_of(request),
        search=request.GET.get("q", "").strip(),
        cursor=request.GET.get("cursor", ""),
        today=localdate(),
    )
    context = {"lines": lines, "next_cursor": next_cursor, "search": request.GET.get("q", "")}
    return page(request, "market/market.html", context, parts={"project-list"})


@requires(VIEW_MARKET)
def project(request: HttpRequest, project_id: UUID) -> HttpResponse:
    """One project beside its competitors, month by month, with what moved the market."""
    actor = actor_of(request)
    rows = Project.objects.visible_to(actor).select_related("org_unit")
    row = get_object_or_404(rows, pk=project_id)
    compared = compare(row, actor, kind=request.GET.get("kind", ""), now=timezone.now())
    context = {
        "project": row,
        "compared": compared,
        "rivals": [
            (line, share_above(compared.own, line.latest.area_price if line.latest else None))
            for line in compared.lines
        ],
        "kinds": CompetitorPrice.Kind.choices,
        "figures": _figures(compared),
    }
    return page(request, "market/project.html", context)


def _figures(compared: Comparison) -> Mapping[str, Any]:
    """Return the comparison as a drawing; prices in yuan, conversion in per cent."""
    firsts = [month.first_date for month in compared.months]
    series = []
    if compared.sees_contracts:
        series.append(
            Series(
                gettext("Own contracts"),
                [_plain(month.area_price) for month in compared.months],
                is_strong=True,
            )
        )
    series += [
        Series(line.competitor.name, [_plain(price) for price in line.prices]) for line in compared.lines
    ]
    if compared.sees_leads:
        shares = [month.conversion and round(month.conversion * 100, 1) for month in compared.months]
        series.append(Series(pgettext("market", "Conversion"), shares, is_bars=True, is_second=True))
    labels = [first.strftime("%Y-%m") for first in firsts]
    return trend(labels, series, marks=marks_of(compared.events, firsts), units=("¥", "%"))


def _plain(price: Decimal | None) -> float | None:
    return None if price is None else float(price)


@requires(VIEW_MARKET)
def competitors(request: HttpRequest) -> HttpResponse:
    """The competitors."""
    return list_page(request, COMPETITORS, "market/competitors.html")


@requires(CHANGE_MARKET, methods=BOTH)
def new_competitor(request: HttpRequest) -> HttpResponse:
    """Note a competitor."""
    form = CompetitorForm(request.POST or None, actor=actor_of(request))

    def act(**by: Any) -> str:
        row = add_competitor(form.cleaned_data["org_unit"], form.about(), **by)
        return reverse("market:competitor", args=[row.pk])

    return _form_page(request, form, act, "market/competitor_form.html", {})


@requires(CHANGE_MARKET, methods=BOTH)
def edit_competitor(request: HttpRequest, competitor_id: UUID) -> HttpResponse:
    """Change what is known of a competitor."""
    row = _competitor(request, competitor_id)
    form = CompetitorForm(request.POST or None, actor=actor_of(request), competitor=row)

    def act(**by: Any) -> str:
        change_competitor(row, form.about(), **by)
        return reverse("market:competitor", args=[row.pk])

    return _form_page(request, form, act, "market/competitor_form.html", {"competitor": row})


def _form_page(
    request: HttpRequest,
    form: forms.Form,
    act: Callable[..., str],
    template: str,
    context: dict[str, Any],
) -> HttpResponse:
    """Show a form, or do what it asks for and go where the act says; a refusal stands at its field."""
    if request.method == "POST" and form.is_valid():
        try:
            return go_to(request, act(actor=actor_of(request), now=timezone.now()))
        except InvalidInput as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        except DomainError as refusal:
            form.add_error(None, str(refusal))
    status = REFUSED if request.method == "POST" else SUCCESS
    return page(request, template, {"form": form, **context}, status=status)


def _competitor(request: HttpRequest, competitor_id: UUID) -> Competitor:
    rows = Competitor.objects.visible_to(actor_of(request)).select_related("org_unit")
    return get_object_or_404(rows, pk=competitor_id)


@requires(VIEW_MARKET)
def competitor(request: HttpRequest, competitor_id: UUID) -> HttpResponse:
    """One competitor: whom it meets, and its prices."""
    row = _competitor(request, competitor_id)
    return _competitor_page(request, row, PriceForm())


def _competitor_page(request: HttpRequest, row: Competitor, form: PriceForm) -> HttpResponse:
    actor = actor_of(request)
    context = {
        "competitor": row,
        "projects": Project.objects.visible_to(actor).filter(rivalries__competitor=row).order_by("name"),
        "prices": row.prices.select_related("noted_by", "struck_by").order_by("-observed_date", "-id")[:200],
        "may_change": actor.can(CHANGE_MARKET, row.org_unit_id),
        "form": form,
    }
    status = REFUSED if form.errors else SUCCESS
    return page(request, "market/competitor.html", context, status=status)


@requires(CHANGE_MARKET, methods=("POST",))
def add_price(request: HttpRequest, competitor_id: UUID) -> HttpResponse:
    """Note a price of a competitor."""
    row, form = _competitor(request, competitor_id), PriceForm(request.POST)
    if not form.is_valid():
        return _competitor_page(request, row, form)
    try:
        note_price(row, form.seen(), actor=actor_of(request), now=timezone.now())
    except InvalidInput as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return _competitor_page(request, row, form)
    messages.success(request, gettext("The price is noted."))
    return go_to(request, reverse("market:competitor", args=[row.pk]))


@requires(CHANGE_MARKET, methods=("POST",))
def strike(request: HttpRequest, price_id: UUID) -> HttpResponse:
    """Strike out a price that was wrong."""
    rows = CompetitorPrice.objects.visible_to(actor_of(request))
    price = get_object_or_404(rows, pk=price_id)
    try:
        strike_price(price, actor=actor_of(request), now=timezone.now())
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, gettext("The price is struck out."))
    return go_to(request, reverse("market:competitor", args=[price.competitor_id]))


@requires(VIEW_MARKET)
def events(request: HttpRequest) -> HttpResponse:
    """What moved the market."""
    return list_page(request, EVENTS, "market/events.html")


@requires(CHANGE_MARKET, methods=BOTH)
def new_event(request: HttpRequest) -> HttpResponse:
    """Note what moves the market."""
    form = EventForm(request.POST or None, actor=actor_of(request))

    def act(**by: Any) -> str:
        row = note_event(form.cleaned_data["org_unit"], form.about(), **by)
        return reverse("market:event", args=[row.pk])

    return _form_page(request, form, act, "market/event_form.html", {})


def _event(request: HttpRequest, event_id: UUID) -> MarketEvent:
    rows = MarketEvent.objects.visible_to(actor_of(request)).select_related("org_unit", "noted_by")
    return get_object_or_404(rows, pk=event_id)


@requires(VIEW_MARKET)
def event(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """One market event."""
    row = _event(request, event_id)
    may_change = actor_of(request).can(CHANGE_MARKET, row.org_unit_id)
    return page(request, "market/event.html", {"event": row, "may_change": may_change})


@requires(CHANGE_MARKET, methods=BOTH)
def edit_event(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """Change what is known of a market event."""
    row = _event(request, event_id)
    form = EventForm(request.POST or None, actor=actor_of(request), event=row)

    def act(**by: Any) -> str:
        change_event(row, form.about(), **by)
        return reverse("market:event", args=[row.pk])

    return _form_page(request, form, act, "market/event_form.html", {"event": row})
