"""Parts of a list that come on demand: the editor of a filter, a row beside the list, the move of a card."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from hearth.core.errors import DomainError, InvalidInput, NotAllowed
from hearth.core.htmx import REFUSED, go_to
from hearth.core.permissions import SIGNED_IN, actor_of, requires
from hearth.lists.definitions import ListDefinition, lists
from hearth.lists.pages import reader_of
from hearth.lists.selectors import open_list, read_batch, row_beside
from hearth.lists.slots import slots_of
from hearth.lists.state import ANY


def definition_for(request: HttpRequest, key: str) -> ListDefinition[Any]:
    """Return a list that the reader may open; any other is not there."""
    definition = lists.get(key)
    if definition is None or not actor_of(request).can(definition.permission):
        raise Http404
    return definition.extended(actor_of(request))


@requires(SIGNED_IN)
def editor(request: HttpRequest, key: str, name: str) -> HttpResponse:
    """The editor of one filter, with what it asks now."""
    reader = reader_of(request)
    definition = definition_for(request, key)
    is_any, field_key = name.startswith(ANY), name.removeprefix(ANY)
    field = {each.key: each for each in definition.filters_for(reader.actor)}.get(field_key)
    if field is None:
        raise Http404
    opened = open_list(definition, request.GET, reader)
    test = next((each.test for each in opened.state.asked if each.name == name), None)
    rest = {key: text for key, text in opened.state.parameters().items() if key != name}
    context = {
        "field": field,
        "name": name,
        "test": test,
        "values": test.values if test else (),
        "operator": test.operator if test else "",
        "is_any": is_any,
        "parameters": {**opened.origin(), **rest},
        "list_url": reverse(definition.url_name),
        "clear_url": opened.url(rest) if test else "",
        **field.kind.editor(field, test, reader),
    }
    return render(request, f"lists/filters/{field.kind.code}.html", context)


@requires(SIGNED_IN)
def peek(request: HttpRequest, key: str, row_id: UUID) -> HttpResponse:
    """One row beside the list: every column the reader may see, and its long texts."""
    actor = actor_of(request)
    definition = definition_for(request, key)
    row = get_object_or_404(definition.rows(actor).filter(pk=row_id).values("pk"))
    batch = read_batch(definition, [row["pk"]], actor)
    context = {
        "list": definition,
        "row_id": row_id,
        "heading": definition.columns[0].read(batch)[0],
        "slots": slots_of(definition, batch),
        "texts": [text for text in definition.texts(batch.rows[0]) if text[1]] if definition.texts else [],
        "url": reverse(definition.record_url_name, args=[row_id]),
        "edit_url": reverse(definition.edit_url_name, args=[row_id]) if definition.edit_url_name else "",
    }
    return render(request, "lists/peek.html", context)


@requires(SIGNED_IN)
def beside(request: HttpRequest, key: str, row_id: UUID, way: str) -> HttpResponse:
    """Lead to the row after or before one, in the order of the list that the address asks for; at an end say so."""
    reader = reader_of(request)
    definition = definition_for(request, key)
    state = open_list(definition, request.GET, reader).state
    is_before = way == "previous"
    found = row_beside(state, reader, row_id, is_before=is_before)
    if found is None:
        get_object_or_404(definition.rows(reader.actor).filter(pk=row_id).values("pk"))
        first, last = gettext("This is the first of the list."), gettext("This is the last of the list.")
        messages.info(request, first if is_before else last)
    return go_to(request, reverse(definition.record_url_name, args=[found or row_id]))


@requires(SIGNED_IN, methods=("POST",))
def move(request: HttpRequest, key: str, row_id: UUID) -> HttpResponse:
    """Bring a card to another column of a board by the act of its app; a refusal says why."""
    actor = actor_of(request)
    definition = definition_for(request, key)
    row = get_object_or_404(definition.rows(actor), pk=row_id)
    board = next((each for each in definition.boards if each.key == request.POST.get("by", "")), None)
    target = request.POST.get("to", "")
    known = {code for code, _label in definition.filter_of[board.key].choices} if board else set()
    try:
        if board is None or board.move is None or target not in known:
            raise InvalidInput("to")
        board.move(row, target, actor, timezone.now())
    except DomainError as refusal:
        status = 403 if isinstance(refusal, NotAllowed) else REFUSED
        return HttpResponse(str(refusal), status=status, content_type="text/plain; charset=utf-8")
    return HttpResponse(status=204)
