"""The plan of a building on sale, and one home of it: what it costs, who holds it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from hearth.core.errors import DomainError
from hearth.core.htmx import REFUSED, SUCCESS, go_to, page
from hearth.core.permissions import actor_of, requires
from hearth.customers.selectors import customer_meant
from hearth.inventory.forms import LongerForm, TakeForm
from hearth.inventory.models import Hold
from hearth.inventory.permissions import EXTEND_HOLD, HOLD_HOME, VIEW_INVENTORY
from hearth.inventory.refusals import HomeNotFree
from hearth.inventory.selectors import holds_of, price_history, sale_plan
from hearth.inventory.services import extend_hold, give_free, hold_home, reserve_home, withdraw_reservation
from hearth.inventory.standing import standings_of
from hearth.properties.models import Building, Unit


@requires(VIEW_INVENTORY)
def plan(request: HttpRequest, building_id: UUID) -> HttpResponse:
    """A building with the state and the price of each home."""
    return _plan_page(request, building_id, "inventory/plan.html")


@requires(VIEW_INVENTORY)
def plan_now(request: HttpRequest, building_id: UUID) -> HttpResponse:
    """The plan as it is now, which an open page asks for by itself."""
    return _plan_page(request, building_id, "inventory/plan.html#sale-plan")


def _plan_page(request: HttpRequest, building_id: UUID, template: str) -> HttpResponse:
    actor = actor_of(request)
    rows = Building.objects.visible_to(actor).visible_with(actor, VIEW_INVENTORY).select_related("project")
    building = get_object_or_404(rows, pk=building_id)
    return page(request, template, {"building": building, "plan": sale_plan(building, timezone.now())})


def _home(request: HttpRequest, unit_id: UUID) -> Unit:
    actor = actor_of(request)
    rows = Unit.objects.visible_to(actor).visible_with(actor, VIEW_INVENTORY)
    return get_object_or_404(rows.with_place(), pk=unit_id)


@requires(VIEW_INVENTORY)
def home(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    """One home: how it stands, what it costs and what it cost, who holds it."""
    return _home_page(request, _home(request, unit_id))


def _home_page(
    request: HttpRequest, unit: Unit, *, form: forms.Form | None = None, refusal: DomainError | None = None
) -> HttpResponse:
    actor, now = actor_of(request), timezone.now()
    standing = standings_of([unit], now)[unit.pk]
    may_extend = actor.can(EXTEND_HOLD, unit.org_unit_id)
    is_own = standing.hold is not None and standing.hold.user_id == actor.user_id
    holds = holds_of(unit, actor, now)
    context = {
        "unit": unit,
        "standing": standing,
        "prices": price_history(unit, actor, now),
        "holds": holds,
        "live": next((each for each in holds if each.is_live), None),
        "may_hold": actor.can(HOLD_HOME, unit.org_unit_id),
        "may_extend": may_extend,
        "may_free": may_extend or (is_own and standing.stand == "held"),
        "who_form": form if isinstance(form, TakeForm) else TakeForm(),
        "longer_form": form if isinstance(form, LongerForm) else LongerForm(),
        "may_withdraw": standing.hold is not None and standing.hold.may_withdraw(now),
        "is_late": _is_late(standing.hold, now),
        "refusal": str(refusal) if refusal else "",
        "nearest": refusal.nearest if isinstance(refusal, HomeNotFree) else None,
    }
    status = REFUSED if refusal or (form is not None and form.errors) else SUCCESS
    return page(request, "inventory/home.html", context, status=status)


def _is_late(hold: Hold | None, now: datetime) -> bool:
    return hold is not None and hold.sign_by_date is not None and hold.sign_by_date < timezone.localdate(now)


def _take(request: HttpRequest, unit_id: UUID, act: Callable[..., Any]) -> HttpResponse:
    """Hold or reserve a home for the customer that the form means."""
    unit, form = _home(request, unit_id), TakeForm(request.POST)
    if not form.is_valid():
        return _home_page(request, unit, form=form)
    try:
        customer = customer_meant(form.cleaned_data["who"], actor_of(request))
        paid = {"deposit": form.deposit()} if act is reserve_home else {}
        act(unit, customer=customer, actor=actor_of(request), now=timezone.now(), **paid)
    except DomainError as refusal:
        return _home_page(request, _home(request, unit_id), form=form, refusal=refusal)
    return go_to(request, reverse("inventory:home", args=[unit_id]))


@requires(HOLD_HOME, methods=("POST",))
def hold(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    """Hold a home for a customer."""
    return _take(request, unit_id, hold_home)


@requires(HOLD_HOME, methods=("POST",))
def reserve(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    """Reserve a home for a customer."""
    return _take(request, unit_id, reserve_home)


def _hold(request: HttpRequest, hold_id: UUID) -> Hold:
    return get_object_or_404(Hold.objects.visible_to(actor_of(request)), pk=hold_id)


@requires(EXTEND_HOLD, methods=("POST",))
def extend(request: HttpRequest, hold_id: UUID) -> HttpResponse:
    """Hold a home longer."""
    row, form = _hold(request, hold_id), LongerForm(request.POST)
    if not form.is_valid():
        return _home_page(request, _home(request, row.unit_id), form=form)
    return _end(request, row, extend_hold, minutes=form.cleaned_data["minutes"])


@requires(HOLD_HOME, methods=("POST",))
def free(request: HttpRequest, hold_id: UUID) -> HttpResponse:
    """Give a home free."""
    return _end(request, _hold(request, hold_id), give_free)


@requires(HOLD_HOME, methods=("POST",))
def withdraw(request: HttpRequest, hold_id: UUID) -> HttpResponse:
    """End a reservation for a customer who changed their mind in time."""
    return _end(request, _hold(request, hold_id), withdraw_reservation)


def _end(request: HttpRequest, row: Hold, act: Callable[..., Any], **said: Any) -> HttpResponse:
    try:
        act(row, **said, actor=actor_of(request), now=timezone.now())
    except DomainError as refusal:
        return _home_page(request, _home(request, row.unit_id), refusal=refusal)
    return go_to(request, reverse("inventory:home", args=[row.unit_id]))
