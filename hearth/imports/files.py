"""Files on their way in and out, readable by the installation's user only."""

import hashlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, TypeAlias

from django.core.files import File
from django.core.files.uploadedfile import UploadedFile

from hearth.core.models import StoredFile
from hearth.core.uploads import TABLES, Accepted, accept_upload
from hearth.imports.models import ImportJob
from hearth.lib.file_kinds import clean_name
from hearth.lib.tabular import FileProblem, Table, open_table

MAX_BYTES = TABLES.most_bytes
Upload: TypeAlias = "UploadedFile[Any] | Path"


def store_upload(upload: Upload, *, now: datetime) -> StoredFile:
    """Keep a copy of a file of rows as it came.

    :raises FileTooLarge: if it is larger than 1 GB
    """
    if isinstance(upload, Path):
        with upload.open("rb") as opened:
            return store_accepted(accept_upload(File(opened, name=upload.name), TABLES), now=now)
    return store_accepted(accept_upload(upload, TABLES), now=now)


def store_accepted(accepted: Accepted, *, now: datetime) -> StoredFile:
    """Keep a file that somebody sent, after it was looked at."""
    return store(accepted.content, name=accepted.name, now=now)


def store(content: "File[bytes]", *, name: str, now: datetime) -> StoredFile:
    """Write a file of our own making below the installation's folder; its name on disk says nothing."""
    digest = hashlib.sha256()
    for chunk in _chunks(content):
        digest.update(chunk)
    row = StoredFile(
        name=clean_name(name),
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
