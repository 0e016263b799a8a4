"""Arranging the cards of a customer's page for a place."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext

from hearth.core.errors import DomainError
from hearth.core.htmx import REFUSED, SUCCESS, page
from hearth.core.permissions import actor_of, requires
from hearth.lists.scope import chosen_place
from hearth.organization.models import OrgUnit
from hearth.organization.permissions import CHANGE_SETTING
from hearth.organization.selectors import resolve_setting
from hearth.organization.services import clear_setting, set_setting
from hearth.workspace.cards import CUSTOMER_CARDS, FOLDED, SIDES, CardColumns, arranged, columns_for


def cards_for(request: HttpRequest) -> CardColumns:
    """Return the cards as the reader has them; two queries."""
    chosen = chosen_place(request)
    return columns_for(actor_of(request).user_id, chosen_id=chosen.id if chosen else None)


@requires(CHANGE_SETTING, methods=("GET", "POST"))
def arrange(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the cards of a customer's page in order for a place and those below, or inherit what is set above."""
    actor, refusal = actor_of(request), None
    place = get_object_or_404(OrgUnit.objects.visible_to(actor), pk=pk)
    actor.require(CHANGE_SETTING, place.pk)
    if request.method == "POST":
        refusal = _change(request, place)
        if refusal is None:
            messages.success(request, gettext("Saved."))
            return redirect("workspace:cards", pk=place.pk)
    resolved = resolve_setting(CUSTOMER_CARDS.key, place, default=CUSTOMER_CARDS.default)
    context = {
        "unit": place,
        "resolved": resolved,
        "own": resolved.source == place,
        "is_fixed_above": resolved.is_locked and resolved.source != place,
        "columns": arranged(
            _asked(request) if refusal and refusal.code != "bad_setting_value" else resolved.value
        ),
        "refusal": refusal,
    }
    return page(request, "workspace/arrange_cards.html", context, status=REFUSED if refusal else SUCCESS)


def _asked(request: HttpRequest) -> dict[str, Any]:
    return {name: request.POST.getlist(name) for name in (*SIDES, FOLDED) if request.POST.getlist(name)}


def _change(request: HttpRequest, place: OrgUnit) -> DomainError | None:
    """Set the order or let it go; return the refusal, if any."""
    actor, now = actor_of(request), timezone.now()
    try:
        if "inherit" in request.POST:
            clear_setting(CUSTOMER_CARDS.key, actor=actor, now=now, org_unit=place)
        else:
            set_setting(
                CUSTOMER_CARDS.key,
                actor=actor,
                now=now,
                org_unit=place,
                value=_asked(request),
                is_locked="is_locked" in request.POST,
            )
    except DomainError as refusal:
        return refusal
    return None
