"""The rows that migrations write: they are there before every test, as in an installation."""

from collections.abc import Mapping

from django.db import connection, transaction

# Django fills these itself when it migrates; nothing of ours is in them. The log tells of rows, and is none of ours.
LEFT_OUT = {"django_content_type", "auth_permission", "audit_auditentry", "core_eventrecord"}


def read_shipped() -> Mapping[str, bytes]:
    """Return the rows of each table that has some, as PostgreSQL copies them."""
    shipped = {}
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    with connection.cursor() as cursor:
        for table in sorted(set(tables) - LEFT_OUT):
            with cursor.copy(f"COPY (SELECT * FROM {table}) TO STDOUT") as copied:
                if rows := b"".join(map(bytes, copied)):
                    shipped[table] = rows
    return shipped


def write_shipped(shipped: Mapping[str, bytes]) -> None:
    """Write the rows into the emptied tables, without the log that an act would leave."""
    with transaction.atomic(), connection.cursor() as cursor:
        for table, rows in shipped.items():
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            with cursor.copy(f"COPY {table} FROM STDIN") as copied:
                copied.write(rows)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
