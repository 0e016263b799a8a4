"""Projects, buildings with their stacking plan, and homes."""

from collections.abc import Callable
from typing import Any, TypeAlias
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hearth.core.errors import DomainError, InvalidInput
from hearth.core.htmx import REFUSED, go_to, page
from hearth.core.permissions import actor_of, requires
from hearth.lists.pages import list_page
from hearth.properties.forms import BuildingForm, ProjectForm, UnitForm
from hearth.properties.lists import HOMES
from hearth.properties.models import Building, Project, Unit
from hearth.properties.permissions import CHANGE_PROPERTY, VIEW_PROPERTY
from hearth.properties.plans import legend_of
from hearth.properties.selectors import buildings_of, project_figures, project_page, unit_timeline
from hearth.properties.services import (
    UnitDraft,
    change_unit_state,
    create_building,
    create_project,
    create_unit,
)
from hearth.properties.services.states import NEXT_STATES
from hearth.properties.stacking import stacking_plan

AnyForm: TypeAlias = "forms.ModelForm[Any]"


@requires(VIEW_PROPERTY)
def project_list(request: HttpRequest) -> HttpResponse:
    search = request.GET.get("q", "").strip()
    lines, next_cursor = project_page(actor_of(request), search=search, cursor=request.GET.get("cursor", ""))
    context = {"lines": lines, "next_cursor": next_cursor, "search": search}
    return page(request, "properties/list.html", context, parts=["project-list"])


@requires(VIEW_PROPERTY)
def units(request: HttpRequest) -> HttpResponse:
    """The list of homes of all projects."""
    return list_page(request, HOMES, "properties/units.html")


def _project(request: HttpRequest, pk: UUID) -> Project:
    rows = Project.objects.visible_to(actor_of(request)).select_related("org_unit")
    return get_object_or_404(rows, pk=pk)


def _building(request: HttpRequest, pk: UUID) -> Building:
    rows = Building.objects.visible_to(actor_of(request)).select_related("project", "phase")
    return get_object_or_404(rows, pk=pk)


@requires(VIEW_PROPERTY)
def project_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    project = _project(request, pk)
    context = {
        "project": project,
        "figures": project_figures(project),
        "buildings": buildings_of(project),
    }
    return page(request, "properties/project.html", context)


@requires(VIEW_PROPERTY)
def building_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    building = _building(request, pk)
    plan = stacking_plan(building)
    legend = legend_of(plan)
    units = sum(count for _state, _label, count in legend)
    context = {
        "building": building,
        "plan": plan,
        "legend": legend,
        "units": units,
        "sale_url": _url_above("inventory:plan", building.pk),
    }
    return page(request, "properties/building.html", context)


def _unit(request: HttpRequest, pk: UUID) -> Unit:
    return get_object_or_404(Unit.objects.visible_to(actor_of(request)).with_place(), pk=pk)


@requires(VIEW_PROPERTY)
def unit_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _show_unit(request, _unit(request, pk))


def _show_unit(request: HttpRequest, unit: Unit, *, refusal: DomainError | None = None) -> HttpResponse:
    may_change = actor_of(request).can(CHANGE_PROPERTY, unit.org_unit_id)
    context = {
        "unit": unit,
        "people_url": _url_above("workspace:unit_people", unit.pk),
        "sale_url": _url_above("inventory:home", unit.pk),
        "warranty_url": _url_above("repairs:of_home", unit.pk),
        "timeline": unit_timeline(unit, actor_of(request)),
        "next_states": [
            (state.value, state.label)
            for state in Unit.State
            if may_change and state in NEXT_STATES[unit.state]
        ],
        "refusal": refusal,
    }
    return page(request, "properties/unit.html", context, status=REFUSED if refusal else 200)


def _url_above(name: str, pk: UUID) -> str:
    """Return the address of a page that an app above provides, nothing where there is no such app."""
    try:
        return reverse(name, args=[pk])
    except NoReverseMatch:
        return ""


@requires(CHANGE_PROPERTY, methods=("POST",))
def unit_state(request: HttpRequest, pk: UUID) -> HttpResponse:
    unit, state = _unit(request, pk), request.POST.get("state", "")
    try:
        if state not in Unit.State.values:
            raise InvalidInput("state")
        change_unit_state(unit, state, actor=actor_of(request), now=timezone.now())
    except DomainError as error:
        return _show_unit(request, _unit(request, pk), refusal=error)
    return go_to(request, reverse("properties:unit", args=[pk]))


def _answer_form(
    request: HttpRequest, form: AnyForm, act: Callable[[dict[str, Any]], str], context: dict[str, Any]
) -> HttpResponse:
    """Show a form, or do the act with what was entered and go to the address it returns."""
    if request.method == "POST" and form.is_valid():
        try:
            return go_to(request, act(form.cleaned_data))
        except InvalidInput as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
    status = REFUSED if form.is_bound else 200
    return page(request, "properties/form.html", {"form": form, **context}, status=status)


@requires(CHANGE_PROPERTY, methods=("GET", "HEAD", "POST"))
def project_new(request: HttpRequest) -> HttpResponse:
    form = ProjectForm(request.POST or None, actor=actor_of(request))

    def act(given: dict[str, Any]) -> str:
        project = create_project(**given, actor=actor_of(request), now=timezone.now())
        return reverse("properties:project", args=[project.pk])

    context = {"title": _("New project"), "back": reverse("properties:list")}
    return _answer_form(request, form, act, context)


@requires(CHANGE_PROPERTY, methods=("GET", "HEAD", "POST"))
def building_new(request: HttpRequest, pk: UUID) -> HttpResponse:
    project = _project(request, pk)
    form = BuildingForm(request.POST or None)

    def act(given: dict[str, Any]) -> str:
        building = create_building(project, **given, actor=actor_of(request), now=timezone.now())
        return reverse("properties:building", args=[building.pk])

    context = {"title": _("New building"), "place": project, "back": reverse("properties:project", args=[pk])}
    return _answer_form(request, form, act, context)


@requires(CHANGE_PROPERTY, methods=("GET", "HEAD", "POST"))
def unit_new(request: HttpRequest, pk: UUID) -> HttpResponse:
    building = _building(request, pk)
    form = UnitForm(request.POST or None, building=building)

    def act(given: dict[str, Any]) -> str:
        draft = UnitDraft(building=building, **given)
        unit = create_unit(draft, actor=actor_of(request), now=timezone.now())
        return reverse("properties:unit", args=[unit.pk])

    context = {"title": _("New home"), "place": building, "back": reverse("properties:building", args=[pk])}
    return _answer_form(request, form, act, context)
