"""What every list of the API does with an address: narrow, order, cut a page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db import models
from django.http import HttpRequest

from hearth.api.envelope import ListQuery, Page, page_of
from hearth.api.filters import narrow
from hearth.api.page_lists import PageQuery, ask_page
from hearth.core.pages import keyset_page

RowT = TypeVar("RowT", bound=models.Model)


@dataclass(frozen=True)
class Listed(Generic[RowT]):
    """The rows of a page, and where the list goes on."""

    rows: Sequence[RowT]
    page: Page


def list_rows(
    request: HttpRequest,
    query: ListQuery,
    rows: "models.QuerySet[RowT]",
    *,
    order: str,
) -> Listed[RowT]:
    """Return the page of rows that an address asks for; two queries, and what `ask_page` takes.

    :raises Problem: 400 if a filter's value makes no sense
    :raises BadCursor: if the cursor belongs to another order
    """
    narrowed: models.QuerySet[Any] = narrow(rows, query.filters, request.GET)
    if isinstance(query, PageQuery):
        asked = ask_page(request, query)
        narrowed = narrowed.filter(asked.condition)
        order = order if "sort" in request.GET else asked.sort or order
    found = keyset_page(narrowed, order=order, cursor=query.cursor, limit=query.limit)
    return Listed(found.rows, page_of(found.next_cursor, query, narrowed))
