"""Files on their way in and out, readable by the installation's user only."""

import hashlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, TypeAlias

from django.core.files import File
from django.core.files.uploadedfile import UploadedFile

from hearth.core.models import StoredFile
from hearth.imports.models import ImportJob
from hearth.lib.tabular import FileProblem, Table, open_table

MAX_NAME = 120
MAX_BYTES = 1 << 30
Upload: TypeAlias = "UploadedFile[Any] | Path"


def store_upload(upload: Upload, *, now: datetime) -> StoredFile:
    """Keep a copy of a file as it came."""
    if isinstance(upload, Path):
        with upload.open("rb") as opened:
            return store(File(opened, name=upload.name), name=upload.name, now=now)
    return store(upload, name=upload.name or "file", now=now)


def store(content: "File[bytes]", *, name: str, now: datetime) -> StoredFile:
    """Write a file below the installation's folder; its name on disk says nothing."""
    digest = hashlib.sha256()
    for chunk in _chunks(content):
        digest.update(chunk)
    row = StoredFile(
        name=_short(name),
        size=content.size,
        sha256=digest.hexdigest(),
        created_at=now,
        updated_at=now,
    )
    row.file.save(str(row.id), content, save=False)
    row.save(force_insert=True)
    return row


def _chunks(content: "File[bytes]") -> Iterator[bytes]:
    content.seek(0)
    yield from content.chunks()
    content.seek(0)


def _short(name: str) -> str:
    """Cut a long name before its ending."""
    path = Path(Path(name).name)
    return f"{path.stem[:MAX_NAME]}{path.suffix[:10]}"


def open_source(job: ImportJob) -> Table:
    """Open the file of an import as it is to be read.

    :raises FileProblem: if it cannot be used
    """
    stored = job.source_file
    return open_table(
        stored.file.path,
        name=stored.name,
        encoding=job.encoding or None,
        sheet=job.sheet or None,
        # Its columns were found, so it was looked through, and what is stored does not change.
        is_proven=bool(job.columns),
    )


def list_sheets(job: ImportJob) -> list[str]:
    """Return the sheets of a workbook that still waits to be read; none for other files."""
    waits = job.state in (ImportJob.State.UPLOADED, ImportJob.State.CHECKED)
    if not (waits and job.sheet):
        return []
    try:
        with open_source(job) as table:
            return list(table.sheets)
    except FileProblem:
        return []
