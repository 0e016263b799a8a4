"""Copying the registered tables from one moment of the database."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

from hearth.core.attribution import tell_other
from hearth.core.extracts import Extract, extracts
from hearth.warehouse.manifests import Feed, Manifest, TableFiles, warehouse_folder
from hearth.warehouse.parquet import arrow_schema, read_rows, write_months, write_whole

LOCK = "pg_try_advisory_lock(hashtext('hearth.warehouse.snapshot'))"
# A session may draw a position shortly before its transaction gets its number; far fewer sessions exist than this.
POSITION_MARGIN = 10_000
Progress = Callable[[str, int], None]


class LockTaken(Exception):
    """Another snapshot is being taken."""


@contextmanager
def one_moment() -> Iterator[CursorWrapper]:
    """Give a cursor of a connection of its own that sees the database as of one moment and changes nothing.

    :raises LockTaken: if another process copies at the same time
    """
    reader: BaseDatabaseWrapper = connection.copy()
    tell_other(reader)
    try:
        with reader.cursor() as cursor:
            cursor.execute(f"SELECT {LOCK}")
            if not cursor.fetchone()[0]:
                raise LockTaken
            cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield cursor
            cursor.execute("COMMIT")
    finally:
        reader.close()


def copy_tables(
    cursor: CursorWrapper, snapshot_id: UUID, *, previous: Manifest | None, now: datetime, progress: Progress
) -> Manifest:
    """Write every registered table and return the manifest, which is not yet in its place.

    Growing tables add to the files of `previous`; without one they are written anew.
    """
    feed = read_feed(cursor, previous.feed if previous else Feed())
    tables: dict[str, TableFiles] = {}
    for extract in extracts.values():
        older = previous.tables.get(extract.name) if previous else None
        if extract.transaction_column:
            since = previous.feed if previous else Feed()
            tables[extract.name] = _copy_growth(cursor, extract, snapshot_id, older, since)
        else:
            tables[extract.name] = _copy_whole(cursor, extract, snapshot_id)
        progress(extract.name, tables[extract.name].rows)
    return Manifest(str(snapshot_id), now.isoformat(), feed, tables)


def read_feed(cursor: CursorWrapper, previous: Feed) -> Feed:
    """Tell what this moment sees, and above which position all rows lie that it does not see."""
    cursor.execute("SELECT last_value FROM core_event_position")
    position = max(cursor.fetchone()[0] - POSITION_MARGIN, 0)
    cursor.execute(
        "SELECT s::text, pg_snapshot_xmin(s)::text, pg_snapshot_xmax(s)::text FROM pg_current_snapshot() s"
    )
    moment, oldest_running, upper = cursor.fetchone()
    if oldest_running == upper:
        floor = position
    elif int(oldest_running) >= previous.mark_transaction:
        floor = previous.mark_position
    else:
        floor = previous.floor
    return Feed(moment=moment, floor=floor, mark_transaction=int(upper), mark_position=position)


def _copy_whole(cursor: CursorWrapper, extract: Extract, snapshot_id: UUID) -> TableFiles:
    path = warehouse_folder() / "tables" / extract.name / f"{snapshot_id}.parquet"
    blocks = read_rows(cursor.cursor, extract.sql, extract.columns)
    rows = write_whole(blocks, path, arrow_schema(extract.columns))
    return TableFiles(dict(extract.columns), [_relative(path)], rows)


def _copy_growth(
    cursor: CursorWrapper, extract: Extract, snapshot_id: UUID, older: TableFiles | None, since: Feed
) -> TableFiles:
    """Write the rows that the snapshot before did not see, and keep its files.

    A table whose columns changed is written anew, so that all files of a table look alike.
    """
    sql = extract.sql
    if older and older.columns == dict(extract.columns) and since.moment:
        sql = _select_unseen(extract, since)
    else:
        older = None
    written = write_months(
        read_rows(cursor.cursor, sql, extract.columns),
        warehouse_folder() / "tables" / extract.name,
        f"{snapshot_id}.parquet",
        arrow_schema(extract.columns),
        extract.month_column,
    )
    files = [*(older.files if older else []), *sorted(_relative(path) for path in written)]
    return TableFiles(dict(extract.columns), files, (older.rows if older else 0) + sum(written.values()))


def _select_unseen(extract: Extract, since: Feed) -> str:
    number = f"feed.{extract.transaction_column}"
    oldest_running = int(since.moment.split(":")[0])
    conditions = [
        f"{number} >= {oldest_running}",
        f"NOT pg_visible_in_snapshot({number}::text::xid8, '{since.moment}'::pg_snapshot)",
    ]
    if extract.position_column:
        conditions.append(f"feed.{extract.position_column} > {since.floor}")
    # Only names of ours and what PostgreSQL itself wrote into the manifest.
    return f"SELECT * FROM ({extract.sql}) AS feed WHERE {' AND '.join(conditions)}"  # noqa: S608


def _relative(path: Path) -> str:
    return path.relative_to(warehouse_folder()).as_posix()


def remove_files_of(snapshot_id: UUID) -> None:
    """Remove what a snapshot wrote before it failed."""
    for path in warehouse_folder().glob(f"tables/**/{snapshot_id}.*"):
        path.unlink(missing_ok=True)
