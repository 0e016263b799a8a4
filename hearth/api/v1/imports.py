"""Operations on files that bring in many records: look, correct, write, take back."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Router

from hearth.api.endpoints import FileReply, Intake, Manner, Operation, Reply, endpoint
from hearth.api.envelope import NoFields, Page
from hearth.api.guard import BULK
from hearth.api.listing import list_rows
from hearth.api.problems import Problem, UnknownReference
from hearth.api.uploads import MEDIA_TYPES, Upload, receive_table
from hearth.api.v1 import import_examples as examples
from hearth.api.v1.import_reading import (
    read_findings,
    read_import,
    read_kind,
    read_line,
    readable_imports,
    version_of,
)
from hearth.api.v1.import_schemas import (
    FindingList,
    FindingQuery,
    ImportChange,
    ImportKindList,
    ImportList,
    ImportQuery,
    ImportRecord,
    ImportToCommit,
    ImportToStart,
)
from hearth.api.v1.versions import require_version
from hearth.api.validation import FieldError
from hearth.core.actor import Actor
from hearth.core.errors import DomainError
from hearth.core.permissions import actor_of
from hearth.imports.errors import UnknownKind
from hearth.imports.kinds import import_kinds
from hearth.imports.mapping import BadMapping
from hearth.imports.models import ImportJob
from hearth.imports.permissions import REVERT_IMPORT, RUN_IMPORT
from hearth.imports.results import coded_report, coded_result
from hearth.imports.selectors import kinds_for, places_for
from hearth.imports.services import (
    cancel_import,
    change_mapping,
    change_reading,
    pause_import,
    receive_file,
    resume_import,
    revert_import,
    start_check,
    start_commit,
)
from hearth.imports.services.steps import kind_of, require_rights
from hearth.organization.models import OrgUnit

router = Router(tags=["imports"])
IN_BULK, CSV_FILE = Manner(allowance=BULK), Manner(gives="text/csv", allowance=BULK)
ADDRESS = "/jobs/import/{uuid:job_id}"


def _step(name: str, summary: str, *, permission: str = RUN_IMPORT) -> Callable[[Operation], Operation]:
    """Declare a step that a person or program lets an import take; it takes no fields and gives the import."""
    return endpoint(
        router,
        f"POST {ADDRESS}/{name}",
        permission=permission,
        returns=ImportRecord,
        summary=summary,
        example=examples.IMPORT,
        body_example={},
        problems=(404,),
        manner=IN_BULK,
    )


def _receive(request: HttpRequest, query: ImportToStart) -> Upload:
    """Take the file in once it is sure that the caller may bring in such files there."""
    _kind_and_place(query, actor_of(request))
    return receive_table(request, name=query.name or query.kind)


def _kind_and_place(query: ImportToStart, actor: Actor) -> OrgUnit:
    """Return the place of a file.

    :raises Problem: 400 if there is no such kind or place
    :raises NotAllowed: if the actor may not bring in such files there
    """
    place = places_for(actor, RUN_IMPORT).filter(code=query.org_unit).first()
    if query.kind not in import_kinds:
        raise _no_such("kind", UnknownKind)
    if place is None:
        raise _no_such("org_unit", UnknownReference)
    require_rights(actor, kind_of(query.kind), place.pk)
    return place


def _no_such(parameter: str, reason: type[DomainError]) -> Problem:
    return Problem("invalid_parameter", errors=[FieldError(parameter, reason.code, str(reason.message))])


@endpoint(
    router,
    "GET /jobs/import/kinds",
    permission=RUN_IMPORT,
    returns=ImportKindList,
    summary="List kinds of files",
    example=examples.KINDS,
    manner=IN_BULK,
)
def list_import_kinds(request: HttpRequest) -> Reply:
    """What files may hold that the caller may bring in, with the fields a column can fill; never more than a page."""
    kinds = [read_kind(kind.whole()) for kind in kinds_for(actor_of(request))]
    return Reply(
        ImportKindList(data=kinds, page=Page(next=None, limit=len(kinds), estimated_total=len(kinds)))
    )


@endpoint(
    router,
    "POST /jobs/import",
    permission=RUN_IMPORT,
    returns=ImportRecord,
    summary="Bring in a file",
    example=examples.IMPORT,
    parameters=ImportToStart,
    problems=(411,),
    manner=Manner(takes=Intake(_receive, MEDIA_TYPES), allowance=BULK),
)
def post_import(request: HttpRequest, query: Query[ImportToStart]) -> Reply:
    """Send a file of at most 1 GB as the body: CSV, XLSX, NDJSON or Parquet, also in gzip or alone in a ZIP archive.

    Its content tells what it is. Nothing of it is written: the answer guesses what each column means. A file that
    cannot be read as it is comes back as `failed` with its trouble, and may be read in another encoding.
    """
    place, upload = _kind_and_place(query, actor_of(request)), request.upload  # type: ignore[attr-defined]
    job = receive_file(
        upload.file,
        kind=query.kind,
        org_unit=place,
        encoding=query.encoding,
        sheet=query.sheet,
        actor=actor_of(request),
        now=timezone.now(),
    )
    return _reply(request, job.pk, status=201)


@endpoint(
    router,
    "GET /jobs/import",
    permission=RUN_IMPORT,
    returns=ImportList,
    summary="List imports",
    example=examples.IMPORTS,
    parameters=ImportQuery,
    manner=IN_BULK,
)
def list_imports(request: HttpRequest, query: Query[ImportQuery]) -> Reply:
    """Files that came in where the caller may bring in such files, the newest first."""
    rows, now = readable_imports(actor_of(request)), timezone.now()
    found = list_rows(request, query, rows, order=query.sort)
    return Reply(ImportList(data=[read_line(row, now=now) for row in found.rows], page=found.page))


@endpoint(
    router,
    f"GET {ADDRESS}",
    permission=RUN_IMPORT,
    returns=ImportRecord,
    summary="Get an import",
    example=examples.IMPORT,
    problems=(404,),
    manner=Manner(revalidates=True, allowance=BULK),
)
def get_import(request: HttpRequest, job_id: UUID) -> Reply:
    """How a file is read, what was found, and how far it is. Ask again with `If-None-Match` while it runs."""
    return _reply(request, job_id)


@endpoint(
    router,
    f"PATCH {ADDRESS}",
    permission=RUN_IMPORT,
    returns=ImportRecord,
    summary="Say how a file is read",
    example=examples.IMPORT,
    body_example=examples.IMPORT_CHANGE,
    headers={
        "If-Match": "The ETag of the import as the caller knows it; without it, any version is changed."
    },
    problems=(404, 412),
    manner=IN_BULK,
)
def patch_import(request: HttpRequest, job_id: UUID, body: ImportChange) -> Reply:
    """Choose encoding, sheet, columns and options before the file is written; a preview made earlier counts no more.

    Another encoding or sheet begins anew: the columns are guessed again, unless `mapping` comes with it.
    """
    job, actor, now = _job(request, job_id), actor_of(request), timezone.now()
    require_version(request, version_of(job), lambda: _changed_meanwhile(request, job_id), is_demanded=False)
    given = body.model_fields_set
    if given & {"encoding", "sheet"}:
        encoding = body.encoding if "encoding" in given else job.encoding
        sheet = body.sheet if "sheet" in given else job.sheet
        job = change_reading(job, encoding=encoding, sheet=sheet, actor=actor, now=now)
    if given & {"mapping", "options"}:
        stated = {name: source.model_dump(exclude_none=True) for name, source in body.mapping.items()}
        mapping = stated if "mapping" in given else job.mapping
        try:
            change_mapping(job, mapping, {**job.options, **body.options}, actor=actor, now=now)
        except BadMapping as error:
            error.field = f"mapping/{error.field}"
            raise
    return _reply(request, job_id)


@_step("preview", "Look through a file")
def post_import_preview(request: HttpRequest, job_id: UUID, body: NoFields) -> Reply:
    """Check every row and write none. The state is `checking`, then `checked`; `…/findings` tells what was found."""
    job = _job(request, job_id)
    start_check(job, actor=actor_of(request), now=timezone.now(), inline_rows=0)
    return _reply(request, job_id, status=201)


@endpoint(
    router,
    f"GET {ADDRESS}/findings",
    permission=RUN_IMPORT,
    returns=FindingList,
    summary="List what was found in a file",
    example=examples.FINDINGS,
    parameters=FindingQuery,
    problems=(404,),
    manner=IN_BULK,
)
def list_findings(request: HttpRequest, job_id: UUID, query: Query[FindingQuery]) -> Reply:
    """What is wrong with which row, and who may be recorded already, by row; the first thousand are kept."""
    job = _job(request, job_id)
    found = list_rows(request, query, job.issues.all(), order="row")
    findings = read_findings(found.rows, kind_of(job.kind), actor_of(request))
    return Reply(FindingList(data=findings, page=found.page))


@endpoint(
    router,
    f"POST {ADDRESS}/commit",
    permission=RUN_IMPORT,
    returns=ImportRecord,
    summary="Write a file",
    example=examples.IMPORT,
    body_example=examples.IMPORT_TO_COMMIT,
    problems=(404,),
    manner=IN_BULK,
)
def post_import_commit(request: HttpRequest, job_id: UUID, body: ImportToCommit) -> Reply:
    """Write all rows of a file that was looked through, or the good ones only; refused where rows have problems.

    The same file is written once at a place. The state is `committing` until it is `done`.
    """
    return _act(request, job_id, start_commit, good_rows_only=body.good_rows_only)


@_step("pause", "Pause an import")
def post_import_pause(request: HttpRequest, job_id: UUID, body: NoFields) -> Reply:
    """Stop writing behind the rows at hand; what is written stays."""
    return _act(request, job_id, pause_import)


@_step("resume", "Go on with an import")
def post_import_resume(request: HttpRequest, job_id: UUID, body: NoFields) -> Reply:
    """Go on behind the last row that was written."""
    return _act(request, job_id, resume_import)


@_step("cancel", "Give up an import")
def post_import_cancellation(request: HttpRequest, job_id: UUID, body: NoFields) -> Reply:
    """Give up a file that is not written in full; rows that are written already are taken back."""
    return _act(request, job_id, cancel_import)


@_step("revert", "Take an import back", permission=REVERT_IMPORT)
def post_import_reversal(request: HttpRequest, job_id: UUID, body: NoFields) -> Reply:
    """Undo what a file created and changed, row by row; what somebody touched since stays, `revert.csv` says why."""
    return _act(request, job_id, revert_import)


@endpoint(
    router,
    f"GET {ADDRESS}/result.csv",
    permission=RUN_IMPORT,
    summary="Get the result of an import",
    example=examples.RESULT,
    problems=(404,),
    manner=CSV_FILE,
)
def get_import_result(request: HttpRequest, job_id: UUID) -> FileReply:
    """What became of each row: `created`, `updated`, `linked`, `skipped` or `error`, the record and messages.

    It is there once the file is written.
    """
    job = _job(request, job_id)
    if job.result_file is None:
        raise Http404
    return FileReply(coded_result(job.result_file), f"{job_id}-result.csv")


@endpoint(
    router,
    f"GET {ADDRESS}/revert.csv",
    permission=RUN_IMPORT,
    summary="Get the report of taking back",
    example=examples.REPORT,
    problems=(404,),
    manner=CSV_FILE,
)
def get_import_report(request: HttpRequest, job_id: UUID) -> FileReply:
    """Which rows were `reverted`, which were `kept` and why; it is there once the file was taken back."""
    job = _job(request, job_id)
    if job.revert_file_id is None:
        raise Http404
    return FileReply(coded_report(job, kind_of(job.kind)), f"{job_id}-revert.csv")


def _job(request: HttpRequest, job_id: UUID) -> ImportJob:
    return get_object_or_404(readable_imports(actor_of(request)).select_related("result_file"), pk=job_id)


def _act(request: HttpRequest, job_id: UUID, act: Callable[..., ImportJob], **given: Any) -> Reply:
    """Do one act on an import and answer how it stands then."""
    act(_job(request, job_id), **given, actor=actor_of(request), now=timezone.now())
    return _reply(request, job_id, status=201)


def _reply(request: HttpRequest, job_id: UUID, *, status: int = 200) -> Reply:
    job = _job(request, job_id)
    headers = {"ETag": version_of(job)}
    if status == 201:
        headers["Location"] = f"/api/v1/jobs/import/{job_id}"
    return Reply(read_import(job, now=timezone.now()), status, headers, is_tagged_whole=True)


def _changed_meanwhile(request: HttpRequest, job_id: UUID) -> Problem:
    reply = _reply(request, job_id)
    return Problem(
        "version_changed", extra={"current": reply.body.model_dump(mode="json")}, headers=reply.headers
    )
