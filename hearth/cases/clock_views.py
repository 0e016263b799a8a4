"""Acts that stop the clocks of a case or let them run, and the service levels behind them."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from hearth.cases.forms import CallBackForm, PauseForm, VisitForm
from hearth.cases.levels import SERVICE_LEVELS, LevelBook
from hearth.cases.permissions import CHANGE_CASE, VIEW_CASE
from hearth.cases.services import call_back, note_visit, pause_case, resume_case
from hearth.cases.views import case_page, changeable
from hearth.cases.wording import level_line
from hearth.core.errors import DomainError
from hearth.core.htmx import REFUSED, go_to, page
from hearth.core.permissions import actor_of, requires
from hearth.organization.models import OrgUnit
from hearth.organization.selectors import resolve_setting


def _done(request: HttpRequest, case_id: UUID, words: str) -> HttpResponse:
    messages.success(request, words)
    return go_to(request, reverse("cases:case", args=[case_id]))


@requires(CHANGE_CASE, methods=("POST",))
def pause(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Wait for the customer."""
    row, form = changeable(request, case_id), PauseForm(request.POST)
    if form.is_valid():
        try:
            pause_case(row, actor=actor_of(request), now=timezone.now(), **form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            return _done(request, row.pk, gettext("The case waits for the customer."))
    return case_page(request, row, status=REFUSED, pause_form=form)


@requires(CHANGE_CASE, methods=("POST",))
def resume(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Go on after the customer did what we waited for."""
    row = changeable(request, case_id)
    resume_case(row, actor=actor_of(request), now=timezone.now())
    return _done(request, row.pk, gettext("The clocks run again."))


@requires(CHANGE_CASE, methods=("POST",))
def visit(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Note that somebody was there."""
    row, form = changeable(request, case_id), VisitForm(request.POST)
    if form.is_valid():
        try:
            note_visit(row, actor=actor_of(request), now=timezone.now(), **form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            return _done(request, row.pk, gettext("The visit is noted."))
    return case_page(request, row, status=REFUSED, visit_form=form)


@requires(CHANGE_CASE, methods=("POST",))
def called_back(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Note what the customer said after the closing."""
    row, form = changeable(request, case_id), CallBackForm(request.POST)
    if form.is_valid():
        try:
            call_back(row, actor=actor_of(request), now=timezone.now(), **form.cleaned_data)
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            return _done(request, row.pk, gettext("The call-back is noted."))
    return case_page(request, row, status=REFUSED, call_back_form=form)


@requires(VIEW_CASE)
def levels(request: HttpRequest) -> HttpResponse:
    """What is promised to customers at a place, and who says so."""
    places = OrgUnit.objects.visible_with(actor_of(request), VIEW_CASE).filter(is_active=True).in_tree_order()
    place = _chosen(request, places)
    context: dict[str, Any] = {"places": places, "place": place}
    if place:
        resolved = resolve_setting(SERVICE_LEVELS.key, place, default=SERVICE_LEVELS.default)
        book = LevelBook(resolved.value)
        context |= {
            "definition": SERVICE_LEVELS,
            "resolved": resolved,
            "lines": [level_line(level) for level in book.levels],
        }
    return page(request, "cases/levels.html", context, parts={"service-levels"})


def _chosen(request: HttpRequest, places: Any) -> OrgUnit | None:
    asked = request.GET.get("place", "")
    found: OrgUnit | None = (
        get_object_or_404(places, pk=int(asked)) if asked.isdecimal() and len(asked) < 18 else places.first()
    )
    return found
