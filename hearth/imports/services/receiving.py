"""Taking a file in, and saying how it is to be read."""

from collections.abc import Mapping
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import transaction

from hearth.core.actor import Actor
from hearth.imports.files import Upload, open_source, store_upload
from hearth.imports.kinds import ImportKind
from hearth.imports.mapping import guess_sources, read_sources
from hearth.imports.models import ImportJob
from hearth.imports.services.remembering import find_remembered
from hearth.imports.services.steps import State, kind_of, lock_job, note_refusal, require_rights
from hearth.lib.tabular import FileProblem
from hearth.lib.tabular_write import as_text
from hearth.organization.models import OrgUnit

GUESSED_FROM = 50
SHOWN_ROWS = 5
SHOWN_CELL = 80
OPEN_STATES = (State.UPLOADED, State.CHECKED, State.FAILED)


@transaction.atomic
def receive_file(
    upload: Upload,
    *,
    kind: str,
    org_unit: OrgUnit,
    actor: Actor,
    now: datetime,
    encoding: str = "",
    sheet: str = "",
) -> ImportJob:
    """Keep a file and say what its columns are: as they were read before at this place, else by a guess.

    A file that cannot be used is kept as well, with state `FAILED` and the reason, so that another encoding or
    sheet can be tried.

    :raises UnknownKind: if no app takes such files
    :raises NotAllowed: if the actor may not import this kind at this place
    """
    chosen = kind_of(kind)
    require_rights(actor, chosen, org_unit.pk)
    job = ImportJob(
        org_unit=org_unit,
        kind=kind,
        source_file=store_upload(upload, now=now),
        encoding=encoding,
        sheet=sheet,
        options={option.name: option.default for option in chosen.options},
        created_by_id=actor.user_id,
        created_at=now,
    )
    _look_into(job, chosen, now=now)
    job.save(force_insert=True)
    return job


@transaction.atomic
def change_reading(job: ImportJob, *, encoding: str, sheet: str, actor: Actor, now: datetime) -> ImportJob:
    """Read the same file anew in another encoding or from another sheet; the mapping is found again.

    :raises NotAllowed: if the actor may not import this kind at this place
    :raises WrongImportState: while it is checked or written, and afterwards
    """
    kind = kind_of(job.kind)
    require_rights(actor, kind, job.org_unit_id)
    job = lock_job(job, states=OPEN_STATES)
    job.encoding, job.sheet = encoding, sheet
    _look_into(job, kind, now=now)
    job.save()
    job.issues.all().delete()
    return job


def _look_into(job: ImportJob, kind: ImportKind, *, now: datetime) -> None:
    job.updated_at = now
    job.columns, job.sample_rows, job.mapping, job.total_rows = [], [], {}, 0
    try:
        with open_source(job) as table:
            samples = [row for _, row in islice(table.rows(), GUESSED_FROM)]
            job.columns, job.total_rows = list(table.columns), table.estimated_rows
            job.encoding, job.sheet = table.encoding or "", (table.sheet or "")[:100]
    except FileProblem as problem:
        note_refusal(job, problem, now=now)
        return
    job.sample_rows = [[as_text(cell)[:SHOWN_CELL] for cell in row] for row in samples[:SHOWN_ROWS]]
    remembered = find_remembered(job.org_unit_id, kind, job.columns)
    job.is_mapping_remembered = remembered is not None
    job.mapping = remembered.mapping if remembered else guess_sources(kind, job.columns, samples)
    if remembered:
        job.options = {**job.options, **remembered.options}
    job.state, job.error_code, job.error_params = State.UPLOADED, "", {}


@transaction.atomic
def change_mapping(
    job: ImportJob,
    mapping: Mapping[str, Mapping[str, Any]],
    options: Mapping[str, bool],
    *,
    actor: Actor,
    now: datetime,
) -> ImportJob:
    """Set where each field comes from and how the whole file is treated; an earlier check no longer counts.

    :raises NotAllowed: if the actor may not import this kind at this place
    :raises WrongImportState: while it is checked or written, and afterwards
    :raises BadMapping: for a field or column that does not exist
    """
    kind = kind_of(job.kind)
    require_rights(actor, kind, job.org_unit_id)
    job = lock_job(job, states=(State.UPLOADED, State.CHECKED))
    sources = read_sources(mapping, kind=kind, columns=job.columns)
    job.mapping = {name: source.as_json() for name, source in sources.items()}
    job.options = {option.name: bool(options.get(option.name, False)) for option in kind.options}
    job.state, job.error_code, job.error_params, job.updated_at = State.UPLOADED, "", {}, now
    job.save()
    return job
