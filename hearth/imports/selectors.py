"""What the pages of imports show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.pages import Page, keyset_page
from hearth.imports.kinds import ImportField, ImportKind, import_kinds
from hearth.imports.models import ImportIssue, ImportJob, ImportSource, RememberedMapping
from hearth.imports.wording import explain, explain_source
from hearth.organization.models import OrgUnit

Kind = OrgUnit.Kind
State = ImportJob.State
LABELS: Mapping[str, str | Promise] = {
    State.UPLOADED: _("to be checked"),
    State.CHECKED: _("to be imported"),
}
COLOURS: Mapping[str, str] = {
    State.DONE: "green",
    State.FAILED: "red",
    State.CANCELLED: "secondary",
    State.CHECKING: "blue",
    State.COMMITTING: "blue",
    State.REVERTING: "blue",
    State.REVERTED: "secondary",
}
RUNNING = (State.CHECKING, State.COMMITTING, State.REVERTING)
STEPS: Sequence[str | Promise] = (_("File"), _("Columns"), _("Check"), _("Import"), _("Result"))
STEP_OF: Mapping[str, int] = {
    State.FAILED: 1,
    State.UPLOADED: 2,
    State.CHECKING: 3,
    State.CHECKED: 3,
    State.COMMITTING: 4,
    State.PAUSED: 4,
    State.REVERTING: 5,
    State.REVERTED: 5,
    State.DONE: 5,
    State.CANCELLED: 1,
}


def kinds_for(actor: Actor) -> list[ImportKind]:
    """Return the kinds of file the actor may import somewhere, in their order."""
    allowed = [kind for kind in import_kinds.values() if actor.can(kind.permission)]
    return sorted(allowed, key=lambda kind: kind.order)


def imports_for(actor: Actor) -> QuerySet[ImportJob]:
    """Return the imports an actor may open: whoever may not change a kind at a place may not read its rows either."""
    reach = Q(pk__in=[])
    for kind in kinds_for(actor):
        scope = actor.scope(kind.permission)
        within = Q() if scope.everywhere else Q(org_unit__in=sorted(scope.org_unit_ids))
        reach |= Q(kind=kind.code) & within
    return ImportJob.objects.visible_to(actor).filter(reach)


def places_for(actor: Actor, permission: str) -> QuerySet[OrgUnit]:
    """Return the companies and project teams where the actor holds a right, in the order of the tree."""
    rows = OrgUnit.objects.visible_with(actor, permission)
    return rows.filter(kind__in=[Kind.CITY_COMPANY, Kind.PROJECT_TEAM], is_active=True).in_tree_order()


@dataclass(frozen=True)
class JobLine:
    """An import in the list."""

    job: ImportJob
    kind_label: str | Promise
    state_label: str | Promise
    colour: str


def import_page(actor: Actor, *, state: str = "", cursor: str = "") -> tuple[list[JobLine], str]:
    """Return a page of imports, the newest first, and the cursor of the next; one query."""
    rows = ImportJob.objects.visible_to(actor).select_related("org_unit", "created_by", "source_file")
    if state in State.values:
        rows = rows.filter(state=state)
    found: Page[ImportJob] = keyset_page(rows, order="-created_at", cursor=cursor)
    return [line_of(job) for job in found.rows], found.next_cursor


def line_of(job: ImportJob) -> JobLine:
    """Return an import with the words for its kind and state; no query."""
    kind = import_kinds.get(job.kind)
    label = LABELS.get(job.state) or job.get_state_display()
    return JobLine(job, kind.label if kind else job.kind, label, COLOURS.get(job.state, "yellow"))


@dataclass(frozen=True)
class Progress:
    """How far a running file is: rows a second of this run, and the seconds that are left at this pace."""

    done: int
    share: int
    rows_a_second: int
    seconds_left: int | None

    @property
    def time_left(self) -> str:
        """Minutes and seconds, as a clock shows them."""
        minutes, seconds = divmod(self.seconds_left or 0, 60)
        return f"{minutes}:{seconds:02}"


def has_reversal_stopped(job: ImportJob) -> bool:
    """Tell whether an error ended the taking back of a file, so that somebody has to let it go on; no query."""
    return job.state == State.REVERTING and bool(job.error_code)


def is_running(job: ImportJob) -> bool:
    """Tell whether somebody is at work on a file; no query."""
    return job.state in RUNNING and not has_reversal_stopped(job)


def progress_of_job(job: ImportJob, *, now: datetime) -> Progress:
    """Return how far a file is; no query."""
    done, total = job.processed_rows, job.total_rows
    if job.state == State.REVERTING:
        done = job.reverted_rows + job.kept_rows
        total = job.created_rows + job.updated_rows + job.linked_rows
    seconds = (now - job.run_started_at).total_seconds() if job.run_started_at else 0
    pace = (done - job.run_started_rows) / seconds if seconds > 0 else 0
    left = round(max(total - done, 0) / pace) if pace > 0 else None
    return Progress(done, round(100 * done / total) if total else 0, round(pace), left)


@dataclass(frozen=True)
class MappedField:
    """A field of the kind with what fills it, as the table of columns shows it."""

    field: ImportField
    way: str
    value: str
    confidence: int | None
    samples: list[str]


def mapped_fields(job: ImportJob, kind: ImportKind) -> list[MappedField]:
    """Return the fields of the kind with their sources and three sample values; no query."""
    return mapped_fields_of(job.mapping, samples_of(job), kind)


def mapped_fields_of(
    mapping: Mapping[str, Mapping[str, Any]], samples: Mapping[str, list[str]], kind: ImportKind
) -> list[MappedField]:
    """Return the fields of a kind with their sources and the samples of their columns; no query."""
    return [_mapped(field, mapping.get(field.name, {}), samples) for field in kind.fields]


def _mapped(field: ImportField, stored: Mapping[str, Any], samples: Mapping[str, list[str]]) -> MappedField:
    way = next((way for way in ("column", "constant", "row_number") if way in stored), "")
    value = str(stored.get(way, ""))
    confidence = stored.get("confidence")
    shown = samples.get(value, []) if way == "column" else []
    return MappedField(field, way, value, None if confidence is None else round(confidence * 100), shown)


@dataclass(frozen=True)
class MappingLine:
    """A remembered mapping in the list."""

    remembered: RememberedMapping
    kind_label: str | Promise
    columns: str


def mapping_page(actor: Actor, *, cursor: str = "") -> tuple[list[MappingLine], str]:
    """Return a page of remembered mappings, the newest first, and the cursor of the next; one query."""
    kinds = [kind.code for kind in kinds_for(actor)]
    rows = RememberedMapping.objects.visible_to(actor).filter(kind__in=kinds)
    found: Page[RememberedMapping] = keyset_page(
        rows.select_related("org_unit", "changed_by"), order="-updated_at", cursor=cursor
    )
    return [
        MappingLine(each, import_kinds[each.kind].label, ", ".join(each.columns)) for each in found.rows
    ], found.next_cursor


def samples_of(job: ImportJob) -> dict[str, list[str]]:
    """Return the first three values of each column; no query."""
    rows = job.sample_rows[:3]
    return {
        column: [row[place] for row in rows if place < len(row) and row[place]]
        for place, column in enumerate(job.columns)
    }


@dataclass(frozen=True)
class IssueLine:
    """An issue with its words."""

    issue: ImportIssue
    words: str


def issue_page(job: ImportJob, kind: ImportKind, *, cursor: str = "") -> tuple[list[IssueLine], str]:
    """Return a page of the issues by row, and the cursor of the next; one query."""
    found: Page[ImportIssue] = keyset_page(job.issues.all(), order="row", cursor=cursor)
    return [IssueLine(issue, explain(issue, kind)) for issue in found.rows], found.next_cursor


@dataclass(frozen=True)
class SourceLine:
    """A source in the list, with the words for its trouble and the last file that came from it."""

    source: ImportSource
    kind_label: str | Promise
    trouble: str
    last: JobLine | None


def source_page(actor: Actor, *, cursor: str = "") -> tuple[list[SourceLine], str]:
    """Return a page of sources, the newest first, and the cursor of the next; two queries."""
    rows = ImportSource.objects.visible_to(actor).select_related("org_unit", "set_up_by")
    found: Page[ImportSource] = keyset_page(rows, order="-created_at", cursor=cursor)
    last = _last_imports(found.rows, actor)
    return [_source_line(source, last.get(source.pk)) for source in found.rows], found.next_cursor


def _last_imports(sources: Sequence[ImportSource], actor: Actor) -> Mapping[UUID, ImportJob]:
    """Return the newest import of each source that the actor may open; one query."""
    jobs = imports_for(actor).filter(source__in=sources).select_related("source_file")
    newest = jobs.order_by("source", "-created_at", "-id").distinct("source")
    return {job.source_id: job for job in newest if job.source_id}


def _source_line(source: ImportSource, last: ImportJob | None) -> SourceLine:
    kind = import_kinds.get(source.kind)
    label = kind.label if kind else source.kind
    return SourceLine(source, label, explain_source(source.error_code), line_of(last) if last else None)
