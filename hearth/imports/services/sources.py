"""Setting up where files are picked up from, and picking them up."""

import logging
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction
from django.utils import translation

from hearth.core.actor import Actor
from hearth.core.errors import DomainError, NotAllowed
from hearth.imports.errors import AlreadyImported, PlaceUnreachable, SecretMissing, UnknownKind
from hearth.imports.models import ImportJob, ImportSource
from hearth.imports.permissions import CHANGE_SOURCE
from hearth.imports.places import DONE, FAILED, Place, Waiting, folder_of, open_place
from hearth.imports.services.checking import begin_check, check_file
from hearth.imports.services.committing import commit_file, start_commit
from hearth.imports.services.receiving import receive_file
from hearth.imports.services.steering import resume_import
from hearth.imports.services.steps import State, actor_of_user, kind_of, require_rights
from hearth.imports.wording import explain_file
from hearth.organization.models import OrgUnit

logger = logging.getLogger(__name__)
# A file that was changed a moment ago may still be on its way.
SETTLED = timedelta(seconds=30)
# A secret is meant for one account of one server.
ADDRESS = ("way", "host", "port", "username", "host_key")


@dataclass(frozen=True, kw_only=True)
class SourcePlan:
    """What a person says of a source; an empty secret leaves the one that is kept, for the same account only."""

    name: str
    kind: str
    way: str
    path: str
    pattern: str = "*.csv"
    host: str = ""
    port: int = 22
    username: str = ""
    secret: str = ""
    host_key: str = ""
    minutes: int = 60
    good_rows_only: bool = False
    is_active: bool = True
    options: Mapping[str, bool] = field(default_factory=dict)


@transaction.atomic
def save_source(
    plan: SourcePlan, *, org_unit: OrgUnit, actor: Actor, now: datetime, source: ImportSource | None = None
) -> ImportSource:
    """Set up a source or change it; files are picked up with the rights of whoever saved it last.

    :raises NotAllowed: if the actor may not set up sources, or not import this kind, at this place
    :raises FolderOutside: if a folder of this server lies elsewhere than it may
    :raises SecretMissing: if SFTP lacks what it needs, or no secret is given for another account or server
    """
    kind = kind_of(plan.kind)
    actor.require(CHANGE_SOURCE, org_unit.pk)
    require_rights(actor, kind, org_unit.pk)
    kept = source or ImportSource(created_at=now)
    is_same_account = all(getattr(kept, name) == getattr(plan, name) for name in ADDRESS)
    secret = plan.secret or (kept.secret if is_same_account else "")
    if plan.way == ImportSource.Way.FOLDER:
        folder_of(plan.path, within=_own_folder(org_unit, actor))
    elif not (plan.host and plan.username and plan.host_key and secret):
        raise SecretMissing("secret")
    names = ("name", "kind", "way", "path", "pattern", "host", "port", "username", "host_key", "minutes")
    for name in (*names, "good_rows_only", "is_active"):
        setattr(kept, name, getattr(plan, name))
    kept.secret = secret
    kept.options = {option.name: bool(plan.options.get(option.name)) for option in kind.options}
    kept.org_unit, kept.set_up_by_id, kept.updated_at, kept.next_at = org_unit, actor.user_id, now, now
    kept.error_code = ""
    kept.save()
    return kept


def _own_folder(org_unit: OrgUnit, actor: Actor) -> str:
    """Return the folder of the inbox that an actor is bound to for a place; empty for the whole inbox."""
    return "" if actor.scope(CHANGE_SOURCE).everywhere else org_unit.code


@transaction.atomic
def delete_source(source: ImportSource, *, actor: Actor) -> None:
    """Forget a source with its secret; what it brought in stays.

    :raises NotAllowed: if the actor may not set up sources at its place
    """
    actor.require(CHANGE_SOURCE, source.org_unit_id)
    source.delete()


@transaction.atomic
def queue_pick_up(source: ImportSource, *, actor: Actor, now: datetime) -> None:
    """Have a source looked at by a job now.

    :raises NotAllowed: if the actor may not set up sources at its place
    """
    actor.require(CHANGE_SOURCE, source.org_unit_id)
    _defer(source, now=now)


@transaction.atomic
def queue_due_sources(*, now: datetime) -> int:
    """Queue the sources whose time has come, and return how many."""
    due = list(ImportSource.objects.due(now).select_for_update(skip_locked=True).order_by("next_at", "id"))
    for source in due:
        _defer(source, now=now)
    return len(due)


def _defer(source: ImportSource, *, now: datetime) -> None:
    from hearth.imports.jobs import pick_up  # noqa: PLC0415  (the job calls this module)

    source.next_at = now + timedelta(minutes=source.minutes)
    source.save(update_fields=["next_at"])
    # One after the other for each source: two workers must not hold the same file.
    pick_up.configure(lock=f"imports.source {source.pk}").defer(source_id=str(source.pk))


