"""What snapshots hold of a person, besides ids of what happened."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from hearth.core.extracts import extracts
from hearth.core.personal_data import ErasureMustWait, Person, register_personal_data, strike_out_in
from hearth.core.profiling import scored_tables, traces_of_scores
from hearth.postponed import Postponed
from hearth.warehouse.manifests import list_manifests, warehouse_folder, write_manifest
from hearth.warehouse.models import Snapshot

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq
else:
    pa = Postponed("pyarrow")
    pc = Postponed("pyarrow.compute")
    pq = Postponed("pyarrow.parquet")


class SnapshotUnderWay(ErasureMustWait):
    """A snapshot is being taken that may hold the person."""

    code = "snapshot_under_way"
    message = _("A snapshot for the analysis is being taken. Try again when it is ready.")


def erase_from_snapshots(person: Person, now: datetime) -> int:
    """Write the files anew that hold rows of the person; the stream of events, ids and codes alone, stays.

    :raises SnapshotUnderWay: if a snapshot is being taken
    """
    if Snapshot.objects.unfinished().exists():
        raise SnapshotUnderWay
    ids = sorted(map(str, person.ids))
    gone = {path: _erase_from(path, ids) for path in sorted(warehouse_folder().rglob("*.parquet"))}
    _count_anew({path.relative_to(warehouse_folder()).as_posix(): number for path, number in gone.items()})
    return sum(gone.values()) + strike_out_in(Snapshot.objects.all(), person, "error")


def forget_scores_in_snapshots(customer_ids: Collection[UUID]) -> int:
    """Write the files anew that hold scores of some customers, and return how many rows went; may be repeated.

    :raises SnapshotUnderWay: if a snapshot is being taken
    """
    if Snapshot.objects.unfinished().exists():
        raise SnapshotUnderWay
    ids = sorted(map(str, customer_ids))
    paths = [path for path in sorted(warehouse_folder().rglob("*.parquet")) if _holds_scores(path)]
    gone = {path: _erase_from(path, ids) for path in paths}
    _count_anew({path.relative_to(warehouse_folder()).as_posix(): number for path, number in gone.items()})
    return sum(gone.values())


def _holds_scores(path: Path) -> bool:
    """Tell whether a file is one of a table of scores, or a sample of one kept beside a snapshot."""
    table = path.relative_to(warehouse_folder()).parts[1]
    return table in scored_tables() or path.stem.removesuffix("_sample") in scored_tables()


def _erase_from(path: Path, ids: list[str]) -> int:
    """Take the rows out of one file, in one step; return how many there were."""
    with pq.ParquetFile(path) as file:
        column = _column_of(path, file.schema_arrow.names)
        if not column:
            return 0
        values = pa.array(ids)
        found = sum(
            int(pc.sum(pc.is_in(batch[column], value_set=values)).as_py() or 0)
            for batch in file.iter_batches(columns=[column])
        )
        if not found:
            return 0
        draft = path.with_suffix(".tmp")
        with pq.ParquetWriter(draft, file.schema_arrow, compression="zstd") as writer:
            for batch in file.iter_batches():
                writer.write_batch(batch.filter(pc.invert(pc.is_in(batch[column], value_set=values))))
    draft.replace(path)
    return found


def _column_of(path: Path, columns: list[str]) -> str:
    """Name the column that ties rows to a customer; nothing for tables that only grow and hold ids alone."""
    table = path.relative_to(warehouse_folder()).parts[1]
    extract = extracts.get(table)
    if extract and extract.transaction_column:
        return ""
    column = extract.customer_column if extract else "customer_id"
    return column if column in columns else ""


def _count_anew(gone: dict[str, int]) -> None:
    """Have the manifests tell how many rows their files hold now."""
    for manifest in list_manifests():
        for name, table in manifest.tables.items():
            number = sum(gone.get(file, 0) for file in table.files)
            if number:
                manifest.tables[name] = type(table)(table.columns, table.files, table.rows - number)
        write_manifest(manifest)


traces_of_scores.register("warehouse.snapshots", forget_scores_in_snapshots)
register_personal_data(
    "warehouse.snapshots", _("Snapshots for the analysis"), Snapshot, erase=erase_from_snapshots
)
