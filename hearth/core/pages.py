"""Keyset pages: as fast at the end of a million rows as at their beginning."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.core import signing
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from hearth.core.errors import InvalidInput

RowT = TypeVar("RowT", bound=models.Model)
SALT = "hearth.pages"
MAX_LIMIT = 200


class BadCursor(InvalidInput):
    """The cursor was not made here, or belongs to another order."""

    code = "bad_cursor"
    message = _("This page no longer exists. Start again from the first page.")


@dataclass(frozen=True)
class Page(Generic[RowT]):
    """Some rows and the cursor of those after them; an empty cursor means that there are no more."""

    rows: Sequence[RowT]
    next_cursor: str


def keyset_page(
    queryset: models.QuerySet[RowT], *, order: str, cursor: str = "", limit: int = 50
) -> Page[RowT]:
    """Return one page ordered by a column that is never null, ties broken by id in the same direction.

    `order` is a column, with `-` for descending. One query; no count.

    :raises BadCursor: if the cursor does not fit the order
    """
    limit = min(max(limit, 1), MAX_LIMIT)
    descending, column = order.startswith("-"), order.lstrip("-")
    if cursor:
        queryset = queryset.filter(_after(column, _read(cursor, order), descending=descending))
    sign = "-" if descending else ""
    ordered = queryset.order_by(*dict.fromkeys([f"{sign}{column}", f"{sign}id"]))
    rows = list(ordered[: limit + 1])
    more = len(rows) > limit
    rows = rows[:limit]
    return Page(rows, _write(rows[-1], column, order) if more else "")


def cursor_at(row: models.Model, order: str) -> str:
    """Return the cursor of the rows after this one in an order; the row holds the order's column."""
    return _write(row, order.lstrip("-"), order)


def merged_page(
    sources: Sequence[models.QuerySet[RowT]], *, order: str, cursor: str = "", limit: int = 50
) -> Page[RowT]:
    """Return one page of several querysets of one model that share no row, in one order; one query each.

    Each source is read along its own index, which a condition joined by "or" would lose.

    :raises BadCursor: if the cursor does not fit the order
    """
    limit = min(max(limit, 1), MAX_LIMIT)
    pages = [keyset_page(source, order=order, cursor=cursor, limit=limit) for source in sources]
    column = order.lstrip("-")
    rows = sorted(
        (row for found in pages for row in found.rows),
        key=lambda row: (getattr(row, column), row.id),  # type: ignore[attr-defined]
        reverse=order.startswith("-"),
    )
    has_more = len(rows) > limit or any(found.next_cursor for found in pages)
    shown = rows[:limit]
    return Page(shown, _write(shown[-1], column, order) if has_more else "")


def _after(column: str, last: tuple[Any, Any], *, descending: bool) -> models.Q:
    """Compare by the pair (column, id); the first condition alone lets the index be used."""
    value, row_id = last
    beyond = "lt" if descending else "gt"
    if column == "id":
        return models.Q(**{f"id__{beyond}": row_id})
    return models.Q(**{f"{column}__{beyond}e": value}) & (
        models.Q(**{f"{column}__{beyond}": value}) | models.Q(**{f"id__{beyond}": row_id})
    )


class _WholeInstants(DjangoJSONEncoder):
    """Keep the microseconds of instants: Django cuts them, and a page would pass over rows of one moment."""

    def default(self, o: Any) -> Any:
        """Write an instant in full."""
        return o.isoformat() if isinstance(o, datetime) else super().default(o)


def _write(row: models.Model, column: str, order: str) -> str:
    value: Any = row
    for part in column.split("__"):
        value = getattr(value, part)
    encoded = _WholeInstants().encode([order, value, row.id])  # type: ignore[attr-defined]
    return signing.dumps(encoded, salt=SALT, compress=True)


def _read(cursor: str, order: str) -> tuple[Any, Any]:
    try:
        written_for, value, row_id = json.loads(signing.loads(cursor, salt=SALT))
    except (signing.BadSignature, ValueError) as error:
        raise BadCursor("cursor") from error
    if written_for != order:
        raise BadCursor("cursor")
    return value, row_id


def estimated_count(queryset: models.QuerySet[Any]) -> int:
    """Return the planner's estimate of how many rows a query finds; one query, no scan.

    A query that can find nothing is never sent: it has no plan, and no rows.
    """
    plan = queryset.explain(format="json")
    return int(json.loads(plan)[0]["Plan"]["Plan Rows"]) if plan else 0
