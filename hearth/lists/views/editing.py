"""Editing a field where it is shown: its input, the save, what is in conflict, and the way back."""

import json
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from hearth.core.conflicts import ChangedMeanwhile, as_sent, settled, show_differences
from hearth.core.errors import DomainError
from hearth.core.htmx import REFUSED, SUCCESS
from hearth.core.permissions import SIGNED_IN, actor_of, requires
from hearth.lists.definitions import Batch, EditableField, ListDefinition
from hearth.lists.forms import FieldForm
from hearth.lists.selectors import read_batch
from hearth.lists.services.editing import Change, FieldLocked, refuse_locked, save_field
from hearth.lists.slots import shown_value
from hearth.lists.views.parts import definition_for

SAVED = "hearth:field-saved"


@dataclass(frozen=True)
class Place:
    """A field of a row that the actor may see, in a list of which they may edit that field."""

    definition: ListDefinition[Any]
    field: EditableField[Any]
    batch: Batch[Any]

    def address(self, route: str) -> str:
        return reverse(route, args=[self.definition.key, self.batch.ids[0], self.field.key])

    def form(self, sent: QueryDict | None = None) -> FieldForm:
        return FieldForm(sent, field=self.field, row=self.batch.rows[0], actor=self.batch.actor)

    def save(self, form: FieldForm) -> Change | None:
        """Save what a valid form says.

        :raises DomainError: as `save_field`
        """
        return save_field(
            self.definition,
            self.field,
            self.batch.ids[0],
            form.cleaned_data["value"],
            seen=form.seen,
            version=form.cleaned_data["version"],
            actor=self.batch.actor,
            now=timezone.now(),
        )

    def tell(self, response: HttpResponse) -> HttpResponse:
        """Let the page know which value changed, so that all that shows it follows."""
        detail = {"list": self.definition.key, "row": str(self.batch.ids[0]), "field": self.field.key}
        response.headers["HX-Trigger"] = json.dumps({SAVED: detail})
        return response


@requires(SIGNED_IN, methods=("GET", "HEAD", "POST"))
def edit_field(request: HttpRequest, key: str, row_id: UUID, name: str) -> HttpResponse:
    """The input of one field of a row, and what becomes of the value it sends."""
    place = _place(request, key, row_id, name)
    try:
        refuse_locked(place.field, place.batch)
    except FieldLocked as refusal:
        return render(request, "lists/edit/locked.html", {"reason": str(refusal)}, status=REFUSED)
    if request.method != "POST":
        return _editor(request, place, place.form(), SUCCESS)
    form = place.form(settled(request.POST))
    try:
        change = place.save(form) if form.is_valid() else None
    except ChangedMeanwhile as conflict:
        return _ask(request, place, form, conflict)
    except DomainError as refusal:
        form.add_error("value", str(refusal))
    return _saved(request, place, change) if form.is_valid() else _editor(request, place, form, REFUSED)


@requires(SIGNED_IN, methods=("POST",))
def undo_field(request: HttpRequest, key: str, row_id: UUID, name: str) -> HttpResponse:
    """Give a field the value back that it had before, unless somebody changed it again since."""
    place = _place(request, key, row_id, name)
    form, refusal = place.form(request.POST), gettext("This value is not valid.")
    try:
        if form.is_valid():
            place.save(form)
            refusal = ""
    except ChangedMeanwhile:
        refusal = gettext("It was changed again meanwhile, so it stays as it is.")
    except DomainError as error:
        refusal = str(error)
    status = REFUSED if refusal else SUCCESS
    return place.tell(render(request, "lists/edit/undone.html", {"refusal": refusal}, status=status))


@requires(SIGNED_IN)
def show_field(request: HttpRequest, key: str, row_id: UUID, name: str) -> HttpResponse:
    """The value of a field, for a place that shows it while it was changed at another."""
    place = _place(request, key, row_id, name)
    return HttpResponse(_shown(place.definition, name, place.batch))


def _place(request: HttpRequest, key: str, row_id: UUID, name: str) -> Place:
    actor, definition = actor_of(request), definition_for(request, key)
    found = get_object_or_404(definition.rows(actor).filter(pk=row_id).values("pk"))
    field = definition.field_of.get(name)
    if field is None:
        raise Http404
    actor.require(field.permission)
    return Place(definition, field, read_batch(definition, [found["pk"]], actor))


def _editor(request: HttpRequest, place: Place, form: FieldForm, status: int) -> HttpResponse:
    context = {"field": place.field, "form": form, "address": place.address("lists:edit-field")}
    return render(request, "lists/edit/field.html", context, status=status)


def _ask(request: HttpRequest, place: Place, form: FieldForm, conflict: ChangedMeanwhile) -> HttpResponse:
    """Let a person choose between the sides, in the dialog instead of beside the value."""
    named_as_sent = [replace(difference, name="value") for difference in conflict.differences]
    context = {
        "form": form,
        "differences": show_differences(form, named_as_sent),
        "address": place.address("lists:edit-field"),
    }
    response = render(request, "lists/edit/conflict.html", context, status=REFUSED)
    response.headers["HX-Retarget"], response.headers["HX-Reswap"] = "#edit-dialog", "innerHTML settle:0ms"
    return response


def _saved(request: HttpRequest, place: Place, change: Change | None) -> HttpResponse:
    """Show the value as it is now, and the way back where there is one."""
    now = read_batch(place.definition, place.batch.ids, actor_of(request))
    context: dict[str, Any] = {
        "field": place.field,
        "change": change,
        "shown": _shown(place.definition, place.field.key, now),
        "undo_url": place.address("lists:undo-field"),
    }
    if change:
        control = place.form().fields["value"]
        context |= {"before": as_sent(control, change.before), "after": as_sent(control, change.after)}
    return place.tell(render(request, "lists/edit/saved.html", context))


def _shown(definition: ListDefinition[Any], name: str, batch: Batch[Any]) -> str:
    columns: dict[str, Any] = {column.key: column for column in definition.columns_for(batch.actor)}
    return shown_value(definition, columns.get(name), name, batch)
