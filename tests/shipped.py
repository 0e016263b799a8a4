"""Between tests with real commits the database is emptied but for what migrations wrote, as in an installation."""

from collections.abc import Collection, Mapping

from django.core.management.color import Style
from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

# Django fills these itself when it migrates; nothing of ours is in them. The log tells of rows, and is none of ours.
LEFT_OUT = {"django_content_type", "auth_permission", "audit_auditentry", "core_eventrecord"}


def list_tables() -> list[str]:
    """Return the tables of all models."""
    return sorted(connection.introspection.django_table_names(only_existing=True, include_views=False))


def read_shipped() -> Mapping[str, bytes]:
    """Return the rows of each table that has some, as PostgreSQL copies them."""
    shipped = {}
    with connection.cursor() as cursor:
        for table in sorted(set(list_tables()) - LEFT_OUT):
            with cursor.copy(f"COPY (SELECT * FROM {table}) TO STDOUT") as copied:
                if rows := b"".join(map(bytes, copied)):
                    shipped[table] = rows
    return shipped


def write_shipped(shipped: Mapping[str, bytes]) -> None:
    """Write the rows into the emptied tables, without the log that an act would leave."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("; ".join(disarm(shipped)))
        for table, rows in shipped.items():
            with cursor.copy(f"COPY {table} FROM STDIN") as copied:
                copied.write(rows)
        cursor.execute("; ".join(arm(shipped)))


def empty_tables(_style: Style, database: BaseDatabaseWrapper, **_options: bool) -> list[str]:
    """Return what empties the tables that have rows: most have none, and truncating a table costs a file."""
    kept = {"django_content_type", "auth_permission"}
    having = " UNION ALL ".join(
        f"SELECT '{table}' WHERE EXISTS (SELECT FROM {table})" for table in list_tables() if table not in kept
    )
    with database.cursor() as cursor:
        cursor.execute(having)
        filled = [table for (table,) in cursor.fetchall()]
    return [*disarm(filled), *(f"DELETE FROM {table}" for table in filled), *arm(filled)]


def disarm(tables: Collection[str]) -> list[str]:
    return [f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in tables]


def arm(tables: Collection[str]) -> list[str]:
    """Return what asks the keys, which waits for the end otherwise, and has the triggers work again."""
    return [
        "SET CONSTRAINTS ALL IMMEDIATE",
        *(f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in tables),
    ]
