"""Saving, changing and keeping views."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from hearth.core.errors import DomainError
from hearth.core.forms import field_of
from hearth.core.htmx import REFUSED, SUCCESS, go_to
from hearth.core.permissions import SIGNED_IN, actor_of, requires
from hearth.lists.definitions import ListDefinition
from hearth.lists.forms import ViewForm
from hearth.lists.models import SavedView
from hearth.lists.pages import reader_of
from hearth.lists.rail import forget_pins
from hearth.lists.selectors import open_list
from hearth.lists.services import (
    change_view,
    delete_view,
    pin_view,
    save_view,
    save_view_parameters,
    set_default_view,
)
from hearth.lists.state import query_string
from hearth.lists.views.parts import definition_for


@requires(SIGNED_IN, methods=("GET", "HEAD", "POST"))
def new(request: HttpRequest, key: str) -> HttpResponse:
    """Save what the list shows as a view of one's own."""
    definition = definition_for(request, key)
    actor = actor_of(request)
    opened = open_list(definition, request.GET, reader_of(request))
    form = ViewForm(request.POST or None, actor=actor)
    if request.method == "POST" and form.is_valid():
        try:
            view = save_view(
                definition,
                actor=actor,
                now=timezone.now(),
                parameters=opened.state.parameters(),
                **form.values(),
            )
        except DomainError as refusal:
            form.add_error(field_of(form, refusal), str(refusal))
        else:
            messages.success(request, gettext("The view is saved."))
            return go_to(request, _address(definition, view))
    action = f"{reverse('lists:new-view', args=[key])}{opened.url()}"
    return _dialog(request, form, {"action": action, "title": gettext("Save as a view")})


@requires(SIGNED_IN, methods=("GET", "HEAD", "POST"))
def edit(request: HttpRequest, view_id: UUID) -> HttpResponse:
    """Rename a view or share it."""
    view, definition = _view(request, view_id)
    initial = {
        "name": view.name,
        "visibility": view.visibility,
        "org_unit": view.org_unit,
        "is_locked": view.is_locked,
    }
    form = ViewForm(request.POST or None, actor=actor_of(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            change_view(view, actor=actor_of(request), now=timezone.now(), **{**initial, **form.cleaned_data})
        except DomainError as refusal:
            form.add_error(field_of(form, refusal), str(refusal))
        else:
            forget_pins(request)
            messages.success(request, gettext("The view is changed."))
            return go_to(request, _address(definition, view))
    context = {"action": reverse("lists:edit-view", args=[view.pk]), "view": view}
    return _dialog(request, form, {**context, "title": gettext("Name and readers of the view")})


@requires(SIGNED_IN, methods=("POST",))
def save(request: HttpRequest, view_id: UUID) -> HttpResponse:
    """Let the view show what the list shows now."""
    view, definition = _view(request, view_id)
    opened = open_list(definition, request.GET, reader_of(request))
    save_view_parameters(
        view, actor=actor_of(request), now=timezone.now(), parameters=opened.state.parameters()
    )
    messages.success(request, gettext("The view is saved."))
    return go_to(request, _address(definition, view))


@requires(SIGNED_IN, methods=("POST",))
def delete(request: HttpRequest, view_id: UUID) -> HttpResponse:
    """Remove a view for everybody."""
    view, definition = _view(request, view_id)
    delete_view(view, actor=actor_of(request))
    forget_pins(request)
    messages.success(request, gettext("The view is removed."))
    return go_to(request, f"{reverse(definition.url_name)}{query_string({})}")


@requires(SIGNED_IN, methods=("POST",))
def pin(request: HttpRequest, view_id: UUID) -> HttpResponse:
    """Keep a view in the rail, or no longer."""
    view, definition = _view(request, view_id)
    pin_view(view, actor=actor_of(request), is_pinned=request.POST.get("pinned") == "yes")
    forget_pins(request)
    return go_to(request, _address(definition, view))


@requires(SIGNED_IN, methods=("POST",))
def default(request: HttpRequest, view_id: UUID) -> HttpResponse:
    """Let one's list begin with a view, or with everything."""
    view, definition = _view(request, view_id)
    is_default = request.POST.get("default") == "yes"
    set_default_view(definition, actor=actor_of(request), view=view if is_default else None)
    return go_to(request, _address(definition, view))


def _view(request: HttpRequest, view_id: UUID) -> tuple[SavedView, ListDefinition[Any]]:
    view = get_object_or_404(
        SavedView.objects.visible_to(actor_of(request)).select_related("org_unit"), pk=view_id
    )
    return view, definition_for(request, view.object_key)


def _address(definition: ListDefinition[Any], view: SavedView) -> str:
    return f"{reverse(definition.url_name)}{query_string({'view': str(view.pk)})}"


def _dialog(request: HttpRequest, form: ViewForm, context: dict[str, Any]) -> HttpResponse:
    status = REFUSED if form.is_bound else SUCCESS
    return render(request, "lists/view_form.html", {"form": form, **context}, status=status)
