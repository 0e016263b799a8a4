"""Bringing every blind index under another key, while others search, enter and merge.

The columns that work stay as they are while columns beside them are filled from the opened values, batch by batch;
which rows are done is seen by the rows, so that a process that is killed is gone on with by the next. Then a short
transaction, alone with the tables, fills what came last and exchanges the columns. Whoever computes an index asks
within their transaction which key counts, and the exchange waits for them. What merges and imports remember follows.
"""

from collections import Counter
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.utils import timezone

from hearth.core.crypto import (
    INDEXES,
    LOOKED_AT_EACH,
    SWITCH,
    KeyMissing,
    SealBroken,
    indexing_under,
    key_ring,
    open_sealed,
    seal,
    serving_index_key,
)
from hearth.core.index_columns import (
    add_columns,
    build_indexes,
    count_by_key,
    drop_columns,
    exchange,
    has_columns,
    read_all,
    read_filled,
    read_pending,
    vouch,
    write_next,
)
from hearth.core.index_places import IndexPlace, index_places, remembered_indexes
from hearth.core.key_files import add_index_key, drop_index_key, make_index_key_current
from hearth.core.models import ResealingMark
from hearth.core.resealing import (
    CannotReseal,
    Say,
    StillNeeded,
    Wait,
    alone_with_the_keys,
    refuse_unknown_keys,
    rows_of,
    write_where_unchanged,
)
from hearth.core.sealed_places import SealedPlace, sealed_places

MOST_ATTEMPTS = 120
"""How often the exchange is tried: each waits half a second for the tables, and a second until the next."""

PATIENCE = "500ms"
LOOKED_THROUGH = f"{INDEXES}: looked through"
FEW = 500
"""So many rows may be left to fill while everybody waits."""


class _NotYet(Exception):
    """Too much came in since the last look."""


def reindex(*, say: Say, wait: Wait) -> int:
    """Bring the indexes under a new key, or go on with what was interrupted; return how many rows there are.

    :raises CannotReseal: if it runs already, a key that is needed is missing, a value does not open or the tables are
        never free
    """
    with alone_with_the_keys():
        refuse_unknown_keys()
        number = _begin(say, wait)
        try:
            if serving_index_key() != number:
                _fill_beside(number, say)
                _exchange(number, say, wait)
            # Killed right after the exchange, all from here on is done again.
            if key_ring().index_next:
                make_index_key_current(settings.KEY_RING, number)
                wait(2 * LOOKED_AT_EACH)
            _bring_remembered(say)
            return _look_again(number, say)
        except KeyMissing as missing:
            raise CannotReseal(
                f"Key {missing.number} is not in {settings.KEY_RING}. Put it back."
            ) from missing
        except SealBroken as broken:
            raise CannotReseal(
                f"{broken}: a value does not open. Either {settings.KEY_RING} holds another key, or it was changed."
            ) from broken


def _begin(say: Say, wait: Wait) -> int:
    """Return the key to bring the indexes under, with the columns for it there."""
    ring, serving = key_ring(), serving_index_key()
    if serving not in ring.index_keys:
        raise CannotReseal(
            f"The indexes are under key {serving}, which is not in {settings.KEY_RING}. Put that key back."
        )
    if ring.index_next is None and is_under_way():
        say(f"Going on with index key {serving}.")
        return serving
    _refuse_foreign_key(serving)
    if ring.index_next is None:
        number = add_index_key(settings.KEY_RING)
        _change_tables(drop_columns, wait)
        say(f"Index key {number} is made. Waiting until everybody knows it.")
        wait(2 * LOOKED_AT_EACH)
    else:
        number = ring.index_next
        say(f"Going on with index key {number}.")
        if serving != number and not _is_filled_under(number):
            _change_tables(drop_columns, wait)
    if serving != number:
        _change_tables(add_columns, wait)
    return number


def _refuse_foreign_key(serving: int) -> None:
    """Look at some rows of each table: a file of another installation would make every search fail for good.

    :raises CannotReseal: if none of them has the index that the key makes of its value
    """
    for place in index_places.values():
        rows = read_all(place, None)
        if rows and not _agree(place, rows, serving):
            raise CannotReseal(
                f"{place.table}: index key {serving} of {settings.KEY_RING} is not the one its rows were indexed with."
                " Put the right file back; nothing was changed."
            )


def _is_filled_under(number: int) -> bool:
    """Tell whether the columns beside hold what the next key makes; a file put back may hold another one."""
    for place in index_places.values():
        rows = read_filled(place) if has_columns(place) else []
        if rows and not _agree(place, rows, number):
            return False
    return True


def _agree(place: IndexPlace, rows: list[tuple[Any, ...]], number: int) -> bool:
    with indexing_under(number):
        computed = place.compute([(row[0], *row[2:]) for row in rows])
    return any(bytes(row[1]) == found[0] for row, found in zip(rows, computed, strict=True))


def _change_tables(change: Any, wait: Wait) -> None:
    """Change each table in a moment when nobody holds it."""
    for place in index_places.values():
        for _attempt in range(MOST_ATTEMPTS):
            try:
                with transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute(f"SET LOCAL lock_timeout = '{PATIENCE}'")
                    change(cursor, place)
                    cursor.execute("SET LOCAL lock_timeout = DEFAULT")
                break
            except OperationalError:
                wait(LOOKED_AT_EACH)
        else:
            raise CannotReseal(f"{place.table} is never free. Call this again when less is going on.")


def _fill_beside(number: int, say: Say) -> None:
    for place in index_places.values():
        _fill(place, number, say)
        build_indexes(place)
        _fill(place, number, say)


