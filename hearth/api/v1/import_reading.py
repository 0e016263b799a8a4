"""Turning imports into what programs see."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Count, QuerySet

from hearth.api.v1.import_schemas import (
    Candidate,
    FieldSource,
    FindingCount,
    FindingRecord,
    ImportedField,
    ImportKindRecord,
    ImportLine,
    ImportOptionRecord,
    ImportProgress,
    ImportRecord,
    ImportTrouble,
)
from hearth.api.v1.versions import version_at
from hearth.core.actor import Actor
from hearth.customers.models import Customer
from hearth.imports.kinds import ImportKind
from hearth.imports.models import ImportIssue, ImportJob
from hearth.imports.selectors import imports_for, is_running, progress_of_job
from hearth.imports.wording import explain, explain_file

COPIED = (
    "id",
    "kind",
    "org_unit_id",
    "state",
    "good_rows_only",
    "total_rows",
    "processed_rows",
    "bad_rows",
    "created_rows",
    "updated_rows",
    "linked_rows",
    "skipped_rows",
    "reverted_rows",
    "kept_rows",
    "created_by_id",
    "created_at",
    "updated_at",
    "committed_at",
)
COPIED_ALONE = ("encoding", "sheet", "columns", "sample_rows", "is_mapping_remembered", "options")


def readable_imports(actor: Actor) -> QuerySet[ImportJob]:
    """Return the imports the actor may open, with the files they came from."""
    return imports_for(actor).select_related("source_file", "org_unit")


def read_line(job: ImportJob, *, now: datetime) -> ImportLine:
    """Return an import as a list shows it; no query."""
    return ImportLine(
        **{name: getattr(job, name) for name in COPIED},
        file_name=job.source_file.name,
        file_size=job.source_file.size,
        progress=_progress(job, now) if is_running(job) else None,
        trouble=_trouble(job),
    )


def read_import(job: ImportJob, *, now: datetime) -> ImportRecord:
    """Return all there is to know of an import; one query."""
    found = job.issues.values_list("code", "is_warning").annotate(findings=Count("id"))
    return ImportRecord(
        **read_line(job, now=now).model_dump(),
        **{name: getattr(job, name) for name in COPIED_ALONE},
        mapping={name: FieldSource(**source) for name, source in job.mapping.items()},
        finding_count=job.issue_count,
        findings=[
            FindingCount(code=code, is_warning=is_warning, findings=number)
            for code, is_warning, number in found.order_by("is_warning", "code")
        ],
        has_result=job.result_file_id is not None,
        has_report=job.revert_file_id is not None,
    )


def version_of(job: ImportJob) -> str:
    """Return the entity tag: it changes with every step, and with every row that is done."""
    done = job.processed_rows, job.reverted_rows + job.kept_rows
    return version_at(job.updated_at, *done)


def _progress(job: ImportJob, now: datetime) -> ImportProgress:
    found = progress_of_job(job, now=now)
    return ImportProgress(
        done=found.done,
        percent=found.share,
        rows_a_second=found.rows_a_second,
        seconds_left=found.seconds_left,
    )


def _trouble(job: ImportJob) -> ImportTrouble | None:
    if not job.error_code:
        return None
    return ImportTrouble(code=job.error_code, detail=explain_file(job.error_code, job.error_params))


def read_kind(kind: ImportKind) -> ImportKindRecord:
    """Return what files of a kind may hold."""
    return ImportKindRecord(
        code=kind.code,
        label=str(kind.label),
        description=str(kind.description),
        permission=kind.permission,
        fields=[
            ImportedField(
                name=field.name,
                label=str(field.label),
                kind=field.kind,
                is_required=field.is_required,
                aliases=list(field.aliases),
                choices=list(field.choices),
            )
            for field in kind.fields
        ],
        options=[
            ImportOptionRecord(name=option.name, label=str(option.label), default=option.default)
            for option in kind.options
        ],
    )


def read_findings(issues: Sequence[ImportIssue], kind: ImportKind, actor: Actor) -> list[FindingRecord]:
    """Return what was found in rows, with the customers who may be the same; at most one query."""
    is_of_customers = kind.code == "customers"
    numbers = {number for issue in issues if is_of_customers and (number := issue.params.get("number"))}
    known = _ids_of(numbers, actor) if numbers else {}
    return [
        FindingRecord(
            row=issue.row,
            column=issue.column,
            code=issue.code,
            detail=explain(issue, kind),
            is_warning=issue.is_warning,
            params=issue.params,
            candidate=Candidate(id=known.get(number), number=number)
            if (number := issue.params.get("number")) in numbers
            else None,
        )
        for issue in issues
    ]


def _ids_of(numbers: set[int], actor: Actor) -> Mapping[int, UUID]:
    found = Customer.objects.visible_to(actor).filter(number__in=numbers)
    return dict(found.values_list("number", "pk"))
