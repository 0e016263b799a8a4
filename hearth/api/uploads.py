"""Files that programs send: streamed to the disk, and refused as early as it can be known."""

import hashlib
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from django.core.files.uploadedfile import TemporaryUploadedFile
from django.http import HttpRequest

from hearth.api.problems import Problem
from hearth.api.validation import FieldError
from hearth.imports.files import MAX_BYTES
from hearth.imports.wording import explain_file
from hearth.lib.tabular import FileProblem, refuse_what_is_no_table

PART = 256 * 1024
MEDIA_TYPES = (
    "text/csv",
    "text/plain",
    "text/tab-separated-values",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/x-ndjson",
    "application/vnd.apache.parquet",
    "application/gzip",
    "application/zip",
    "application/octet-stream",
)


@dataclass(frozen=True)
class Upload:
    """A file that came in whole; use it in a `with`, it is gone afterwards unless it was stored."""

    file: TemporaryUploadedFile
    digest: bytes

    def __enter__(self) -> Self:
        """Return the upload itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Forget what was not stored."""
        self.file.close()


def receive_table(request: HttpRequest, *, name: str) -> Upload:
    """Keep the body of a request as a file; at most one part of it is in memory at a time.

    :raises Problem: 411, 413 or 415 before more than the first part is read; 400 if the body breaks off
    """
    if request.content_type not in MEDIA_TYPES:
        raise _unsupported()
    length = request.headers.get("Content-Length", "")
    if not length.isdecimal():
        raise Problem("length_required")
    size = int(length)
    if size > MAX_BYTES:
        raise Problem("body_too_large", extra={"largest": MAX_BYTES})
    file: Any = TemporaryUploadedFile(name, request.content_type, size, None)
    try:
        return Upload(file, _write(request, file, size))
    except BaseException:
        file.close()
        raise


def _write(request: HttpRequest, file: TemporaryUploadedFile, size: int) -> bytes:
    """Write the body part by part, and return its digest."""
    digest, written = hashlib.sha256(), 0
    while part := request.read(PART):
        if not written:
            _refuse_other_kinds(part)
        digest.update(part)
        file.write(part)
        written += len(part)
    if written != size:
        raise Problem("malformed_body")
    file.seek(0)
    return digest.digest()


def _refuse_other_kinds(start: bytes) -> None:
    try:
        refuse_what_is_no_table(start)
    except FileProblem as problem:
        words = explain_file(f"file.{problem.code}", problem.params)
        raise _unsupported(FieldError("", problem.code, words, problem.params)) from problem


def _unsupported(*errors: FieldError) -> Problem:
    return Problem("unsupported_media_type", errors=errors, headers={"Accept-Post": ", ".join(MEDIA_TYPES)})
