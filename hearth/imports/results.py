"""The file that says what became of each row, written part by part so that a crash loses none of it."""

import csv
import io
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Self

from django.conf import settings
from django.core.files import File
from django.utils.translation import gettext as _
from django.utils.translation import override

from hearth.core.models import StoredFile
from hearth.imports.files import store
from hearth.imports.kinds import ImportKind, Written
from hearth.imports.models import ImportJob, ImportRow
from hearth.imports.reading import Batch, Issue
from hearth.imports.wording import explain, explain_reversal, name_outcome
from hearth.lib.tabular_write import as_text, write_csv

FOLDER = "importing"
CODED = ("row", "outcome", "id", "messages")
CODES = ("created", "updated", "linked", "skipped", "error")
REVERSALS: Mapping[str, str] = {ImportRow.Reversal.DONE: "reverted", ImportRow.Reversal.REFUSED: "kept"}
TOGETHER = 1_000


class ResultFile:
    """Collects the lines of a result in the language in force; use it in a `with`.

    The lines of a batch are on the disk before the batch is committed, and `size` is committed with it: what a
    crash left behind that size is cut off by whoever goes on.
    """

    def __init__(self, job: ImportJob, kind: ImportKind) -> None:
        """Go on behind what is committed, or begin a file with its header."""
        self._kind = kind
        self._columns = job.columns
        self._path = path_of(job)
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._file = self._path.open("r+b" if self._path.exists() else "w+b")
        self._file.truncate(job.result_bytes)
        self._file.seek(0, os.SEEK_END)
        self.size = job.result_bytes
        if not self.size:
            header = [_("Row"), _("Outcome"), _("Record"), _("Messages"), *job.columns]
            self._append([header], encoding="utf-8-sig")

    def __enter__(self) -> Self:
        """Return the file itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file; it stays until `keep` or `forget`."""
        self._file.close()

    def add(self, batch: Batch, written: Mapping[int, Written]) -> None:
        """Write one line for each row of a batch and bring it to the disk."""
        told: dict[int, list[Issue]] = {}
        for issue in batch.issues:
            told.setdefault(issue.row, []).append(issue)
        numbers = sorted({*written, *told})
        self._append(
            [self._line(number, batch, written.get(number), told.get(number, [])) for number in numbers]
        )
        os.fsync(self._file.fileno())

    def _line(self, number: int, batch: Batch, written: Written | None, issues: Sequence[Issue]) -> list[str]:
        messages = "; ".join(self._message(issue) for issue in issues)
        if written:
            return [str(number), name_outcome(written.outcome), str(written.record_id or ""), messages]
        is_passed_over = all(issue.is_warning for issue in issues)
        cells = [] if is_passed_over else [as_text(cell) for cell in batch.cells.get(number, [])]
        outcome = name_outcome("skipped" if is_passed_over else "error")
        return [str(number), outcome, "", messages, *cells]

    def _message(self, issue: Issue) -> str:
        words = explain(issue, self._kind)
        return f"{issue.column}: {words}" if issue.column else words

    def _append(self, lines: Sequence[Sequence[str]], *, encoding: str = "utf-8") -> None:
        if not lines:
            return
        text = io.StringIO(newline="")
        # Without a header of its own, this adds to what stands.
        write_csv(text, lines[0], lines[1:])
        self._file.write(text.getvalue().encode(encoding))
        self._file.flush()
        self.size = self._file.tell()

    def keep(self, *, name: str, now: datetime) -> StoredFile:
        """Store what was collected."""
        with self._path.open("rb") as opened:
            return store(File(opened), name=name, now=now)


def path_of(job: ImportJob) -> Path:
    """Return where the lines of an import are collected while it runs."""
    return Path(settings.MEDIA_ROOT) / FOLDER / f"{job.pk}.csv"


def forget_result(job: ImportJob) -> None:
    """Delete what was collected, once it is kept or no longer wanted."""
    path_of(job).unlink(missing_ok=True)


def coded_result(stored: StoredFile) -> Iterator[bytes]:
    """Yield a kept result as CSV for programs, part by part: outcomes as codes, messages as they were said."""
    codes = {word: code for language, _name in settings.LANGUAGES for word, code in _words_in(language)}
    with stored.file.open("rb") as kept, io.TextIOWrapper(kept, "utf-8-sig", newline="") as text:
        lines = csv.reader(text)
        next(lines)
        yield from _as_csv((line[0], codes.get(line[1], line[1]), *line[2:4]) for line in lines)


def _words_in(language: str) -> Iterable[tuple[str, str]]:
    with override(language):
        return [(name_outcome(code), code) for code in CODES]


def coded_report(job: ImportJob, kind: ImportKind) -> Iterator[bytes]:
    """Yield what became of each row when a file was taken back, as CSV for programs, part by part."""
    rows = ImportRow.objects.filter(job=job).exclude(outcome="skipped").order_by("row")
    return _as_csv(
        (str(row.row), REVERSALS[row.reversal], str(row.record_id), explain_reversal(row.reason_code, kind))
        for row in rows.exclude(reversal=ImportRow.Reversal.NONE).iterator(chunk_size=TOGETHER)
    )


def _as_csv(lines: Iterable[Sequence[str]]) -> Iterator[bytes]:
    yield _encoded([CODED])
    left = iter(lines)
    while some := list(islice(left, TOGETHER)):
        yield _encoded(some)


def _encoded(lines: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(lines)
    return text.getvalue().encode()
