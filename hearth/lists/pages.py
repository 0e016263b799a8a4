"""The page of a list: what an app's own view calls."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from hearth.core.htmx import is_part_request, page
from hearth.core.permissions import actor_of
from hearth.lists.definitions import ListDefinition
from hearth.lists.displays import arrangements, display_context, switches
from hearth.lists.filters import Reader
from hearth.lists.filters.base import Words
from hearth.lists.menus import filter_entries
from hearth.lists.rail import forget_pins
from hearth.lists.selectors import OpenedList, open_list
from hearth.lists.state import Asked
from hearth.lists.tools import tools_for

PART = "list"


@dataclass(frozen=True)
class Chip:
    """A test in words; `url` takes it away."""

    key: str
    label: Words
    words: str
    url: str
    is_any: bool
    is_quick: bool


def list_page(
    request: HttpRequest,
    definition: ListDefinition[Any],
    template: str,
    context: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """Answer with the page of a list, or with its part; `template` extends `lists/list.html`.

    The address in the browser follows what the list shows.
    """
    reader = reader_of(request)
    opened = open_list(definition.extended(reader.actor), request.GET, reader)
    if opened.is_view_missing:
        forget_pins(request)
    shown = {**(context or {}), **list_context(opened, reader, cursor=request.GET.get("cursor", ""))}
    shown["peek_url"] = _peek_url(definition, request.GET.get("peek", ""))
    if is_part_request(request) and request.headers.get("HX-Target") == PART:
        response = page(request, "lists/list.html", shown, parts={PART})
        response.headers["HX-Push-Url"] = request.path + _with_cursor(opened.url(), request)
        return response
    return page(request, template, shown)


def _peek_url(definition: ListDefinition[Any], row_id: str) -> str:
    """Return where the row is that the address has open beside the list; nothing for a slip."""
    try:
        return reverse("lists:peek", args=[definition.key, UUID(row_id)]) if row_id else ""
    except ValueError:
        return ""


def reader_of(request: HttpRequest) -> Reader:
    """Return who reads, today by the clock of the reader's place."""
    return Reader(actor_of(request), timezone.localdate())


def list_context(opened: OpenedList, reader: Reader, *, cursor: str = "") -> dict[str, Any]:
    """Return what the template of a list needs."""
    state = opened.state
    definition = state.definition
    filters = definition.filters_for(reader.actor)
    editors, here = reverse("lists:editor", args=[definition.key, "-"]).removesuffix("-/"), opened.url()
    return {
        "list": definition,
        "opened": opened,
        "state": state,
        "here": here,
        "editors": editors,
        "parameters": {**opened.origin(), **state.parameters()},
        "chips": chips_of(opened, reader),
        "quick": [definition.filter_of[key] for key in definition.quick],
        "filter_entries": filter_entries(filters, editors, here),
        "any_filter_entries": filter_entries(filters, editors, here, prefix="any."),
        "groupings": [each for each in filters if each.is_grouping],
        "switches": switches(opened),
        "arrangements": arrangements(opened),
        "tools": tools_for(reader.actor),
        **display_context(opened, reader, cursor),
    }


def _with_cursor(url: str, request: HttpRequest) -> str:
    cursor = request.GET.get("cursor", "")
    return f"{url}&cursor={cursor}" if cursor else url


def chips_of(opened: OpenedList, reader: Reader) -> list[Chip]:
    """Say in words what the list is narrowed to; a query for each chip that names people or places."""
    return [
        Chip(
            key=asked.name,
            label=asked.field.label,
            words=asked.field.words(asked.test, reader),
            url=opened.url(_without(opened, asked)),
            is_any=asked.is_any,
            is_quick=not asked.is_any and asked.field.key in opened.state.definition.quick,
        )
        for asked in opened.state.asked
    ]


def _without(opened: OpenedList, asked: Asked) -> dict[str, str]:
    return {name: text for name, text in opened.state.parameters().items() if name != asked.name}
