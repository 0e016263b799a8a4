"""Changing many rows: what is chosen, what will change and what not; and bringing a few rows to a page."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hearth.core.errors import DomainError, InvalidInput
from hearth.core.htmx import REFUSED, SUCCESS, go_to
from hearth.core.permissions import SIGNED_IN, actor_of, requires
from hearth.lists.bulk import MOST_ROWS, Selection, actions_for, openings_for
from hearth.lists.definitions import ListDefinition
from hearth.lists.pages import reader_of
from hearth.lists.permissions import CHANGE_MANY
from hearth.lists.selectors import list_rows, open_list
from hearth.lists.services.bulk import select_rows, start_bulk
from hearth.lists.views.parts import definition_for

# A change of more rows is confirmed by typing how many they are.
TYPED_ABOVE = 500


class WrongNumber(InvalidInput):
    """The page shows a few rows at once."""

    code = "wrong_number"
    message = _("Choose from 2 to %(most)s rows.")


class NotConfirmed(InvalidInput):
    """Many rows change by one press of a button: their number must be meant."""

    code = "not_confirmed"
    message = _("Type how many rows will change: %(number)s.")


@requires(CHANGE_MANY, methods=("POST",))
def change(request: HttpRequest, key: str, action_key: str) -> HttpResponse:
    """Ask what to change the chosen rows to, show what will happen, and have it done when confirmed."""
    actor = actor_of(request)
    definition = definition_for(request, key)
    action = next((each for each in actions_for(definition, actor) if each.key == action_key), None)
    if action is None:
        raise Http404
    opened = open_list(definition, request.GET, reader_of(request))
    context: dict[str, Any] = {
        "action": action,
        "address": f"{reverse('lists:change-many', args=[key, action_key])}{opened.url()}",
        "rows": request.POST.get("rows", ""),
        "all": request.POST.get("all", ""),
    }
    is_asked = "step" in request.POST
    form = action.make_form(actor, request.POST if is_asked else None)
    try:
        ids = _chosen(request, definition)
        context["number"] = len(ids)
        if is_asked and form.is_valid():
            values = action.values_of(form.cleaned_data)
            selection = select_rows(definition, action, ids, values=values, actor=actor)
            context |= {"selection": selection, "is_typed": selection.fits > TYPED_ABOVE}
            if request.POST["step"] == "do":
                _require_typed(request, selection)
                run = start_bulk(
                    definition, action, selection, values=values, actor=actor, now=timezone.now()
                )
                return go_to(request, reverse("lists:run", args=[run.pk]))
    except DomainError as refusal:
        return _dialog(request, form, {**context, "refusal": str(refusal)}, REFUSED)
    return _dialog(request, form, context, SUCCESS if form.is_valid() or not is_asked else REFUSED)


def _require_typed(request: HttpRequest, selection: Selection) -> None:
    """Refuse a change of many rows unless their number was typed.

    :raises NotConfirmed: with the number
    """
    typed = "".join(request.POST.get("typed", "").replace(",", "").split())
    if selection.fits > TYPED_ABOVE and typed != str(selection.fits):
        raise NotConfirmed("typed", number=f"{selection.fits:,}")


@requires(SIGNED_IN, methods=("POST",))
def open_chosen(request: HttpRequest, key: str, opening_key: str) -> HttpResponse:
    """Bring a few chosen rows to a page of their app."""
    actor = actor_of(request)
    definition = definition_for(request, key)
    opening = next((each for each in openings_for(definition, actor) if each.key == opening_key), None)
    if opening is None:
        raise Http404
    try:
        ids = _chosen(request, definition)
        if not 2 <= len(ids) <= opening.most:
            raise WrongNumber("rows", most=opening.most)
        return go_to(request, opening.open(ids, actor, timezone.now()))
    except DomainError as refusal:
        context = {"opening": opening, "refusal": str(refusal)}
        return render(request, "lists/open_chosen.html", context, status=REFUSED)


def _chosen(request: HttpRequest, definition: ListDefinition[Any]) -> list[UUID]:
    """Return the rows that are chosen, of those the reader may see; one query."""
    reader = reader_of(request)
    if request.POST.get("all"):
        state = open_list(definition, request.GET, reader).state
        return list(list_rows(state, reader).order_by("pk").values_list("pk", flat=True)[: MOST_ROWS + 1])
    wanted = []
    for text in request.POST.get("rows", "").split(",")[: MOST_ROWS + 1]:
        try:
            wanted.append(UUID(text))
        except ValueError:
            continue
    return list(
        definition.rows(reader.actor).filter(pk__in=wanted).order_by("pk").values_list("pk", flat=True)
    )


def _dialog(request: HttpRequest, form: Any, context: dict[str, Any], status: int) -> HttpResponse:
    return render(request, "lists/change_many.html", {"form": form, **context}, status=status)
