"""Writing a checked file, batch by batch, so that it can be paused and goes on where a crash left it."""

import hashlib
import logging
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import formats, timezone, translation

from hearth.core.actor import Actor
from hearth.core.bulk import insert_many
from hearth.core.errors import DomainError
from hearth.core.events import record
from hearth.imports.errors import AlreadyImported, NothingToImport, RowsHaveProblems
from hearth.imports.events import FileImported
from hearth.imports.files import open_source
from hearth.imports.kinds import ImportContext, Loader, Written
from hearth.imports.mapping import read_sources
from hearth.imports.models import ImportJob, ImportRow, seal_before
from hearth.imports.reading import Batch, RowReader
from hearth.imports.results import ResultFile, forget_result
from hearth.imports.services.checking import find_issues
from hearth.imports.services.remembering import remember_mapping
from hearth.imports.services.reverting import revert_file, take_back_rest
from hearth.imports.services.steps import (
    State,
    asked_by,
    context_of,
    kind_of,
    lock_job,
    lock_name,
    name_of,
    require_rights,
)
from hearth.lib.tabular import FileProblem

logger = logging.getLogger(__name__)
ATTEMPTS = 3


class _Stopped(Exception):
    """The file was paused or given up, or another worker has taken it over."""


class _RowsTurnedBad(Exception):
    """Rows that passed the check no longer do."""


def start_commit(
    job: ImportJob, *, good_rows_only: bool, actor: Actor, now: datetime, is_queued: bool = True
) -> ImportJob:
    """Begin to write a checked file; `is_queued=False` leaves the writing to the caller.

    The mapping is remembered for the next file with these columns.

    :raises NotAllowed: if the actor may not import this kind at this place
    :raises WrongImportState: unless the file was checked
    :raises RowsHaveProblems: if rows are bad and the good ones alone were not asked for
    :raises NothingToImport: if no row is good
    :raises AlreadyImported: if the same file was imported before at this place
    """
    from hearth.imports.jobs import commit  # noqa: PLC0415  (the job calls this module)

    require_rights(actor, kind_of(job.kind), job.org_unit_id)
    fingerprint = _fingerprint(job)
    try:
        with transaction.atomic():
            job = lock_job(job, states=(State.CHECKED,))
            _require_good_rows(job, good_rows_only=good_rows_only)
            _refuse_second(fingerprint)
            job.state, job.fingerprint, job.good_rows_only = State.COMMITTING, fingerprint, good_rows_only
            job.processed_rows, job.updated_at = 0, now
            job.run_started_at, job.run_started_rows = now, 0
            job.error_code, job.error_params = "", {}
            job.save()
            remember_mapping(job, actor=actor, now=now)
            if is_queued:
                commit.configure(lock=lock_name(job)).defer(job_id=str(job.pk), **asked_by(actor))
    except IntegrityError as error:
        # Two people pressed the button in the same moment: the constraint let one of them through.
        _refuse_second(fingerprint)
        raise AlreadyImported(when="", who="") from error
    return job


def _fingerprint(job: ImportJob) -> str:
    """Return what makes a file the same file: its bytes, its kind and its place."""
    words = f"{job.source_file.sha256} {job.kind} {job.org_unit_id}"
    return hashlib.sha256(words.encode()).hexdigest()


def _require_good_rows(job: ImportJob, *, good_rows_only: bool) -> None:
    if job.bad_rows >= job.total_rows:
        raise NothingToImport
    if job.bad_rows and not good_rows_only:
        raise RowsHaveProblems(rows=job.bad_rows)


def _refuse_second(fingerprint: str) -> None:
    held = (State.COMMITTING, State.PAUSED, State.REVERTING, State.DONE)
    earlier = (
        ImportJob.objects.filter(fingerprint=fingerprint, state__in=held).select_related("created_by").first()
    )
    if earlier is not None:
        when = timezone.localtime(earlier.committed_at or earlier.updated_at)
        raise AlreadyImported(when=formats.date_format(when, "Y-m-d H:i"), who=name_of(earlier.created_by))


def commit_file(job: ImportJob, *, actor: Actor, now: datetime) -> ImportJob:
    """Write the good rows of a file that are not written yet, and say that it is done.

    Each batch of 2,000 rows is a transaction of its own, with what it says in the result and how far the file is;
    so this may be repeated, and each row is written once. If rows have turned bad since the check and the good ones
    alone were not asked for, what was written is taken back, and the file is checked anew; where a crash cut that off,
    the rest is taken back.
    """
    job = ImportJob.objects.select_related("source_file", "org_unit", "created_by").get(pk=job.pk)
    if job.state == State.REVERTING:
        return revert_file(job, actor=actor, now=now)
    if job.state != State.COMMITTING:
        return job
    language = job.created_by.language if job.created_by else translation.get_language()
    with translation.override(language):
        try:
            _write_patiently(job, actor=actor, now=now)
        except _Stopped:
            pass
        except _RowsTurnedBad:
            take_back_rest(job, code="rows_turned_bad", actor=actor, now=now)
        except (FileProblem, DomainError) as error:
            logger.warning("Import %s was refused while it was written: %s", job.pk, error)
            _pause(job, code=f"refused.{error.code}", now=now)
        except Exception:
            _pause(job, code="interrupted", now=now)
            raise
    return ImportJob.objects.get(pk=job.pk)


