"""Taking back what a file brought in: row by row, and never what somebody has changed since."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.core.files import File
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from hearth.core.actor import Actor
from hearth.core.events import record
from hearth.imports.events import ImportTakenBack
from hearth.imports.files import store
from hearth.imports.kinds import ImportKind, Reverter, WrittenRow
from hearth.imports.models import ImportJob, ImportRow
from hearth.imports.permissions import REVERT_IMPORT
from hearth.imports.results import forget_result
from hearth.imports.services.checking import check_file
from hearth.imports.services.steps import (
    State,
    asked_by,
    context_of,
    kind_of,
    lock_job,
    lock_name,
    require_rights,
)
from hearth.imports.wording import explain_reversal
from hearth.lib.tabular_write import write_csv

BATCH = 2_000
Reversal = ImportRow.Reversal


@transaction.atomic
def revert_import(job: ImportJob, *, actor: Actor, now: datetime, is_queued: bool = True) -> ImportJob:
    """Begin to take back a file that was written; `is_queued=False` leaves the work to the caller.

    One that is being taken back goes on, should the work have stopped.

    :raises NotAllowed: if the actor may not take back imports of this kind at this place
    :raises WrongImportState: unless the file is done, or being taken back
    """
    require_rights(actor, kind_of(job.kind), job.org_unit_id)
    actor.require(REVERT_IMPORT, job.org_unit_id)
    job = lock_job(job, states=(State.DONE, State.REVERTING))
    return queue_revert(job, actor=actor, now=now, is_queued=is_queued)


def queue_revert(job: ImportJob, *, actor: Actor, now: datetime, is_queued: bool = True) -> ImportJob:
    """Mark a locked file as being taken back and queue the work; a step of other acts, opens no transaction."""
    from hearth.imports.jobs import revert  # noqa: PLC0415  (the job calls this module)

    job.state, job.updated_at, job.error_code, job.error_params = State.REVERTING, now, "", {}
    job.run_started_at, job.run_started_rows = now, job.reverted_rows + job.kept_rows
    job.save()
    if is_queued:
        revert.configure(lock=lock_name(job)).defer(job_id=str(job.pk), **asked_by(actor))
    return job


def revert_file(job: ImportJob, *, actor: Actor, now: datetime) -> ImportJob:
    """Take back the rows of a file that are not taken back yet, the last one first, and say what became of each.

    Each batch is a transaction of its own, so this may be repeated after a crash.

    :raises NotAllowed: if the actor may no longer import such files at the place
    """
    job = ImportJob.objects.select_related("source_file", "org_unit", "created_by").get(pk=job.pk)
    if job.state != State.REVERTING:
        return job
    kind = kind_of(job.kind)
    language = job.created_by.language if job.created_by else translation.get_language()
    with translation.override(language), told_if_interrupted(job, now=now):
        require_rights(actor, kind, job.org_unit_id)
        _revert_rows(job, kind, actor=actor, now=now)
        _close(job, kind, actor=actor, now=now)
    forget_result(job)
    return ImportJob.objects.get(pk=job.pk)


@contextmanager
def told_if_interrupted(job: ImportJob, *, now: datetime) -> Iterator[None]:
    """Say on the file that the work has stopped, so that somebody lets it go on."""
    try:
        yield
    except Exception:
        stopped = ImportJob.objects.filter(pk=job.pk, state=State.REVERTING)
        stopped.update(error_code="interrupted", error_params={}, updated_at=now)
        raise


def _revert_rows(job: ImportJob, kind: ImportKind, *, actor: Actor, now: datetime) -> None:
    reverter = kind.reverter(context_of(job, kind, actor=actor, now=now))
    while _revert_batch(job, reverter):
        pass


@transaction.atomic
def _revert_batch(job: ImportJob, reverter: Reverter) -> bool:
    """Take back one batch and tell whether there was one."""
    current = ImportJob.objects.select_for_update(of=("self",)).get(pk=job.pk)
    if current.state != State.REVERTING:
        return False
    waiting = ImportRow.objects.filter(job=job, reversal=Reversal.NONE).exclude(outcome="skipped")
    rows = list(waiting.order_by("-row")[:BATCH])
    if not rows:
        return False
    reasons = reverter.revert([_written(row) for row in rows])
    for row, reason in zip(rows, reasons, strict=True):
        row.reversal = Reversal.REFUSED if reason else Reversal.DONE
        row.reason_code = reason[:30]
    ImportRow.objects.bulk_update(rows, ["reversal", "reason_code"])
    kept = sum(1 for reason in reasons if reason)
    current.kept_rows += kept
    current.reverted_rows += len(rows) - kept
    current.save(update_fields=["kept_rows", "reverted_rows"])
    return True


def _written(row: ImportRow) -> WrittenRow:
    if row.record_id is None:
        message = "A row that was written names its record."
        raise ValueError(message)
    outcome: str = row.outcome
    return WrittenRow(outcome, row.record_id, row.written_at, row.before)  # type: ignore[arg-type]


@transaction.atomic
def _close(job: ImportJob, kind: ImportKind, *, actor: Actor, now: datetime) -> None:
    current = lock_job(job, states=(State.REVERTING,))
    rows = ImportRow.objects.filter(job=job).exclude(outcome="skipped").order_by("row")
    columns = [_("Row"), _("Record"), _("Outcome"), _("Messages")]
    name = f"{Path(job.source_file.name).stem}-taken-back.csv"
    with tempfile.NamedTemporaryFile(suffix=".csv") as report:
        write_csv(Path(report.name), columns, (_line(row, kind) for row in rows.iterator(chunk_size=BATCH)))
        with Path(report.name).open("rb") as opened:
            current.revert_file = store(File(opened), name=name, now=now)
    current.state, current.updated_at, current.error_code = State.REVERTED, now, ""
    current.save()
    event = ImportTakenBack(
        org_unit_id=current.org_unit_id,
        subject_id=current.pk,
        kind=current.kind,
        reverted_rows=current.reverted_rows,
        kept_rows=current.kept_rows,
    )
    record(event, actor=actor, now=now)


def _line(row: ImportRow, kind: ImportKind) -> Sequence[str]:
    words = explain_reversal(row.reason_code, kind)
    return [str(row.row), str(row.record_id or ""), str(row.get_reversal_display()), words]


def take_back_rest(job: ImportJob, *, code: str, actor: Actor, now: datetime) -> ImportJob:
    """Take back the batches of a file that could not be finished, and check it anew.

    Where somebody has changed a row meanwhile, that row stays, and the file ends as taken back with its report.
    """
    with transaction.atomic():
        job = lock_job(job, states=(State.COMMITTING,))
        job.state, job.error_code = State.REVERTING, ""
        job.save(update_fields=["state", "error_code"])
    kind = kind_of(job.kind)
    with told_if_interrupted(job, now=now):
        _revert_rows(job, kind, actor=actor, now=now)
        job = ImportJob.objects.select_related("source_file", "org_unit").get(pk=job.pk)
        if job.kept_rows:
            _close(job, kind, actor=actor, now=now)
        else:
            _begin_anew(job, code=code, now=now)
            check_file(job, actor=actor, now=now)
    forget_result(job)
    return job


@transaction.atomic
def _begin_anew(job: ImportJob, *, code: str, now: datetime) -> None:
    job.rows.all().delete()
    job.state, job.updated_at, job.fingerprint, job.error_code = State.CHECKING, now, "", code
    job.created_rows = job.updated_rows = job.linked_rows = job.skipped_rows = 0
    job.written_batches = job.result_bytes = job.reverted_rows = job.kept_rows = job.processed_rows = 0
    job.save()
