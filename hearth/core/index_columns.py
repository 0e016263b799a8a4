"""Columns for the same indexes under the next key, beside those that work: made, filled, and put in their place.

Whoever writes knows nothing of them. An index that changes empties the one beside it by a trigger, an added row has
none; what is empty is filled. So the columns that work are complete and right until the moment they are exchanged.
"""

from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper

from hearth.core.index_places import NEXT, Computed, IndexPlace

BATCH = 2_000
PENDING = "next_index_is_missing"
BESIDE = "CONCURRENTLY"


def has_columns(place: IndexPlace) -> bool:
    """Tell whether the columns for the next key are there."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_attribute WHERE attrelid = %s::regclass AND attname = %s"
            " AND NOT attisdropped)",
            [place.table, NEXT + place.columns[0]],
        )
        return bool(cursor.fetchone()[0])


def add_columns(cursor: CursorWrapper, place: IndexPlace) -> None:
    """Add the columns and the trigger that empties them; the caller holds a transaction."""
    table, trigger = place.table, f"{NEXT}index_of_{place.table}"
    for column in place.columns:
        cursor.execute(f"ALTER TABLE {table} ADD COLUMN IF NOT EXISTS {NEXT}{column} bytea")
    empty = " ".join(f"NEW.{NEXT}{column} := NULL;" for column in place.columns)
    first = place.columns[0]
    cursor.execute(
        f"CREATE OR REPLACE FUNCTION {trigger}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" IF NEW.{first} IS DISTINCT FROM OLD.{first} THEN {empty} END IF; RETURN NEW; END $$"
    )
    cursor.execute(
        f"CREATE OR REPLACE TRIGGER {trigger} BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION {trigger}()"
    )


def drop_columns(cursor: CursorWrapper, place: IndexPlace) -> None:
    """Take away what an earlier change left; the columns that work are not touched."""
    trigger = f"{NEXT}index_of_{place.table}"
    cursor.execute(f"DROP TRIGGER IF EXISTS {trigger} ON {place.table}")
    cursor.execute(f"DROP FUNCTION IF EXISTS {trigger}()")
    cursor.execute(f"DROP INDEX IF EXISTS {_pending_index(place)}")
    for column in place.columns:
        cursor.execute(f"ALTER TABLE {place.table} DROP COLUMN IF EXISTS {NEXT}{column}")


def read_pending(place: IndexPlace, after: Any) -> list[tuple[Any, ...]]:
    """Return the next rows in the order of their key that lack the next index: key, index, what it is made from."""
    return _read(place, f"{NEXT}{place.columns[0]} IS NULL", after)


def read_all(place: IndexPlace, after: Any) -> list[tuple[Any, ...]]:
    """Return the next rows in the order of their key that have an index, in the form of `read_pending`."""
    return _read(place, "true", after)


def read_filled(place: IndexPlace) -> list[tuple[Any, ...]]:
    """Return some rows that have the next index: key, that index, what it is made from."""
    filled = f"{NEXT}{place.columns[0]}"
    return _read(place, f"{filled} IS NOT NULL", None, column=filled)


def _read(place: IndexPlace, condition: str, after: Any, column: str = "") -> list[tuple[Any, ...]]:
    following = f"AND {place.key} > %s" if after is not None else ""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join([place.key, column or place.columns[0], *place.made_from])}"  # noqa: S608
            f" FROM {place.table} WHERE {place.columns[0]} IS NOT NULL AND {condition} {following}"
            f" ORDER BY {place.key} LIMIT {BATCH}",
            [after] if after is not None else [],
        )
        return [tuple(row) for row in cursor.fetchall()]


def write_next(place: IndexPlace, rows: list[tuple[Any, ...]], computed: list[Computed]) -> int:
    """Write the next indexes of rows whose index is still the one that was read; return how many."""
    sets = ", ".join(f"{NEXT}{column} = change.c{at}" for at, column in enumerate(place.columns))
    names = ", ".join(f"c{at}" for at in range(len(place.columns)))
    arrays = ", ".join("%s::bytea[]" for _column in place.columns)
    key_type = place.model._meta.pk.rel_db_type(connection)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {place.table} AS row SET {sets}"  # noqa: S608  (names of models)
            f" FROM unnest(%s::{key_type}[], %s::bytea[], {arrays}) AS change (id, before, {names})"
            f" WHERE row.{place.key} = change.id AND row.{place.columns[0]} = change.before",
            [
                [row[0] for row in rows],
                _array([row[1] for row in rows]),
                *(_array(list(values)) for values in zip(*computed, strict=True)),
            ],
        )
        return int(cursor.rowcount)


def _array(values: list[Any]) -> str:
    # Written here: the driver takes ten times as long for an array of bytes.
    written = ["NULL" if value is None else f'"\\\\x{bytes(value).hex()}"' for value in values]
    return "{" + ",".join(written) + "}"


def build_indexes(place: IndexPlace) -> None:
    """Build beside the work whatever finds and guards the columns that work, for those to come; may be repeated."""
    with connection.cursor() as cursor:
        for name, definition, _is_constraint in _definitions(cursor, place):
            head, _on, rest = definition.partition(" ON ")
            kind = "UNIQUE INDEX" if "UNIQUE" in head else "INDEX"
            _build(cursor, f"{kind} {BESIDE} {NEXT}{name} ON {_renamed(rest, place)}", NEXT + name)
        pending = f"{place.columns[0]} IS NOT NULL AND {NEXT}{place.columns[0]} IS NULL"
        name = _pending_index(place)
        _build(cursor, f"INDEX {BESIDE} {name} ON {place.table} ({place.key}) WHERE {pending}", name)


def _pending_index(place: IndexPlace) -> str:
    return f"{PENDING}_{place.table}"[:63]


def _build(cursor: CursorWrapper, what: str, name: str) -> None:
    cursor.execute("SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(%s)", [name])
    found = cursor.fetchone()
    if found and found[0]:
        return
    if found:
        cursor.execute(f"DROP INDEX {name}")  # the process that built it was killed
    # Inside of a transaction nothing can be built beside others.
    way = "" if connection.in_atomic_block else BESIDE
    cursor.execute(f"CREATE {what.replace(BESIDE, way)}")


def _renamed(rest: str, place: IndexPlace) -> str:
    for column in place.columns:
        rest = rest.replace(column, NEXT + column)
    return rest


def _definitions(cursor: CursorWrapper, place: IndexPlace) -> list[tuple[str, str, bool]]:
    """Return name, definition and whether it is a constraint of every index over the columns that work."""
    cursor.execute(
        """
        SELECT DISTINCT found.relname, pg_get_indexdef(i.indexrelid), c.oid IS NOT NULL
        FROM pg_index i JOIN pg_class found ON found.oid = i.indexrelid
        JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey) AND a.attname = ANY(%s)
        LEFT JOIN pg_constraint c ON c.conindid = i.indexrelid AND c.contype = 'u'
        WHERE i.indrelid = %s::regclass AND found.relname NOT LIKE 'next\\_%%' ORDER BY 1
        """,
        [list(place.columns), place.table],
    )
    return list(cursor.fetchall())


def exchange(cursor: CursorWrapper, place: IndexPlace, number: int) -> None:
    """Put the next columns in the place of those that work, which go; the caller holds the table alone."""
    table, guards = place.table, _definitions(cursor, place)
    trigger = f"{NEXT}index_of_{table}"
    cursor.execute(f"DROP TRIGGER {trigger} ON {table}")
    cursor.execute(f"DROP FUNCTION {trigger}()")
    for column in place.columns:
        cursor.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
        cursor.execute(f"ALTER TABLE {table} RENAME COLUMN {NEXT}{column} TO {column}")
        if not place.model._meta.get_field(column).null:
            cursor.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET NOT NULL")
        # Whoever has not heard of the next key is refused; looked at for the rows that are there by `vouch`.
        cursor.execute(
            f"ALTER TABLE {table} ADD CONSTRAINT {one_key(place, column)} CHECK (octet_length({column}) % 2 = 1"
            f" AND get_byte({column}, octet_length({column}) - 1) = {number}) NOT VALID"
        )
    for name, _definition, is_constraint in guards:
        if is_constraint:
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} UNIQUE USING INDEX {NEXT}{name}")
        else:
            cursor.execute(f"ALTER INDEX {NEXT}{name} RENAME TO {name}")


def one_key(place: IndexPlace, column: str) -> str:
    """Name the constraint that all indexes of a column are under one key."""
    return f"one_key_for_{place.table}_{column}"[:63]


def vouch(place: IndexPlace) -> None:
    """Have the database look whether every index of a table is under the key it should be."""
    with connection.cursor() as cursor:
        for column in place.columns:
            cursor.execute(f"ALTER TABLE {place.table} VALIDATE CONSTRAINT {one_key(place, column)}")


def count_by_key(place: IndexPlace, column: str) -> dict[int, int]:
    """Count the indexes of a column by the number of their key."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT CASE octet_length({column}) % 2 WHEN 1 THEN get_byte({column}, octet_length({column}) - 1)"  # noqa: S608
            f" ELSE 1 END, count(*) FROM {place.table} WHERE {column} IS NOT NULL GROUP BY 1"
        )
        return dict(cursor.fetchall())