def pick_up_files(source_id: UUID, *, now: datetime) -> int:
    """Import every settled file of a source, move it, put its result beside, and return how many there were.

    May be repeated after a crash: a file that was begun goes on where it was, one that was written is only moved.
    """
    source = ImportSource.objects.select_related("org_unit", "set_up_by").filter(pk=source_id).first()
    if source is None or not source.is_active:
        return 0
    code, picked = "", 0
    try:
        actor = actor_of_user(source.set_up_by_id)
        with open_place(source, within=_own_folder(source.org_unit, actor)) as place:
            for waiting in place.waiting(source.pattern):
                if waiting.changed_at <= now - SETTLED:
                    _pick_up(source, place, waiting, actor=actor, now=now)
                    picked += 1
    except DomainError as error:
        logger.warning("Source %s was not picked up: %s", source.pk, error)
        code = PlaceUnreachable.code if isinstance(error, PlaceUnreachable) else error.code
    ImportSource.objects.filter(pk=source.pk).update(last_at=now, error_code=code[:60])
    return picked


def _pick_up(source: ImportSource, place: Place, waiting: Waiting, *, actor: Actor, now: datetime) -> None:
    language = source.set_up_by.language if source.set_up_by else translation.get_language()
    with tempfile.TemporaryDirectory() as folder, translation.override(language):
        local = Path(folder) / "file"
        place.fetch(waiting.name, local)
        job, reason = _try_to_bring_in(source, local, waiting.name, actor=actor, now=now)
        stamp = f"{now:%Y%m%dT%H%M%S}-{waiting.name}"
        outcome = DONE if job and job.state == State.DONE else FAILED
        if job and job.result_file:
            place.put(Path(job.result_file.file.path), outcome, f"{stamp}.result.csv")
        else:
            told = Path(folder) / "reason"
            told.write_text(f"{reason}\n", encoding="utf-8")
            place.put(told, outcome, f"{stamp}.txt")
        place.move(waiting.name, outcome, stamp)


def _try_to_bring_in(
    source: ImportSource, local: Path, name: str, *, actor: Actor, now: datetime
) -> tuple[ImportJob | None, str]:
    """Import a file and tell why where it is not written: whatever breaks, the files behind it have their turn."""
    try:
        job, reason = _bring_in(source, local, name, actor=actor, now=now)
    except (NotAllowed, UnknownKind, OSError, OperationalError, InterfaceError):
        # The rights, the disk or the database: no other file would fare better now.
        raise
    except DomainError as error:
        return None, str(error)
    except Exception:
        logger.exception("A file of source %s could not be imported", source.pk)
        return None, explain_file("interrupted", {})
    return job, reason or explain_file(job.error_code, job.error_params) or str(job.get_state_display())


def _bring_in(
    source: ImportSource, local: Path, name: str, *, actor: Actor, now: datetime
) -> tuple[ImportJob, str]:
    """Import a file as it is, or go on with an import that a crash cut off; tells why where it is not written."""
    named = local.rename(local.with_name(Path(name).name))
    job = receive_file(named, kind=source.kind, org_unit=source.org_unit, actor=actor, now=now)
    job.source, job.options = source, {**job.options, **source.options}
    job.save(update_fields=["source", "options"])
    if job.state == State.FAILED:
        return job, ""
    try:
        job = check_file(begin_check(job, actor=actor, now=now), actor=actor, now=now)
        if job.state != State.CHECKED:
            return job, ""
        job = start_commit(job, good_rows_only=source.good_rows_only, actor=actor, now=now, is_queued=False)
    except AlreadyImported as error:
        earlier = _begun_earlier(job)
        ImportJob.objects.filter(pk=job.pk).update(state=State.CANCELLED, updated_at=now)
        return (_go_on(earlier, actor=actor, now=now), "") if earlier else (job, str(error))
    except DomainError as error:
        return job, str(error)
    return commit_file(job, actor=actor, now=now), ""


def _begun_earlier(job: ImportJob) -> ImportJob | None:
    """Return the import of the same file at the same place that holds its name; one query."""
    same = ImportJob.objects.filter(
        source_file__sha256=job.source_file.sha256, kind=job.kind, org_unit=job.org_unit_id
    )
    held = same.filter(state__in=[State.COMMITTING, State.PAUSED, State.REVERTING, State.DONE])
    return held.select_related("result_file").order_by("created_at", "id").first()


def _go_on(job: ImportJob, *, actor: Actor, now: datetime) -> ImportJob:
    if job.state == State.PAUSED and job.error_code == "interrupted":
        job = resume_import(job, actor=actor, now=now, is_queued=False)
    return commit_file(job, actor=actor, now=now)
