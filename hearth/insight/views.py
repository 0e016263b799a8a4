"""Pages of analysis: the portfolio map, a customer's profile, scoring runs."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from hearth.core.errors import DomainError
from hearth.core.htmx import go_to, page
from hearth.core.pages import keyset_page
from hearth.core.permissions import actor_of, requires
from hearth.customers.models import Customer
from hearth.insight import words
from hearth.insight.models import ScoringRun
from hearth.insight.permissions import RUN_INSIGHT, VIEW_INSIGHT
from hearth.insight.selectors.portfolio import (
    ProfileFilters,
    portfolio,
    rules_of,
    scored_customers,
    segment_url,
)
from hearth.insight.selectors.profile_page import profile_page
from hearth.insight.selectors.runs import latest_run, unfinished_run
from hearth.insight.services import score_customer, start_scoring


@requires(VIEW_INSIGHT)
def overview(request: HttpRequest) -> HttpResponse:
    """The portfolio map as of the last run."""
    run = latest_run()
    shown = portfolio(actor_of(request), run) if run else None
    context = {"portfolio": shown, "run": run, "chart": _chart(shown), "unfinished": unfinished_run()}
    return page(request, "insight/overview.html", context)


def _chart(shown: Any) -> dict[str, Any]:
    """Give the page's script what it draws: shares of customers and of money by tier, in percent."""
    rows = [row for row in shown.rows if row.customers] if shown else []
    return {
        "tiers": [row.label for row in rows],
        "series": [
            {"name": gettext("Customers"), "values": [round(row.customer_share * 100, 1) for row in rows]},
            {"name": gettext("Spent"), "values": [round(row.amount_share * 100, 1) for row in rows]},
        ],
    }


@requires(VIEW_INSIGHT)
def progress(request: HttpRequest) -> HttpResponse:
    """Where the computation stands, asked for again while it lasts; its end loads the page anew."""
    unfinished = unfinished_run()
    if unfinished is None:
        return go_to(request, reverse("insight:overview"))
    return page(request, "insight/progress.html", {"unfinished": unfinished})


@requires(RUN_INSIGHT, methods=("POST",))
def score_now(request: HttpRequest) -> HttpResponse:
    """Queue a computation of all profiles."""
    try:
        start_scoring(actor=actor_of(request), now=timezone.now())
    except DomainError as refusal:
        messages.error(request, str(refusal))
    return go_to(request, reverse("insight:overview"))


@requires(VIEW_INSIGHT)
def runs(request: HttpRequest) -> HttpResponse:
    """The computations so far, the newest first."""
    rows = ScoringRun.objects.select_related("snapshot")
    found = keyset_page(rows, order="-created_at", cursor=request.GET.get("cursor", ""))
    return page(request, "insight/runs.html", {"found": found}, parts={"runs"})


@requires(VIEW_INSIGHT)
def scored(request: HttpRequest) -> HttpResponse:
    """The customers behind a list or a cell of the map, those who spent most first."""
    filters = ProfileFilters(
        action=request.GET.get("action", ""),
        tier=request.GET.get("tier", ""),
        stage=request.GET.get("stage", ""),
    )
    rows = scored_customers(actor_of(request), filters)
    found = keyset_page(rows, order="-profile__monetary_amount", cursor=request.GET.get("cursor", ""))
    rules = rules_of(latest_run())
    context = {
        "found": found,
        "filters": filters,
        "lines": [_line(customer) for customer in found.rows],
        "actions": [(code, words.action_word(code)) for code in words.ACTIONS],
        "tiers": [(code, words.tier_word(code)) for code in rules.value_labels],
        "stages": [(code, words.stage_word(code)) for code in rules.stage_labels],
        "text": words.ACTION_TEXTS.get(filters.action, ""),
        "segment_url": segment_url(filters.action) if filters.action else "",
    }
    return page(request, "insight/scored.html", context, parts={"scored"})


def _line(customer: Customer) -> dict[str, Any]:
    profile = customer.profile
    return {
        "customer": customer,
        "profile": profile,
        "stage": words.stage_word(profile.owner_stage),
        "tier": words.tier_word(profile.value_tier),
        "action": words.action_word(profile.portfolio_action),
    }


@requires(VIEW_INSIGHT)
def profile(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """Why a customer's profile says what it says."""
    customer = get_object_or_404(Customer.objects.visible_to(actor_of(request)), pk=customer_id)
    return page(request, "insight/profile.html", {"page": profile_page(customer)})


@requires(RUN_INSIGHT, methods=("POST",))
def score_one(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """Compute a customer's profile at once."""
    actor = actor_of(request)
    customer = get_object_or_404(Customer.objects.visible_to(actor), pk=customer_id)
    try:
        score_customer(customer, actor=actor, now=timezone.now())
    except DomainError as refusal:
        messages.error(request, str(refusal))
    return go_to(request, reverse("insight:profile", args=[customer.pk]))