def _write_patiently(job: ImportJob, *, actor: Actor, now: datetime) -> None:
    """Write a file, and begin again behind the last batch when somebody else was faster with the same record."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            _write_file(job, actor=actor, now=now)
        except IntegrityError:
            if attempt == ATTEMPTS:
                raise
        else:
            return


def _write_file(job: ImportJob, *, actor: Actor, now: datetime) -> None:
    kind = kind_of(job.kind)
    require_rights(actor, kind, job.org_unit_id)
    job.refresh_from_db()
    context = context_of(job, kind, actor=actor, now=now)
    sources = read_sources(job.mapping, kind=kind, columns=job.columns)
    with open_source(job) as table, ResultFile(job, kind) as result:
        reader, loader, behind = RowReader(table, kind, sources), kind.loader(context), job.written_batches
        for number, batch in enumerate(reader.batches()):
            if number < behind:
                loader.recall(batch.rows, _written_records(job, batch))
            else:
                _write_batch(job, number, batch, reader, loader, result, context)
        _close(job, result, actor=actor, now=now)
    forget_result(job)


def _written_records(job: ImportJob, batch: Batch) -> Mapping[int, UUID]:
    """Return the records that the rows of an earlier batch became; one query."""
    rows = ImportRow.objects.filter(job=job, row__in=list(batch.cells)).values_list("row", "record_id")
    return {number: record_id for number, record_id in rows if record_id}


@transaction.atomic
def _write_batch(
    job: ImportJob,
    number: int,
    batch: Batch,
    reader: RowReader,
    loader: Loader,
    result: ResultFile,
    context: ImportContext,
) -> None:
    """Write one batch with its result, exactly once: the job's row is locked, and says which batch comes next."""
    current = ImportJob.objects.select_for_update(of=("self",)).get(pk=job.pk)
    if current.state != State.COMMITTING or current.written_batches != number:
        raise _Stopped
    good = find_issues(reader, loader, batch)
    bad = {issue.row for issue in batch.issues if not issue.is_warning}
    if bad and not current.good_rows_only:
        raise _RowsTurnedBad
    written = dict(zip((row.number for row in good), loader.write(good) if good else [], strict=True))
    _keep_rows(job, written, context)
    result.add(batch, written)
    outcomes = [each.outcome for each in written.values()]
    current.created_rows += outcomes.count("created")
    current.updated_rows += outcomes.count("updated")
    current.linked_rows += outcomes.count("linked")
    current.skipped_rows += outcomes.count("skipped")
    current.processed_rows += len(batch.cells) + len(batch.passed_over)
    current.bad_rows = len(bad) + (current.bad_rows if number else 0)
    current.written_batches, current.result_bytes = number + 1, result.size
    current.save()


def _keep_rows(job: ImportJob, written: Mapping[int, Written], context: ImportContext) -> None:
    insert_many(
        [
            ImportRow(
                job_id=job.pk,
                row=number,
                outcome=each.outcome,
                record_id=each.record_id,
                before_sealed=seal_before(each.before, each.record_id)
                if each.before and each.record_id
                else None,
                written_at=context.now,
            )
            for number, each in written.items()
        ]
    )


@transaction.atomic
def _close(job: ImportJob, result: ResultFile, *, actor: Actor, now: datetime) -> None:
    """Keep the result and mark the file as done."""
    current = ImportJob.objects.select_for_update(of=("self",)).get(pk=job.pk)
    if current.state != State.COMMITTING:
        raise _Stopped
    name = f"{Path(job.source_file.name).stem}-result.csv"
    current.result_file = result.keep(name=name, now=now)
    current.state, current.total_rows = State.DONE, current.processed_rows
    current.committed_at = current.updated_at = now
    current.save()
    event = FileImported(
        org_unit_id=current.org_unit_id,
        subject_id=current.pk,
        kind=current.kind,
        created_rows=current.created_rows,
        updated_rows=current.updated_rows,
        skipped_rows=current.skipped_rows,
        linked_rows=current.linked_rows,
    )
    record(event, actor=actor, now=now)


def _pause(job: ImportJob, *, code: str, now: datetime) -> None:
    """Leave a file where it is, with the reason; nothing of it is half written."""
    ImportJob.objects.filter(pk=job.pk, state=State.COMMITTING).update(
        state=State.PAUSED, error_code=code[:60], error_params={}, updated_at=now
    )