def _fill(place: IndexPlace, number: int, say: Say) -> int:
    """Fill what is empty, in the order of the key; rows that change meanwhile are left to the next look."""
    filled, after = 0, None
    while rows := read_pending(place, after):
        filled += _fill_rows(place, rows, number)
        after = rows[-1][0]
        say(f"{place.table}: {filled:,}")
    return filled


@transaction.atomic
def _fill_rows(place: IndexPlace, rows: list[tuple[Any, ...]], number: int) -> int:
    with indexing_under(number):
        computed = place.compute([(row[0], *row[2:]) for row in rows])
    return write_next(place, rows, computed)


def _exchange(number: int, say: Say, wait: Wait) -> None:
    for _attempt in range(MOST_ATTEMPTS):
        try:
            _exchange_at_once(number)
        except (OperationalError, _NotYet):
            wait(LOOKED_AT_EACH)
            for place in index_places.values():
                _fill(place, number, say)
        else:
            say(f"Search goes by index key {number} from now on.")
            return
    raise CannotReseal("The tables are never free for a moment. Call this again when less is going on.")


@transaction.atomic
def _exchange_at_once(number: int) -> None:
    """Exchange the columns of all tables; everybody who searches or writes waits.

    Gives up before the database would look for who waits for whom, so that nobody else's work is broken off.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{PATIENCE}'")
        cursor.execute(f"SELECT pg_advisory_xact_lock({SWITCH})")
        tables = ", ".join(sorted(place.table for place in index_places.values()))
        cursor.execute(f"LOCK TABLE {tables} IN ACCESS EXCLUSIVE MODE")
        for place in index_places.values():
            if len(rows := read_pending(place, None)) > FEW:
                raise _NotYet
            if rows:
                _fill_rows(place, rows, number)
        for place in index_places.values():
            exchange(cursor, place, number)
        cursor.execute("SET LOCAL lock_timeout = DEFAULT")
    now = timezone.now()
    ResealingMark.objects.create(place=INDEXES, key_number=number, begun_at=now, finished_at=now)
    ResealingMark.objects.create(place=LOOKED_THROUGH, key_number=number, begun_at=now)


def _remembering() -> list[SealedPlace]:
    return [place for place in sealed_places() if place.name in remembered_indexes]


def _became(place: SealedPlace, bound_to: Any, value: bytes) -> tuple[bytes, str, str, UUID]:
    bound = bound_to if isinstance(bound_to, UUID) else UUID(int=bound_to)
    text = open_sealed(value, column=place.name, row_id=bound)
    return value, text, remembered_indexes[place.name](text, bound), bound


def _bring_remembered(say: Say) -> None:
    """Bring what merges and imports remember under the key that counts, row by row."""
    for place in _remembering():
        brought = 0
        with connection.cursor() as cursor:
            for row, bound_to, value in rows_of(cursor, place):
                before, text, became, bound = _became(place, bound_to, value)
                if became != text:
                    after = seal(became, column=place.name, row_id=bound)
                    brought += write_where_unchanged(place, (row, before, after))
        say(f"{place.name}: {brought:,}")


def _remembered_under_others() -> Counter[str]:
    found: Counter[str] = Counter()
    with connection.cursor() as cursor:
        for place in _remembering():
            for _row, bound_to, value in rows_of(cursor, place):
                _before, text, became, _bound = _became(place, bound_to, value)
                found[place.name] += text != became
    return +found


def _look_again(number: int, say: Say) -> int:
    """Compute every index once more and compare; return how many rows there are.

    :raises CannotReseal: if one is another
    """
    looked_at = 0
    for place in index_places.values():
        vouch(place)
        wrong, after = 0, None
        while rows := read_all(place, after):
            with indexing_under(number):
                computed = place.compute([(row[0], *row[2:]) for row in rows])
            pairs = zip(rows, computed, strict=True)
            wrong += sum(bytes(row[1]) != found[0] for row, found in pairs)
            looked_at, after = looked_at + len(rows), rows[-1][0]
        say(f"{place.table}: {wrong:,} of the indexes are not those of their values")
        if wrong:
            raise CannotReseal(f"{place.table}: {wrong:,} indexes are not those of their values.")
    mark = ResealingMark.objects.filter(place=LOOKED_THROUGH, key_number=number)
    mark.update(finished_at=timezone.now(), rows=looked_at)
    return looked_at


def indexes_in_use() -> dict[str, Counter[int]]:
    """Count the indexes of each column by the number of their key."""
    return {
        f"{place.table}.{column}": Counter(count_by_key(place, column))
        for place in index_places.values()
        for column in place.columns
    }


def is_under_way() -> bool:
    """Tell whether a change of the key of the indexes was begun and is not ended."""
    unfinished = ResealingMark.objects.filter(place=LOOKED_THROUGH, finished_at=None)
    return key_ring().index_next is not None or unfinished.exists()


def retire_index_key(number: int) -> None:
    """Take a former key of the indexes out of the file.

    :raises CannotReseal: if there is no such key, or it is the one the indexes are or shall be under
    :raises StillNeeded: naming the columns that hold indexes under it
    """
    ring = key_ring()
    if number not in ring.index_keys:
        raise CannotReseal(f"There is no index key {number} in {settings.KEY_RING}.")
    if number in {ring.index_number, ring.index_next, serving_index_key()}:
        raise CannotReseal(
            f"Index key {number} is needed. Bring everything under another with hearth keys rotate --index first."
        )
    needed = {name: counted[number] for name, counted in indexes_in_use().items() if counted[number]}
    needed |= _remembered_under_others()
    if needed:
        raise StillNeeded("\n".join(f"{name}: {count:,}" for name, count in sorted(needed.items())))
    drop_index_key(settings.KEY_RING, number)
