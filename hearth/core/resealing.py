"""Bringing everything that is sealed under the newest key, while others read and write.

A batch of rows is read, sealed anew and written where it still says what was read: a value that somebody changed
meanwhile was sealed by them and is left to the next look. How far a column has come is written in the transaction of
each batch, so that a process that is killed goes on where it was. Run by the owner of the database, whose entries in
the log of changes leave the old and new seals out.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, models, transaction
from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from hearth.core.crypto import INDEXES, LOOKED_AT_EACH, KeyMissing, SealBroken, key_ring, reseal
from hearth.core.key_files import add_key, drop_key, make_current
from hearth.core.models import ResealingMark, ResealingMarkQuerySet
from hearth.core.sealed_places import Renew, SealedPlace, keep_their_key, sealed_places

BATCH = 2_000
MOST_ROUNDS = 5
LOCK = "SELECT pg_try_advisory_lock(hashtext('hearth.resealing'))"
UNLOCK = "SELECT pg_advisory_unlock(hashtext('hearth.resealing'))"
Say = Callable[[str], None]
Wait = Callable[[float], None]


class CannotReseal(Exception):
    """The rotation cannot go on; the message says why and what to do."""


class StillNeeded(Exception):
    """Values stand under the key that was to go."""


@dataclass(frozen=True)
class _Batch:
    """Rows that were looked at, and what of them changes: key, what it says, what it becomes."""

    looked_at: int
    last_row: Any
    changes: list[tuple[Any, Any, Any]]


def rotate(*, say: Say, wait: Wait) -> int:
    """Make a new key and bring everything under it, or go on with what was interrupted; return how many values moved.

    Whoever runs learns of the new key before anything is sealed with it, and seals with it before the first row is
    looked at; `wait` gives them the time.

    :raises CannotReseal: if it runs already, or a value does not open
    """
    with alone_with_the_keys():
        return _rotate(say, wait)


@contextmanager
def alone_with_the_keys() -> Iterator[None]:
    """Let no other process change keys meanwhile.

    :raises CannotReseal: if one does already
    """
    with connection.cursor() as cursor:
        cursor.execute(LOCK)
        if not cursor.fetchone()[0]:
            raise CannotReseal("Another process changes the keys already. Wait for it, or end it.")
        try:
            yield
        finally:
            cursor.execute(UNLOCK)


def _rotate(say: Say, wait: Wait) -> int:
    refuse_unknown_keys()
    number = _begin(say, wait)
    moved = 0
    for _round in range(MOST_ROUNDS):
        moved += sum(_reseal_place(place, number, say) for place in _movable())
        if not _left_behind(number):
            _marks(number).filter(finished_at=None).update(finished_at=timezone.now())
            return moved
        # Somebody still sealed with the key before: once more from the beginning.
        _marks(number).update(last_row="", finished_at=None)
    raise CannotReseal(
        "Some process keeps sealing with an older key. Give every machine the same file of keys, and run this again."
    )


def _begin(say: Say, wait: Wait) -> int:
    """Return the key to bring everything under: one that is under way, else a new one."""
    ring = key_ring()
    newest = max(ring.keys)
    under_way = _marks(ring.current).filter(finished_at=None).exists()
    if newest == ring.current and under_way:
        say(f"Going on with key {newest}.")
        return newest
    number = newest if newest > ring.current else add_key(settings.KEY_RING)
    ResealingMark.objects.bulk_create(
        [ResealingMark(place=place.name, key_number=number, begun_at=timezone.now()) for place in _movable()],
        ignore_conflicts=True,
    )
    say(f"Key {number} is made. Waiting until everybody knows it.")
    wait(2 * LOOKED_AT_EACH)
    make_current(settings.KEY_RING, number)
    wait(2 * LOOKED_AT_EACH)
    return number


def _marks(number: int) -> ResealingMarkQuerySet:
    """Return the marks of a key that seals; those of the indexes have numbers of their own."""
    return ResealingMark.objects.filter(key_number=number).exclude(place__startswith=INDEXES)


def _movable() -> list[SealedPlace]:
    return [place for place in sealed_places() if place.name not in keep_their_key]


def refuse_unknown_keys() -> None:
    """Look whether every value's key is in the file.

    :raises CannotReseal: naming a column, and how many of its values are under a key that is not
    """
    known = key_ring().keys
    for place, numbers in keys_in_use().items():
        if unknown := sorted(set(numbers) - set(known)):
            raise CannotReseal(
                f"{place}: {numbers[unknown[0]]:,} values were sealed with key {unknown[0]}, which is not in"
                f" {settings.KEY_RING}. Put that key back before anything is changed."
            )


def _reseal_place(place: SealedPlace, number: int, say: Say) -> int:
    mark, _is_new = ResealingMark.objects.get_or_create(
        place=place.name, key_number=number, defaults={"begun_at": timezone.now()}
    )
    moved = 0
    while mark.finished_at is None:
        moved += _reseal_batch(place, mark)
        say(f"{place.name}: {mark.rows:,}")
    return moved


@transaction.atomic
def _reseal_batch(place: SealedPlace, mark: ResealingMark) -> int:
    """Bring the next rows of a column under the current key, and note how far that is."""
    with connection.cursor() as cursor:
        batch = _read(cursor, place, mark.last_row, reseal)
        written = _write(cursor, place, batch.changes) if batch.changes else 0
    mark.rows += written
    mark.last_row = str(batch.last_row) if batch.looked_at else mark.last_row
    mark.finished_at = timezone.now() if batch.looked_at < BATCH else None
    mark.save(update_fields=["rows", "last_row", "finished_at"])
    return written


def _read(cursor: CursorWrapper, place: SealedPlace, after: str, renew: Renew) -> _Batch:
    table, key, column = place.model._meta.db_table, place.model._meta.pk.column, place.column
    conditions: list[str] = [_filled(place)]
    values: list[Any] = []
    if place.walk is None and place.inside is None:
        # Values inside of others may be older than what is around them: those are all looked at.
        conditions.append(f"substr({column}, 1, 1) <> %s")
        values.append(bytes([key_ring().current]))
    if after:
        conditions.append(f"{key} > %s::{_type_of_key(place.model)}")
        values.append(after)
    cursor.execute(
        f"SELECT {key}, {place.bound_to}, {column} FROM {table}"  # noqa: S608  (names of models)
        f" WHERE {' AND '.join(conditions)} ORDER BY {key} LIMIT {BATCH}",
        values,
    )
    rows = cursor.fetchall()
    changes = [change for row in rows if (change := _change(place, row, renew)) is not None]
    return _Batch(len(rows), rows[-1][0] if rows else None, changes)


def _filled(place: SealedPlace) -> str:
    """Return the condition that a column holds something."""
    if place.walk is not None:
        return f"{place.column} <> '{{}}'::jsonb"
    return f"substr({place.column}, 1, 1) <> '' AND {place.bound_to} IS NOT NULL"


def _change(place: SealedPlace, found: tuple[Any, Any, Any], renew: Renew) -> tuple[Any, Any, Any] | None:
    row, bound_to, value = found
    before = _plain(value)
    try:
        after = place.renewed(row, bound_to, before, renew)
    except KeyMissing as missing:
        raise CannotReseal(
            f"{place.name}, row {row}: sealed with key {missing.number}, which is not in {settings.KEY_RING}."
            " Put that key back and run this again."
        ) from missing
    except SealBroken as broken:
        raise CannotReseal(
            f"{place.name}, row {row}: does not open. Either {settings.KEY_RING} holds another key under that number"
            " than the one that sealed it, or the value was changed. Rows before it are done; nothing is lost."
        ) from broken
    return None if after == before else (row, before, after)


def _plain(value: Any) -> Any:
    """Return what a column says: bytes, or what its JSON means."""
    return json.loads(value) if isinstance(value, str) else bytes(value)


def _write(cursor: CursorWrapper, place: SealedPlace, changes: list[tuple[Any, Any, Any]]) -> int:
    """Write what changed where the row still says what was read, and return how many rows did."""
    table, key, column = place.model._meta.db_table, place.model._meta.pk.column, place.column
    kind = "text[]::jsonb[]" if place.walk else "bytea[]"
    rows, before, after = zip(*changes, strict=True)
    cursor.execute("SELECT set_config('hearth.resealing', %s, true)", [column])
    cursor.execute(
        f"UPDATE {table} AS row SET {column} = change.after FROM unnest("  # noqa: S608  (names of models)
        f"%s::{_type_of_key(place.model)}[], %s::{kind}, %s::{kind}) AS change (id, before, after)"
        f" WHERE row.{key} = change.id AND row.{column} = change.before",
        [list(rows), _array(before, place), _array(after, place)],
    )
    written = int(cursor.rowcount)
    cursor.execute("SELECT set_config('hearth.resealing', '', true)")
    return written


@transaction.atomic
def write_where_unchanged(place: SealedPlace, change: tuple[Any, Any, Any]) -> int:
    """Write one row, unless it says something else by now; return how many rows that were."""
    with connection.cursor() as cursor:
        return _write(cursor, place, [change])


def _array(values: tuple[Any, ...], place: SealedPlace) -> Any:
    if place.walk is not None:
        return [json.dumps(value, ensure_ascii=False) for value in values]
    # Written here: the driver takes ten times as long for an array of bytes.
    return "{" + ",".join(f'"\\\\x{value.hex()}"' for value in values) + "}"


def _type_of_key(model: type[models.Model]) -> str:
    return str(model._meta.pk.rel_db_type(connection))


def _left_behind(number: int) -> bool:
    """Tell whether a value of a movable column stands under another key."""
    movable = {place.name for place in _movable()}
    return any(name in movable and set(numbers) - {number} for name, numbers in keys_in_use().items())


def keys_in_use() -> dict[str, Counter[int]]:
    """Count the sealed values of each column by the number of their key; reads every column that may hold any."""
    found = {}
    with connection.cursor() as cursor:
        for place in sealed_places():
            if counted := _count(cursor, place):
                found[place.name] = counted
    return found


def _count(cursor: CursorWrapper, place: SealedPlace) -> Counter[int]:
    if place.walk is not None or place.inside is not None:
        return _count_inside(place)
    cursor.execute(
        f"SELECT get_byte(first, 0), count(*) FROM (SELECT substr({place.column}, 1, 1) AS first"  # noqa: S608
        f" FROM {place.model._meta.db_table}) AS sealed WHERE first <> '' GROUP BY 1"
    )
    return Counter(dict(cursor.fetchall()))


def _count_inside(place: SealedPlace) -> Counter[int]:
    """Open what holds more values, and count them all; a value whose key is missing counts, what is inside cannot."""
    counted: Counter[int] = Counter()

    def note(sealed: bytes, column: str, row_id: UUID) -> bytes:
        counted[sealed[0]] += 1
        return sealed

    with connection.cursor() as cursor:
        for row, bound_to, value in rows_of(cursor, place):
            try:
                place.renewed(row, bound_to, value, note)
            except KeyMissing as missing:
                counted[missing.number] += 1
            except SealBroken:
                counted[value[0]] += 1
    return counted


def rows_of(cursor: CursorWrapper, place: SealedPlace) -> Iterator[tuple[Any, Any, Any]]:
    """Give every row of a column that holds something: its key, what the value is bound to, and the value."""
    table, key, column = place.model._meta.db_table, place.model._meta.pk.column, place.column
    after: Any = None
    while True:
        following = f"AND {key} > %s" if after is not None else ""
        cursor.execute(
            f"SELECT {key}, {place.bound_to}, {column} FROM {table}"  # noqa: S608  (names of models)
            f" WHERE {_filled(place)} {following} ORDER BY {key} LIMIT {BATCH}",
            [after] if after is not None else [],
        )
        rows = cursor.fetchall()
        for row, bound_to, value in rows:
            yield row, bound_to, _plain(value)
        if len(rows) < BATCH:
            return
        after = rows[-1][0]


def retire(number: int) -> None:
    """Take a key out of the file that nothing needs any more.

    :raises CannotReseal: if there is no such key, or it is the one that seals
    :raises StillNeeded: naming the columns whose values stand under it, and how many
    """
    ring = key_ring()
    if number not in ring.keys:
        raise CannotReseal(f"There is no key {number} in {settings.KEY_RING}.")
    if number == ring.current:
        raise CannotReseal(f"Key {number} is the one that seals. Make another with hearth keys rotate first.")
    needed = {name: counted[number] for name, counted in keys_in_use().items() if counted[number]}
    if needed:
        raise StillNeeded(
            "\n".join(
                f"{name}: {count:,}{f' ({keep_their_key[name]})' if name in keep_their_key else ''}"
                for name, count in sorted(needed.items())
            )
        )
    drop_key(settings.KEY_RING, number)


def moved_under(number: int) -> bool | None:
    """Tell whether everything was brought under a key; None of a key that nothing was ever brought under."""
    marks = _marks(number)
    return not marks.filter(finished_at=None).exists() if marks.exists() else None
