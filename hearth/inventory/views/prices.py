"""Pages of price lists."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from hearth.core.errors import DomainError
from hearth.core.htmx import REFUSED, SUCCESS, go_to, page
from hearth.core.permissions import actor_of, requires
from hearth.inventory.forms import PriceForms, ReturnForm
from hearth.inventory.models import PriceList, UnitPrice
from hearth.inventory.permissions import APPROVE_INVENTORY, CHANGE_INVENTORY, VIEW_INVENTORY
from hearth.inventory.selectors import figures_of, summed
from hearth.inventory.services import (
    approve_prices,
    begin_prices,
    compute_prices,
    may_decide,
    return_prices,
    submit_prices,
    write_prices,
)
from hearth.inventory.views.batches import BOTH, batch_of

COLOURS = {"draft": "blue", "submitted": "orange", "approved": "green"}
# What a page shows of a version; all of them are in the building's plan and by the API.
SHOWN = 200
State = PriceList.State


@requires(CHANGE_INVENTORY, methods=BOTH)
def new_prices(request: HttpRequest, batch_id: UUID) -> HttpResponse:
    """Begin the next version of a batch's prices, from the one before."""
    batch = batch_of(request, batch_id)
    newest = PriceList.objects.visible_to(actor_of(request)).filter(batch=batch).order_by("-version").first()
    forms = PriceForms(request.POST or None, prices=newest)
    refusal = ""
    if request.method == "POST" and forms.is_valid():
        try:
            row = begin_prices(batch, forms.terms(), actor=actor_of(request), now=timezone.now())
        except DomainError as refused:
            refusal = str(refused)
        else:
            return go_to(request, reverse("inventory:price_list", args=[row.pk]))
    context = {"batch": batch, "forms": forms, "refusal": refusal}
    status = REFUSED if request.method == "POST" else SUCCESS
    return page(request, "inventory/prices_new.html", context, status=status)


def _prices(request: HttpRequest, prices_id: UUID) -> PriceList:
    rows = PriceList.objects.visible_to(actor_of(request))
    whole = rows.select_related("batch__project", "author", "editor", "approved_by")
    return get_object_or_404(whole, pk=prices_id)


@requires(VIEW_INVENTORY)
def price_list(request: HttpRequest, prices_id: UUID) -> HttpResponse:
    """One version: its rules and the price of each home; of a draft what they would be."""
    return _prices_page(request, _prices(request, prices_id))


def _prices_page(
    request: HttpRequest,
    row: PriceList,
    *,
    forms: PriceForms | None = None,
    return_form: ReturnForm | None = None,
    refusal: str = "",
) -> HttpResponse:
    actor = actor_of(request)
    is_draft = row.state == State.DRAFT
    may_change = is_draft and actor.can(CHANGE_INVENTORY, row.org_unit_id)
    context = {
        "row": row,
        "batch": row.batch,
        "colour": COLOURS[row.state],
        "rules": row.terms.rules,
        "may_change": may_change,
        "may_decide": may_decide(row, actor),
        "forms": (forms or PriceForms(prices=row)) if may_change else None,
        "return_form": return_form or ReturnForm(),
        "refusal": refusal,
        **_computed(row),
    }
    status = REFUSED if refusal or forms or return_form else SUCCESS
    return page(request, "inventory/price_list.html", context, status=status)


def _computed(row: PriceList) -> dict[str, Any]:
    """Return the prices to show with their figures; for a draft as they would be, or why there are none."""
    if row.state == State.DRAFT:
        try:
            rows = compute_prices(row, now=timezone.now())
        except DomainError as refusal:
            return {"unpriced": str(refusal), "shown": [], "figures": summed([])}
        return {"shown": rows[:SHOWN], "figures": summed(rows)}
    kept = UnitPrice.objects.filter(price_list=row).select_related(
        "unit__project", "unit__building", "unit__entrance"
    )
    ordered = kept.order_by("unit__building__name", "unit__floor", "unit__number", "id")
    return {"shown": list(ordered[:SHOWN]), "figures": figures_of(row)}


def _act(
    request: HttpRequest, row: PriceList, act: Callable[..., Any], *said: Any, **named: Any
) -> HttpResponse:
    try:
        act(row, *said, **named, actor=actor_of(request), now=timezone.now())
    except DomainError as refusal:
        return _prices_page(request, _prices(request, row.pk), refusal=str(refusal))
    return go_to(request, reverse("inventory:price_list", args=[row.pk]))


@requires(CHANGE_INVENTORY, methods=("POST",))
def write(request: HttpRequest, prices_id: UUID) -> HttpResponse:
    """Change a draft."""
    row, forms = _prices(request, prices_id), PriceForms(request.POST)
    if not forms.is_valid():
        return _prices_page(request, row, forms=forms)
    return _act(request, row, write_prices, forms.terms())


@requires(CHANGE_INVENTORY, methods=("POST",))
def submit(request: HttpRequest, prices_id: UUID) -> HttpResponse:
    return _act(request, _prices(request, prices_id), submit_prices)


@requires(APPROVE_INVENTORY, methods=("POST",))
def approve(request: HttpRequest, prices_id: UUID) -> HttpResponse:
    return _act(request, _prices(request, prices_id), approve_prices)


@requires(APPROVE_INVENTORY, methods=("POST",))
def send_back(request: HttpRequest, prices_id: UUID) -> HttpResponse:
    """Send a version back, with the reason."""
    row, form = _prices(request, prices_id), ReturnForm(request.POST)
    if not form.is_valid():
        return _prices_page(request, row, return_form=form)
    return _act(request, row, return_prices, because=form.cleaned_data["because"])
