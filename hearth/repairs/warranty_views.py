"""The warranty of a home, part by part."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from hearth.core.errors import DomainError
from hearth.core.forms import add_refusal
from hearth.core.htmx import REFUSED, SUCCESS, go_to, page
from hearth.core.permissions import actor_of, requires
from hearth.properties.models import Unit
from hearth.repairs.forms import AcceptanceForm
from hearth.repairs.permissions import CHANGE_REPAIR, VIEW_REPAIR
from hearth.repairs.services import set_acceptance
from hearth.repairs.warranty_selectors import accepted_date_of, warranties_of


def _unit(request: HttpRequest, unit_id: UUID) -> Unit:
    rows = Unit.objects.visible_to(actor_of(request)).visible_with(actor_of(request), VIEW_REPAIR)
    return get_object_or_404(rows.with_place().select_related("org_unit"), pk=unit_id)


@requires(VIEW_REPAIR)
def of_home(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    """Until when each part of a home is under warranty, as a card of the home's page."""
    unit = _unit(request, unit_id)
    context = {"unit": unit, "warranties": warranties_of(unit, day=timezone.localdate())}
    return page(request, "repairs/of_home.html", context)


@requires(VIEW_REPAIR)
def warranty(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    """Every part of a home with the end of its warranty, and what makes it so."""
    return _warranty_page(request, _unit(request, unit_id))


def _warranty_page(request: HttpRequest, unit: Unit, form: AcceptanceForm | None = None) -> HttpResponse:
    accepted = accepted_date_of(unit)
    may_change = actor_of(request).can(CHANGE_REPAIR, unit.org_unit_id)
    context = {
        "unit": unit,
        "accepted": accepted,
        "warranties": warranties_of(unit, day=timezone.localdate()),
        "form": (form or AcceptanceForm(initial={"accepted_date": accepted})) if may_change else None,
    }
    status = REFUSED if form is not None and form.errors else SUCCESS
    return page(request, "repairs/warranty.html", context, status=status)


@requires(CHANGE_REPAIR, methods=("POST",))
def accept(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    """Say when the building of a home was accepted."""
    unit, form = _unit(request, unit_id), AcceptanceForm(request.POST)
    if form.is_valid():
        try:
            set_acceptance(unit.building, **form.cleaned_data, actor=actor_of(request), now=timezone.now())
        except DomainError as refusal:
            add_refusal(form, refusal)
        else:
            return go_to(request, reverse("repairs:warranty", args=[unit.pk]))
    return _warranty_page(request, unit, form)
