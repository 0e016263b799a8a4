"""Rows of every table as JSON: read from a database, chosen so that no reference breaks, and written to another."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

Row = dict[str, Any]
Tables = dict[str, list[Row]]

TABLES = """
SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition
ORDER BY c.relname
"""
KEYS = """
SELECT c.conrelid::regclass::text, array_agg(a.attname ORDER BY a.attnum)
FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey)
WHERE c.contype = 'p' AND c.connamespace = 'public'::regnamespace GROUP BY c.conrelid
"""
REFERENCES = """
SELECT c.conrelid::regclass::text, a.attname, c.confrelid::regclass::text, f.attname
FROM pg_constraint c
JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
JOIN pg_attribute f ON f.attrelid = c.confrelid AND f.attnum = c.confkey[1]
WHERE c.contype = 'f' AND c.connamespace = 'public'::regnamespace AND cardinality(c.conkey) = 1
"""
COLUMNS = """
SELECT column_name FROM information_schema.columns
WHERE table_schema = 'public' AND table_name = %s AND is_generated = 'NEVER'
"""
Connection = psycopg.Connection[tuple[Any, ...]]


def list_tables(connection: Connection) -> list[str]:
    """Name every table of ours; partitions are read through the table they belong to."""
    return [name for (name,) in connection.execute(TABLES)]


def list_keys(connection: Connection) -> dict[str, list[str]]:
    """Return the columns of each table's primary key."""
    return dict(connection.execute(KEYS).fetchall())


def read_rows(connection: Connection, table: str) -> list[Row]:
    """Return every row of a table."""
    query = sql.SQL("SELECT to_jsonb(t) FROM {} AS t").format(sql.Identifier(table))
    return [row for (row,) in connection.execute(query)]


def choose_rows(connection: Connection, per_table: int) -> Tables:
    """Take some rows of each table, the same at each call, and all rows that these refer to."""
    keys = list_keys(connection)
    everything = {table: read_rows(connection, table) for table in list_tables(connection)}
    references = connection.execute(REFERENCES).fetchall()
    chosen: dict[str, dict[str, Row]] = {table: {} for table in everything}
    waiting = [
        (table, row)
        for table, rows in everything.items()
        for row in sorted(rows, key=lambda row, table=table: _key(row, keys[table]))[:per_table]  # type: ignore[misc]
    ]
    while waiting:
        table, row = waiting.pop()
        if chosen[table].setdefault(_key(row, keys[table]), row) is not row:
            continue
        for source, column, target, target_column in references:
            if source == table and row[column] is not None:
                waiting += [(target, one) for one in everything[target] if one[target_column] == row[column]]
    return {table: [rows[key] for key in sorted(rows)] for table, rows in chosen.items()}


def _key(row: Row, columns: Sequence[str]) -> str:
    return json.dumps([row[column] for column in columns])


def save_rows(tables: Mapping[str, list[Row]], path: Path) -> None:
    """Write one line a row, so that a change of the file can be read."""
    with path.open("w") as file:
        for table, rows in tables.items():
            for row in rows:
                file.write(f"{json.dumps([table, row], ensure_ascii=False, separators=(',', ':'))}\n")


def load_rows(path: Path) -> Tables:
    """Read what `save_rows` wrote."""
    tables: Tables = {}
    for line in path.read_text().splitlines():
        table, row = json.loads(line)
        tables.setdefault(table, []).append(row)
    return tables


def insert_rows(connection: Connection, tables: Mapping[str, list[Row]]) -> None:
    """Write the rows whose tables exist, in one transaction; references are checked at its end."""
    known = list_tables(connection)
    with connection.transaction():
        connection.execute("SET CONSTRAINTS ALL DEFERRED")
        for table in _referred_first(connection, known):
            rows = tables.get(table, [])
            if table == "core_eventrecord":
                for row in rows:
                    connection.execute("SELECT core_ensure_event_month(%s)", [row["occurred_at"]])
            if rows:
                _insert(connection, table, rows)
    for table in known:
        _move_sequence(connection, table)


def _referred_first(connection: Connection, tables: Sequence[str]) -> list[str]:
    """Put tables after those they refer to: not every package lets its references wait."""
    needs: dict[str, set[str]] = {table: set() for table in tables}
    for source, _column, target, _target_column in connection.execute(REFERENCES):
        if source in needs and source != target:
            needs[source].add(target)
    ordered: list[str] = []
    while len(ordered) < len(tables):
        free = [t for t in tables if t not in ordered and needs[t] <= set(ordered)]
        ordered += free or [next(t for t in tables if t not in ordered)]
    return ordered


def _insert(connection: Connection, table: str, rows: list[Row]) -> None:
    columns = [name for (name,) in connection.execute(COLUMNS, [table]) if name in rows[0]]
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    query = sql.SQL(
        "INSERT INTO {table} ({names}) SELECT {names} FROM jsonb_populate_recordset(NULL::{table}, %s)"
    ).format(table=sql.Identifier(table), names=names)
    connection.execute(query, [json.dumps(rows)])


def _move_sequence(connection: Connection, table: str) -> None:
    for (column,) in connection.execute(COLUMNS, [table]).fetchall():
        found = connection.execute("SELECT pg_get_serial_sequence(%s, %s)", [table, column]).fetchone()
        if found and found[0]:
            query = sql.SQL("SELECT setval({}, (SELECT coalesce(max({}), 0) + 1 FROM {}))")
            connection.execute(
                query.format(sql.Literal(found[0]), sql.Identifier(column), sql.Identifier(table))
            )
