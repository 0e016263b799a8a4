"""What a snapshot consists of: a small JSON file that names immutable Parquet files.

A snapshot exists once its manifest does. Growing tables share their older files with the snapshots before.
"""

import json
import os
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from hearth.core.errors import DomainError


@dataclass(frozen=True)
class TableFiles:
    """The files of one table, as paths below the warehouse, and the columns they hold by Ibis type."""

    columns: dict[str, str]
    files: list[str]
    rows: int


@dataclass(frozen=True)
class Feed:
    """How far the growing tables were read, so that the next snapshot takes each row once.

    `moment` is PostgreSQL's own account of which transactions were visible (`xmin:xmax:running`): a row is copied
    when its transaction is visible now and was not then, so an act that was still running is neither missed nor
    waited for. A row that was not visible has a position above `floor`. Transactions from `mark_transaction` on
    had not begun when `mark_position` was the newest position.
    """

    moment: str = ""
    floor: int = 0
    mark_transaction: int = 0
    mark_position: int = 0


@dataclass(frozen=True)
class Manifest:
    """All tables of one snapshot."""

    snapshot: str
    taken_at: str
    feed: Feed = field(default_factory=Feed)
    tables: dict[str, TableFiles] = field(default_factory=dict)

    @property
    def as_of(self) -> datetime:
        return datetime.fromisoformat(self.taken_at)

    def list_files(self) -> set[str]:
        return {file for table in self.tables.values() for file in table.files}


class ManifestMissing(DomainError):
    """The snapshot never finished, or its files were removed."""

    code = "snapshot_files_missing"
    message = _("The files of snapshot %(snapshot)s are missing. Take a new snapshot.")


def warehouse_folder() -> Path:
    return Path(settings.WAREHOUSE)


def manifest_path(snapshot_id: UUID | str) -> Path:
    return warehouse_folder() / "manifests" / f"{snapshot_id}.json"


def kept_folder(snapshot_id: UUID | str) -> Path:
    """Return where results computed from a snapshot are kept for as long as it is there."""
    return warehouse_folder() / "kept" / str(snapshot_id)


def write_manifest(manifest: Manifest) -> None:
    """Put the manifest in its place in one step; the snapshot is complete from then on."""
    path = manifest_path(manifest.snapshot)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".tmp")
    with draft.open("w") as file:
        json.dump(asdict(manifest), file)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def read_manifest(snapshot_id: UUID | str) -> Manifest:
    """Read what a snapshot consists of.

    :raises ManifestMissing: if it never finished or was pruned
    """
    path = manifest_path(snapshot_id)
    if not path.exists():
        raise ManifestMissing(snapshot=str(snapshot_id))
    content = json.loads(path.read_text())
    tables = {name: TableFiles(**table) for name, table in content["tables"].items()}
    return Manifest(content["snapshot"], content["taken_at"], Feed(**content["feed"]), tables)


def list_manifests() -> list[Manifest]:
    return [read_manifest(path.stem) for path in sorted(warehouse_folder().glob("manifests/*.json"))]
