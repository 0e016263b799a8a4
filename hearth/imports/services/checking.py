"""Looking through a whole file without writing a row of it."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from hearth.core.actor import Actor
from hearth.core.errors import DomainError
from hearth.imports.files import open_source
from hearth.imports.kinds import ImportKind, Loader, Row
from hearth.imports.mapping import read_sources, require_complete
from hearth.imports.models import ImportJob
from hearth.imports.progress import progress_of
from hearth.imports.reading import Batch, Issue, RowReader
from hearth.imports.services.steps import (
    KEPT_ISSUES,
    State,
    asked_by,
    context_of,
    kind_of,
    lock_job,
    lock_name,
    note_refusal,
    replace_issues,
    require_rights,
)
from hearth.lib.tabular import FileProblem

INLINE_ROWS = 2_000


@dataclass
class Tally:
    """What was found so far in a file; the first thousand issues are kept, all are counted."""

    issues: list[Issue] = field(default_factory=list)
    issue_count: int = 0
    total_rows: int = 0
    bad_rows: int = 0

    def add(self, batch: Batch, issues: list[Issue]) -> set[int]:
        """Count a batch and return the numbers of its rows that are kept out."""
        bad = {issue.row for issue in issues if not issue.is_warning}
        self.issues.extend(issues[: KEPT_ISSUES - len(self.issues)])
        self.issue_count += len(issues)
        self.total_rows += len(batch.cells) + len(batch.passed_over)
        self.bad_rows += len(bad)
        return bad


def start_check(job: ImportJob, *, actor: Actor, now: datetime, inline_rows: int = INLINE_ROWS) -> ImportJob:
    """Check a file: a small one at once, a larger one by a job.

    Within a transaction of the caller it must be a job (`inline_rows=0`): how far it is, is told by another connection.

    :raises NotAllowed, WrongImportState, FieldsNotMapped: as `begin_check`
    """
    from hearth.imports.jobs import check  # noqa: PLC0415  (the job calls this module)

    with transaction.atomic():
        job = begin_check(job, actor=actor, now=now)
        is_small = job.total_rows <= inline_rows
        if not is_small:
            check.configure(lock=lock_name(job)).defer(job_id=str(job.pk), **asked_by(actor))
    return check_file(job, actor=actor, now=now) if is_small else job


@transaction.atomic
def begin_check(job: ImportJob, *, actor: Actor, now: datetime) -> ImportJob:
    """Mark a file as being checked; who calls this sees to it that `check_file` follows.

    :raises NotAllowed: if the actor may not import this kind at this place
    :raises WrongImportState: while it is checked or written, and afterwards
    :raises FieldsNotMapped: if a required field has no source
    """
    kind = kind_of(job.kind)
    require_rights(actor, kind, job.org_unit_id)
    job = lock_job(job, states=(State.UPLOADED, State.CHECKED))
    require_complete(read_sources(job.mapping, kind=kind, columns=job.columns), kind=kind)
    job.state, job.processed_rows, job.updated_at = State.CHECKING, 0, now
    job.run_started_at, job.run_started_rows = now, 0
    job.error_code, job.error_params = "", {}
    job.save()
    return job


def check_file(job: ImportJob, *, actor: Actor, now: datetime) -> ImportJob:
    """Read every row and store what is wrong; nothing else is written, and it may be repeated.

    A file that is not being checked (any more) is left alone.
    """
    job = ImportJob.objects.select_related("source_file", "org_unit").get(pk=job.pk)
    if job.state != State.CHECKING:
        return job
    kind, tally = kind_of(job.kind), Tally()
    try:
        _check_rows(job, kind, tally, actor=actor, now=now)
    except FileProblem as problem:
        return _finish(job, tally, now=now, refusal=problem)
    except DomainError as error:
        return _finish(job, tally, now=now, refusal=error)
    except Exception:
        _finish(job, tally, now=now, interrupted=True)
        raise
    return _finish(job, tally, now=now)


def _check_rows(job: ImportJob, kind: ImportKind, tally: Tally, *, actor: Actor, now: datetime) -> None:
    sources = read_sources(job.mapping, kind=kind, columns=job.columns)
    with progress_of(job) as show, open_source(job) as table:
        reader = RowReader(table, kind, sources)
        loader = kind.loader(context_of(job, kind, actor=actor, now=now))
        for batch in reader.batches():
            find_issues(reader, loader, batch)
            tally.add(batch, batch.issues)
            show(tally.total_rows)


def find_issues(reader: RowReader, loader: Loader, batch: Batch) -> list[Row]:
    """Let the loader look at a batch: its issues are added, and the rows without an error returned."""
    found = reader.issues_of(list(loader.check(batch.rows)) if batch.rows else [], batch)
    bad = {issue.row for issue in found if not issue.is_warning}
    batch.issues = sorted([*batch.issues, *found], key=lambda issue: issue.row)
    return [row for row in batch.rows if row.number not in bad]


@transaction.atomic
def _finish(
    job: ImportJob,
    tally: Tally,
    *,
    now: datetime,
    refusal: FileProblem | DomainError | None = None,
    interrupted: bool = False,
) -> ImportJob:
    current = ImportJob.objects.select_for_update(of=("self",)).get(pk=job.pk)
    if current.state != State.CHECKING:
        return current
    replace_issues(current, tally.issues)
    current.state, current.updated_at = State.CHECKED, now
    current.total_rows, current.bad_rows = tally.total_rows, tally.bad_rows
    current.processed_rows, current.issue_count = tally.total_rows, tally.issue_count
    if isinstance(refusal, FileProblem):
        note_refusal(current, refusal, now=now)
    elif refusal is not None:
        current.state = State.UPLOADED
        current.error_code = refusal.code
        current.error_params = {name: str(value) for name, value in refusal.params.items()}
    elif interrupted:
        current.state, current.error_code = State.UPLOADED, "interrupted"
    current.save()
    return current
