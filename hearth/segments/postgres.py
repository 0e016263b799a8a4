"""Running a compiled expression on PostgreSQL for a few customers, over the same SELECTs the warehouse copies."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection

from hearth.core.extracts import Extract, extracts
from hearth.postponed import Postponed

if TYPE_CHECKING:
    import ibis
else:
    ibis = Postponed("ibis")

IDS = "%(customer_ids)s"


def run_on_postgres(
    expression: Any, tables: Iterable[str], customer_ids: Sequence[UUID]
) -> list[dict[str, Any]]:
    """Compute an expression for some customers over the present rows; one query.

    Every table that belongs to customers is narrowed to them before anything else happens.
    """
    parts = [f'"{name}" AS ({narrow_extract(extracts[name])})' for name in sorted(tables)]
    compiled = ibis.to_sql(expression, dialect="postgres").replace("%", "%%")
    sql = f"WITH {', '.join(parts)} SELECT * FROM ({compiled}) AS answer"  # noqa: S608  (compiled from a parsed rule)
    with connection.cursor() as cursor:
        cursor.execute(sql, {"customer_ids": list(customer_ids)})
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def narrow_extract(extract: Extract) -> str:
    """Write an extract's SELECT for the bound customers.

    The identifier is compared before it becomes text, so that the index on it serves.
    """
    escaped = extract.sql.replace("%", "%%")
    if not extract.customer_column:
        return escaped
    column = re.escape(extract.customer_column)
    bare, found = re.subn(
        rf"([\w.]+)::text(?=\s+AS\s+{column}\b)", r"\1", escaped, count=1, flags=re.IGNORECASE
    )
    if not found:
        bare, found = re.subn(rf"((?:\b\w+\.)?\b{column})::text\b", r"\1", escaped, count=1)
    if found and extract.alias_table:
        return _narrow_by_aliases(extract, bare)
    key = f"rows.{extract.customer_column}" if found else f"rows.{extract.customer_column}::uuid"
    columns = ", ".join(
        f'rows."{name}"::text AS "{name}"' if name == extract.customer_column else f'rows."{name}"'
        for name in extract.columns
    )
    return f"SELECT {columns} FROM ({bare}) AS rows WHERE {key} = ANY({IDS}::uuid[])"  # noqa: S608  (names of ours)


def _narrow_by_aliases(extract: Extract, bare: str) -> str:
    """Write the SELECT of rows that are never changed, with those of records merged into the bound customers."""
    aliases = narrow_extract(extracts[extract.alias_table])
    columns = ", ".join(
        f'coalesce(alias.survivor_id, rows."{name}"::text) AS "{name}"'
        if name == extract.customer_column
        else f'rows."{name}"'
        for name in extract.columns
    )
    wanted = f"ARRAY(SELECT customer_id::uuid FROM ({aliases}) AS merged) || {IDS}::uuid[]"  # noqa: S608
    return (
        f"SELECT {columns} FROM ({bare}) AS rows"  # noqa: S608  (names of ours)
        f" LEFT JOIN ({aliases}) AS alias ON alias.customer_id = rows.{extract.customer_column}::text"
        f" WHERE rows.{extract.customer_column} = ANY({wanted})"
    )
