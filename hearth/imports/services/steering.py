"""Pausing a file that is being written, going on, and giving it up."""

from datetime import datetime

from django.db import transaction

from hearth.core.actor import Actor
from hearth.imports.models import ImportJob
from hearth.imports.services.receiving import OPEN_STATES
from hearth.imports.services.reverting import queue_revert
from hearth.imports.services.steps import State, asked_by, kind_of, lock_job, lock_name, require_rights


@transaction.atomic
def pause_import(job: ImportJob, *, actor: Actor, now: datetime) -> ImportJob:
    """Stop writing a file after the batch at hand; what is written stays until it goes on or is given up.

    :raises NotAllowed: if the actor may not import this kind at this place
    :raises WrongImportState: unless it is being written
    """
    require_rights(actor, kind_of(job.kind), job.org_unit_id)
    job = lock_job(job, states=(State.COMMITTING,))
    job.state, job.updated_at = State.PAUSED, now
    job.save(update_fields=["state", "updated_at"])
    return job


@transaction.atomic
def resume_import(job: ImportJob, *, actor: Actor, now: datetime, is_queued: bool = True) -> ImportJob:
    """Go on writing a paused file behind its last batch; `is_queued=False` leaves the writing to the caller.

    :raises NotAllowed: if the actor may not import this kind at this place
    :raises WrongImportState: unless it is paused
    """
    from hearth.imports.jobs import commit  # noqa: PLC0415  (the job calls the services)

    require_rights(actor, kind_of(job.kind), job.org_unit_id)
    job = lock_job(job, states=(State.PAUSED,))
    job.state, job.updated_at, job.error_code, job.error_params = State.COMMITTING, now, "", {}
    job.run_started_at, job.run_started_rows = now, job.processed_rows
    job.save()
    if is_queued:
        commit.configure(lock=lock_name(job)).defer(job_id=str(job.pk), **asked_by(actor))
    return job


@transaction.atomic
def cancel_import(job: ImportJob, *, actor: Actor, now: datetime) -> ImportJob:
    """Give up a file; what is written of it already is taken back by a job.

    :raises NotAllowed: if the actor may not import this kind at this place
    :raises WrongImportState: once it is written in full
    """
    require_rights(actor, kind_of(job.kind), job.org_unit_id)
    job = lock_job(job, states=(*OPEN_STATES, State.CHECKING, State.COMMITTING, State.PAUSED))
    if job.written_batches:
        return queue_revert(job, actor=actor, now=now)
    job.state, job.updated_at = State.CANCELLED, now
    job.save(update_fields=["state", "updated_at"])
    return job
