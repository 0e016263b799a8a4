"""Write `first_rows.jsonl` anew, from an installation with the small demo that was sealed with `keys.json`.

    cp tests/upgrade/keys.json FOLDER/ && HEARTH_VAR=FOLDER hearth demo load --households 60
    python -m hearth.ops.with_postgres FOLDER/postgres -- python -m tests.upgrade.write_rows

The file stands for the installations of the first version: it is written again only to add what was forgotten,
and from the code of that time. What the demo leaves empty gets one plain row from the column's types.
"""

import os
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from tests.upgrade.rows import REFERENCES, Connection, choose_rows, list_tables, save_rows

FILE = Path(__file__).with_name("first_rows.jsonl")
PER_TABLE = 4
NEEDED = """
SELECT column_name, udt_name, coalesce(character_maximum_length, 100) FROM information_schema.columns
WHERE table_schema = 'public' AND table_name = %s AND is_nullable = 'NO' AND column_default IS NULL
AND is_identity = 'NO' AND is_generated = 'NEVER'
"""
PLAIN: dict[str, Any] = {
    "uuid": "01900000-0000-7000-8000-000000000001",
    "timestamptz": "2026-03-18T06:30:00Z",
    "date": "2026-03-18",
    "bool": False,
    "jsonb": "{}",
    "bytea": b"\x01",
    "inet": "127.0.0.1",
}
NUMBERS = {"int2", "int4", "int8", "numeric", "float8"}
# Made by the server for each process, or of no worth after a start.
LEFT_EMPTY = {"django_migrations", "procrastinate_workers"}


def fill_empty(connection: Connection) -> None:
    """Give every empty table one row; tables that wait for others come in a later round."""
    for _round in range(3):
        for table in list_tables(connection):
            query = sql.SQL("SELECT EXISTS (SELECT FROM {})").format(sql.Identifier(table))
            found = connection.execute(query).fetchone()
            if table not in LEFT_EMPTY and found == (False,):
                _fill(connection, table)


def _fill(connection: Connection, table: str) -> None:
    targets = {
        column: (target, target_column)
        for source, column, target, target_column in connection.execute(REFERENCES)
        if source == table
    }
    values: dict[str, Any] = {}
    for column, kind, length in connection.execute(NEEDED, [table]).fetchall():
        if column in targets:
            target, target_column = map(sql.Identifier, targets[column])
            query = sql.SQL("SELECT {} FROM {} ORDER BY 1 LIMIT 1").format(target_column, target)
            values[column] = (connection.execute(query).fetchone() or [None])[0]
        elif kind in NUMBERS:
            values[column] = 1
        else:
            values[column] = PLAIN.get(kind, "x"[:length])
    names = sql.SQL(", ").join(map(sql.Identifier, values))
    query = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
        sql.Identifier(table), names, sql.SQL(", ").join(sql.Placeholder() * len(values))
    )
    try:
        with connection.transaction():
            connection.execute(query, list(values.values()))
    except psycopg.Error as error:
        print(f"{table}: {error}")  # noqa: T201


def main() -> None:
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        fill_empty(connection)
        tables = choose_rows(connection, PER_TABLE)
    del tables["django_migrations"]
    save_rows(tables, FILE)


if __name__ == "__main__":
    main()
