"""The list of imports and the wizard."""

from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from django.core.files.base import ContentFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hearth.core.actor import Actor
from hearth.core.errors import DomainError
from hearth.core.htmx import REFUSED, SUCCESS, go_to, page
from hearth.core.models import StoredFile
from hearth.core.permissions import actor_of, requires
from hearth.imports.errors import FileOfAnother
from hearth.imports.files import list_sheets
from hearth.imports.forms import ENCODINGS, UploadForm, read_mapping
from hearth.imports.kinds import import_kinds
from hearth.imports.models import ImportJob
from hearth.imports.permissions import CHANGE_SOURCE, REVERT_IMPORT, RUN_IMPORT
from hearth.imports.selectors import (
    STEP_OF,
    STEPS,
    has_reversal_stopped,
    import_page,
    imports_for,
    is_running,
    issue_page,
    kinds_for,
    line_of,
    mapped_fields,
    progress_of_job,
    samples_of,
)
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
from hearth.imports.services.steps import kind_of
from hearth.imports.templates_of_kinds import template_of
from hearth.imports.wording import explain_file

State = ImportJob.State


class Act(Protocol):
    """Something done to an import by a button."""

    def __call__(self, job: ImportJob, *, actor: Actor, now: datetime) -> ImportJob: ...


def _job(request: HttpRequest, pk: UUID) -> ImportJob:
    rows = imports_for(actor_of(request)).select_related(
        "org_unit", "created_by", "source_file", "result_file", "revert_file"
    )
    return get_object_or_404(rows, pk=pk)


@requires(RUN_IMPORT)
def import_list(request: HttpRequest) -> HttpResponse:
    state = request.GET.get("state", "")
    lines, next_cursor = import_page(actor_of(request), state=state, cursor=request.GET.get("cursor", ""))
    context = {
        "lines": lines,
        "next_cursor": next_cursor,
        "state": state,
        "states": State.choices,
        "can_pick_up": actor_of(request).can(CHANGE_SOURCE),
    }
    return page(request, "imports/list.html", context, parts=["import-list"])


