"""Loading tables without their indexes and references, which are built once afterwards."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import connection

# Indexes that only make reading faster; what a constraint owns stays and is checked row by row.
INDEXES = """
    SELECT format('DROP INDEX %%I', c.relname), replace(pg_get_indexdef(i.indexrelid), ' ON ONLY ', ' ON ')
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
    WHERE i.indrelid = ANY(%s::regclass[]) AND NOT i.indisunique
"""
REFERENCES = """
    SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),
        format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname, pg_get_constraintdef(oid))
    FROM pg_constraint WHERE contype = 'f' AND conrelid = ANY(%s::regclass[]) AND conparentid = 0
"""
# What measures each customer by single rows, along the indexes that are away.
MEASURES = """
    SELECT format('ALTER TABLE %%s DISABLE TRIGGER %%I', tgrelid::regclass, tgname),
        format('ALTER TABLE %%s ENABLE TRIGGER %%I', tgrelid::regclass, tgname)
    FROM pg_trigger WHERE tgrelid = ANY(%s::regclass[]) AND starts_with(tgname, 'completeness_after_')
"""


@contextmanager
def bare(tables: Sequence[str]) -> Iterator[None]:
    """Take indexes and references of tables away and give them back at the end; without an error only.

    The completeness of customers is not measured meanwhile.
    """
    with connection.cursor() as cursor:
        changes: list[tuple[str, str]] = []
        for question in (INDEXES, REFERENCES, MEASURES):
            cursor.execute(question, [list(tables)])
            changes += cursor.fetchall()
        for drop, _create in changes:
            cursor.execute(drop)
        yield
        cursor.execute("SET maintenance_work_mem = '512MB'")
        for _drop, create in changes:
            cursor.execute(create)
        cursor.execute("RESET maintenance_work_mem")
