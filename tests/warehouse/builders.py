"""Snapshots for tests, written without copying anything."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import pyarrow as pa

from hearth.warehouse.manifests import Manifest, TableFiles, warehouse_folder, write_manifest
from hearth.warehouse.models import Snapshot
from hearth.warehouse.parquet import arrow_schema, write_whole

Rows = Sequence[Mapping[str, Any]]


def make_snapshot(
    now: datetime, *, state: Snapshot.State = Snapshot.State.DONE, tables: Mapping[str, int] | None = None
) -> Snapshot:
    """Write the row of a snapshot; it has no files."""
    return Snapshot.objects.create(
        taken_at=now, state=state, tables=dict(tables or {}), seconds=1.5, created_at=now, updated_at=now
    )


def make_filled_snapshot(now: datetime, tables: Mapping[str, tuple[Mapping[str, str], Rows]]) -> Snapshot:
    """Write a snapshot whose tables hold these rows; each table gives its columns by Ibis type."""
    snapshot = make_snapshot(now, tables={name: len(rows) for name, (_, rows) in tables.items()})
    files = {}
    for name, (columns, rows) in tables.items():
        schema = arrow_schema(columns)
        path = warehouse_folder() / "tables" / name / f"{snapshot.id}.parquet"
        write_whole([pa.Table.from_pylist(list(rows), schema)], path, schema)
        files[name] = TableFiles(dict(columns), [path.relative_to(warehouse_folder()).as_posix()], len(rows))
    write_manifest(Manifest(str(snapshot.id), now.isoformat(), tables=files))
    return snapshot