@requires(RUN_IMPORT, methods=("GET", "HEAD", "POST"))
def new_import(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    if request.method != "POST":
        form = UploadForm(actor=actor, initial={"kind": request.GET.get("kind", "")})
        return page(request, "imports/new.html", {"form": form})
    form = UploadForm(request.POST, request.FILES, actor=actor)
    refusal: str | DomainError = ""
    if form.is_valid():
        given = form.cleaned_data
        try:
            job = receive_file(
                given["file"],
                kind=given["kind"],
                org_unit=given["place"],
                encoding=given["encoding"],
                actor=actor,
                now=timezone.now(),
            )
        except DomainError as error:
            refusal = error
        else:
            if job.state != State.FAILED:
                return go_to(request, reverse("imports:detail", args=[job.pk]))
            refusal = explain_file(job.error_code, job.error_params)
    return page(request, "imports/new.html", {"form": form, "refusal": refusal}, status=REFUSED)


@requires(RUN_IMPORT)
def import_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    job = _job(request, pk)
    if request.headers.get("HX-Target") == "progress" and not is_running(job):
        return go_to(request, reverse("imports:detail", args=[job.pk]))
    return _wizard(request, job)


def _wizard(
    request: HttpRequest, job: ImportJob, *, refusal: DomainError | None = None, status: int = SUCCESS
) -> HttpResponse:
    kind = kind_of(job.kind)
    issues, next_cursor = issue_page(job, kind, cursor=request.GET.get("cursor", ""))
    context: dict[str, Any] = {
        "job": job,
        "line": line_of(job),
        "kind": kind,
        "steps": STEPS,
        "step": STEP_OF[job.state],
        "is_open": job.state in (State.UPLOADED, State.CHECKED),
        "is_running": is_running(job),
        "fields": mapped_fields(job, kind),
        "samples": samples_of(job),
        "options": [(option, job.options.get(option.name, option.default)) for option in kind.options],
        "encodings": ENCODINGS,
        "issues": issues,
        "next_cursor": next_cursor,
        "sheets": list_sheets(job),
        "good_rows": max(job.total_rows - job.bad_rows, 0),
        "progress": progress_of_job(job, now=timezone.now()),
        "can_revert": (job.state == State.DONE or has_reversal_stopped(job))
        and actor_of(request).can(REVERT_IMPORT, job.org_unit_id),
        "stopped": explain_file(job.error_code, job.error_params),
        "refusal": refusal,
        "is_own": job.created_by_id == actor_of(request).user_id,
    }
    return page(request, "imports/wizard.html", context, parts=["progress", "issues"], status=status)


@requires(RUN_IMPORT, methods=("POST",))
def read_again(request: HttpRequest, pk: UUID) -> HttpResponse:
    job, encoding = _job(request, pk), request.POST.get("encoding", "")
    sheet = request.POST.get("sheet", "")
    try:
        change_reading(job, encoding=encoding, sheet=sheet, actor=actor_of(request), now=timezone.now())
    except DomainError as error:
        return _wizard(request, job, refusal=error, status=REFUSED)
    return go_to(request, reverse("imports:detail", args=[pk]))


@requires(RUN_IMPORT, methods=("POST",))
def map_and_check(request: HttpRequest, pk: UUID) -> HttpResponse:
    job, actor, now = _job(request, pk), actor_of(request), timezone.now()
    kind = kind_of(job.kind)
    options = {option.name: f"option-{option.name}" in request.POST for option in kind.options}
    try:
        job = change_mapping(job, read_mapping(request.POST, kind), options, actor=actor, now=now)
        start_check(job, actor=actor, now=now)
    except DomainError as error:
        return _wizard(request, _job(request, pk), refusal=error, status=REFUSED)
    return go_to(request, reverse("imports:detail", args=[pk]))


@requires(RUN_IMPORT, methods=("POST",))
def commit_import(request: HttpRequest, pk: UUID) -> HttpResponse:
    job, good_rows_only = _job(request, pk), "good_rows_only" in request.POST
    try:
        start_commit(job, good_rows_only=good_rows_only, actor=actor_of(request), now=timezone.now())
    except DomainError as error:
        return _wizard(request, job, refusal=error, status=REFUSED)
    return go_to(request, reverse("imports:detail", args=[pk]))


@requires(RUN_IMPORT, methods=("POST",))
def cancel(request: HttpRequest, pk: UUID) -> HttpResponse:
    job = _job(request, pk)
    try:
        cancel_import(job, actor=actor_of(request), now=timezone.now())
    except DomainError as error:
        return _wizard(request, job, refusal=error, status=REFUSED)
    return go_to(request, reverse("imports:list"))


@requires(RUN_IMPORT, methods=("POST",))
def pause(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _act(request, pk, pause_import)


@requires(RUN_IMPORT, methods=("POST",))
def resume(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _act(request, pk, resume_import)


@requires(REVERT_IMPORT, methods=("POST",))
def revert(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _act(request, pk, revert_import)


def _act(request: HttpRequest, pk: UUID, act: Act) -> HttpResponse:
    """Do one act on an import and show it as it stands then."""
    job = _job(request, pk)
    try:
        act(job, actor=actor_of(request), now=timezone.now())
    except DomainError as error:
        return _wizard(request, _job(request, pk), refusal=error, status=REFUSED)
    return go_to(request, reverse("imports:detail", args=[pk]))


@requires(RUN_IMPORT)
def revert_report(request: HttpRequest, pk: UUID) -> HttpResponse | FileResponse:
    return _download(request, pk, "revert_file")


@requires(RUN_IMPORT)
def result_file(request: HttpRequest, pk: UUID) -> HttpResponse | FileResponse:
    return _download(request, pk, "result_file")


@requires(RUN_IMPORT)
def source_file(request: HttpRequest, pk: UUID) -> HttpResponse | FileResponse:
    return _download(request, pk, "source_file")


def _download(request: HttpRequest, pk: UUID, name: str) -> HttpResponse | FileResponse:
    """Give a file of an import to who brought it in; a colleague takes customers out by an export, which is marked.

    What became of each row that was taken back is told without its cells, to whoever sees the import.

    :raises Http404: if it has none yet
    """
    job = _job(request, pk)
    if name != "revert_file" and job.created_by_id != actor_of(request).user_id:
        return _wizard(request, job, refusal=FileOfAnother(), status=REFUSED)
    stored: StoredFile | None = getattr(job, name)
    if stored is None:
        raise Http404
    return FileResponse(stored.file.open("rb"), as_attachment=True, filename=stored.name)


@requires(RUN_IMPORT)
def template_file(request: HttpRequest, kind: str) -> FileResponse:
    chosen = import_kinds.get(kind)
    if chosen is None or chosen not in kinds_for(actor_of(request)):
        raise Http404
    content = ContentFile(template_of(chosen.whole()))
    return FileResponse(content, as_attachment=True, filename=f"{_('Template')}-{chosen.label}.csv")
