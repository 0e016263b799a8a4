"""How far a change of many rows is, what became of each row, and taking it back."""

from collections.abc import Iterator
from io import StringIO
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from hearth.core.htmx import go_to, page
from hearth.core.permissions import actor_of, requires
from hearth.lib.tabular_write import write_csv
from hearth.lists.bulk import BulkAction, actions_for
from hearth.lists.definitions import ListDefinition
from hearth.lists.models import BulkRow, BulkRun
from hearth.lists.permissions import CHANGE_MANY
from hearth.lists.selectors import read_batch
from hearth.lists.services.bulk import undo_bulk
from hearth.lists.views.parts import definition_for

RESULTS = 100
FILE_PORTION = 500
UNFINISHED = {BulkRun.State.RUNNING, BulkRun.State.UNDOING}


@requires(CHANGE_MANY)
def run(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """How far a change of many rows is, and what became of each row."""
    row = get_object_or_404(BulkRun.objects.visible_to(actor_of(request)), pk=run_id)
    definition = definition_for(request, row.object_key)
    counted = dict(BulkRow.objects.filter(run=row).values_list("outcome").annotate(rows=Count("id")))
    results = BulkRow.objects.filter(run=row).order_by("-reason", "id")
    shown = Paginator(results, RESULTS).get_page(request.GET.get("page"))
    names = _names(request, definition, list(shown))
    action = _action(row, definition, request)
    context = {
        "run": row,
        "list": definition,
        "action": action,
        "outcomes": [(outcome.label, counted.get(outcome.value, 0)) for outcome in BulkRow.Outcome],
        "is_unfinished": row.state in UNFINISHED,
        "may_undo": row.state == BulkRun.State.DONE and action is not None and action.can_be_undone,
        "done": row.total_rows - counted.get(BulkRow.Outcome.WAITING, 0),
        "page": shown,
        "results": [(each, names.get(each.row_id, "")) for each in shown],
    }
    return page(request, "lists/run.html", context, parts={"run"})


def _action(row: BulkRun, definition: ListDefinition[Any], request: HttpRequest) -> BulkAction | None:
    found = actions_for(definition, actor_of(request))
    return next((action for action in found if action.key == row.action_key), None)


def _names(request: HttpRequest, definition: ListDefinition[Any], rows: list[BulkRow]) -> dict[UUID, str]:
    """Return the names of rows that are there for the reader; two queries."""
    actor = actor_of(request)
    seen = definition.rows(actor).filter(pk__in=[row.row_id for row in rows]).values_list("pk", flat=True)
    batch = read_batch(definition, list(seen), actor)
    headings = definition.columns[0].read(batch)
    return {row_id: heading.text for row_id, heading in zip(batch.ids, headings, strict=True)}


@requires(CHANGE_MANY)
def run_file(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """What became of each row, as a file for a spreadsheet; a run has a bounded number of rows."""
    row = get_object_or_404(BulkRun.objects.visible_to(actor_of(request)), pk=run_id)
    definition = definition_for(request, row.object_key)
    text = StringIO(newline="")
    columns = [gettext("Row"), gettext("Result"), gettext("Reason"), gettext("Key")]
    write_csv(text, columns, _result_lines(request, row, definition))
    response = HttpResponse(text.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{row.object_key}-{row.pk}.csv"'
    return response


def _result_lines(request: HttpRequest, row: BulkRun, definition: ListDefinition[Any]) -> Iterator[list[str]]:
    """Return a line for each row of a run; three queries for every few hundred."""
    last = 0
    while rows := list(BulkRow.objects.filter(run=row, pk__gt=last).order_by("id")[:FILE_PORTION]):
        last = rows[-1].pk
        names = _names(request, definition, rows)
        for each in rows:
            name = names.get(each.row_id, "")
            yield [name, str(each.get_outcome_display()), each.reason, str(each.row_id)]


@requires(CHANGE_MANY, methods=("POST",))
def undo(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Take a change of many rows back."""
    row = get_object_or_404(BulkRun.objects.visible_to(actor_of(request)), pk=run_id)
    undo_bulk(row, actor=actor_of(request), now=timezone.now())
    return go_to(request, reverse("lists:run", args=[row.pk]))
