"""The tree of places and the page of each."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext

from hearth.core.actor import Actor
from hearth.core.errors import DomainError
from hearth.core.htmx import REFUSED, page
from hearth.core.permissions import actor_of, requires
from hearth.organization.forms import AppointForm, MoveForm, RenameForm, UnitForm
from hearth.organization.models import OrgUnit
from hearth.organization.permissions import CHANGE_ORGANIZATION, VIEW_ORGANIZATION
from hearth.organization.selectors import declared_settings_at, people_at, tree_for
from hearth.organization.services import (
    create_org_unit,
    deactivate_org_unit,
    move_org_unit,
    rename_org_unit,
)

BOTH = ("GET", "HEAD", "POST")


def unit_for(actor: Actor, pk: int) -> OrgUnit:
    """Return a place that the actor may see, else 404."""
    return get_object_or_404(OrgUnit.objects.visible_to(actor), pk=pk)


@requires(VIEW_ORGANIZATION)
def tree(request: HttpRequest) -> HttpResponse:
    roots = tree_for(actor_of(request), today=timezone.localdate())
    return page(request, "organization/tree.html", {"roots": roots})


@requires(VIEW_ORGANIZATION)
def unit(request: HttpRequest, pk: int) -> HttpResponse:
    actor, today = actor_of(request), timezone.localdate()
    place = unit_for(actor, pk)
    may_change = actor.can(CHANGE_ORGANIZATION, place.pk)
    context = {
        "unit": place,
        "above": [step for step in OrgUnit.objects.above(place) if step.pk != place.pk],
        "people": people_at(place, today=today),
        "children": OrgUnit.objects.filter(parent=place, is_active=True).order_by("kind", "id"),
        "settings": [(each, found, each.words(found.value)) for each, found in declared_settings_at(place)],
        "may_change": may_change,
        "appoint_form": AppointForm(actor=actor, today=today, org_unit=place) if may_change else None,
        "today": today,
    }
    return page(request, "organization/unit.html", context)


def _form_page(
    request: HttpRequest, place: OrgUnit, form: object, title: str, refusal: object
) -> HttpResponse:
    context = {"unit": place, "form": form, "title": title, "refusal": refusal}
    status = REFUSED if request.method == "POST" else 200
    return page(request, "organization/unit_form.html", context, status=status)


@requires(CHANGE_ORGANIZATION, methods=BOTH)
def add_unit(request: HttpRequest, pk: int) -> HttpResponse:
    actor, refusal = actor_of(request), None
    parent = unit_for(actor, pk)
    actor.require(CHANGE_ORGANIZATION, parent.pk)
    form = UnitForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = create_org_unit(parent=parent, actor=actor, now=timezone.now(), **form.cleaned_data)
        except DomainError as error:
            refusal = error
        else:
            return redirect("organization:unit", made.pk)
    return _form_page(request, parent, form, gettext("New unit below"), refusal)


@requires(CHANGE_ORGANIZATION, methods=BOTH)
def rename_unit(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    place = unit_for(actor, pk)
    actor.require(CHANGE_ORGANIZATION, place.pk)
    form = RenameForm(request.POST or None, initial={"name": place.name})
    if request.method == "POST" and form.is_valid():
        rename_org_unit(place, actor=actor, now=timezone.now(), name=form.cleaned_data["name"])
        return redirect("organization:unit", place.pk)
    return _form_page(request, place, form, gettext("Rename"), None)


@requires(CHANGE_ORGANIZATION, methods=BOTH)
def move_unit(request: HttpRequest, pk: int) -> HttpResponse:
    actor, refusal = actor_of(request), None
    place = unit_for(actor, pk)
    actor.require(CHANGE_ORGANIZATION, place.pk)
    form = MoveForm(request.POST or None, unit=place, actor=actor)
    if request.method == "POST" and form.is_valid():
        try:
            move_org_unit(place, actor=actor, now=timezone.now(), parent=form.cleaned_data["parent"])
        except DomainError as error:
            refusal = error
        else:
            return redirect("organization:unit", place.pk)
    return _form_page(request, place, form, gettext("Move"), refusal)


@requires(CHANGE_ORGANIZATION, methods=("POST",))
def close_unit(request: HttpRequest, pk: int) -> HttpResponse:
    actor = actor_of(request)
    place = unit_for(actor, pk)
    deactivate_org_unit(place, actor=actor, now=timezone.now())
    messages.success(request, gettext("The unit is closed."))
    return redirect("organization:tree")
