"""Pages of files that go out."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from hearth.core.errors import DomainError
from hearth.core.htmx import REFUSED, SUCCESS, go_to, is_part_request, page
from hearth.core.permissions import SIGNED_IN, actor_of, requires
from hearth.exports.forms import ExportForm
from hearth.exports.models import Export, ExportQuerySet
from hearth.exports.permissions import APPROVE_EXPORT, EXPORT, VIEW_EXPORTS
from hearth.exports.selectors import (
    Chosen,
    chosen_columns,
    columns_to_choose,
    describe_rows,
    error_words,
    list_exports,
    masked_columns,
    source_for,
)
from hearth.exports.services import approve_export, ask_export, cancel_export, give_file, refuse_export
from hearth.exports.services.asking import MOST_CHOSEN
from hearth.exports.wording import download_name, share_done
from hearth.lib.identifiers import read_uuid
from hearth.lists.definitions import Column, ListDefinition, lists
from hearth.lists.pages import reader_of
from hearth.lists.selectors import open_list
from hearth.lists.table import columns_of

State = Export.State
COLOURS = {
    State.DONE: "green",
    State.FAILED: "red",
    State.REFUSED: "red",
    State.HELD: "orange",
    State.WAITING: "blue",
    State.RUNNING: "blue",
}


@requires(EXPORT)
def export_list(request: HttpRequest) -> HttpResponse:
    """The reader's own exports."""
    return _list_page(request, Export.objects.own_of(actor_of(request)), kind="own")


@requires(VIEW_EXPORTS)
def all_exports(request: HttpRequest) -> HttpResponse:
    """Who wrote what to a file, at the places where the reader watches over that."""
    return _list_page(request, Export.objects.visible_to(actor_of(request)), kind="all")


@requires(APPROVE_EXPORT)
def approvals(request: HttpRequest) -> HttpResponse:
    """The large files of others that wait for the reader's decision."""
    return _list_page(request, Export.objects.to_decide_by(actor_of(request)), kind="approvals")


def _list_page(request: HttpRequest, rows: ExportQuerySet, *, kind: str) -> HttpResponse:
    found = list_exports(rows, cursor=request.GET.get("cursor", ""))
    lines = [(export, COLOURS.get(State(export.state), "secondary")) for export in found.rows]
    context = {"lines": lines, "next_cursor": found.next_cursor, "kind": kind, "is_of_all": kind != "own"}
    return page(request, "exports/list.html", context, parts={"export-list"})


@requires(EXPORT, methods=("GET", "HEAD", "POST"))
def new(request: HttpRequest, key: str) -> HttpResponse:
    """Ask what of a list is to be written to a file: all that it shows, or the rows that are chosen."""
    definition = _definition(request, key)
    opened = open_list(definition, request.GET, reader_of(request))
    parameters = opened.state.narrowing()
    shown = [column.key for column in columns_of(opened, definition.columns_for(actor_of(request)))]
    address = f"{reverse('exports:new', args=[key])}{opened.url()}"
    chosen = Chosen(definition, parameters, _chosen_rows(request))
    return _ask(
        request,
        chosen,
        shown,
        {"address": address, "back_url": f"{reverse(definition.url_name)}{opened.url()}"},
    )


@requires(EXPORT, methods=("GET", "HEAD", "POST"))
def new_from_source(request: HttpRequest, key: str, source_id: UUID) -> HttpResponse:
    """Ask what of the rows that something else chose is to be written to a file."""
    found = source_for(key, actor_of(request), source_id)
    if found is None:
        raise Http404
    source, name = found
    definition = _definition(request, source.list_key)
    shown = [column.key for column in definition.columns_for(actor_of(request)) if column.is_usual]
    context = {
        "address": reverse("exports:new-from", args=[key, source_id]),
        "back_url": reverse(source.url_name, args=[source_id]),
        "source": source,
        "source_name": name,
    }
    return _ask(request, Chosen(definition, {}, None, source, source_id), shown, context)


def _definition(request: HttpRequest, key: str) -> ListDefinition[Any]:
    definition = lists.get(key)
    if definition is None or not actor_of(request).can(definition.permission):
        raise Http404
    return definition.extended(actor_of(request))


def _chosen_rows(request: HttpRequest) -> list[UUID] | None:
    """Return the rows that were chosen one by one, nothing where all are meant."""
    given = request.POST.get("rows", "")
    if request.POST.get("all") or not given:
        return None
    chosen = map(read_uuid, given.split(",")[: MOST_CHOSEN + 1])
    return [row_id for row_id in chosen if row_id]


def _shown_first(columns: Sequence[Column[Any]], shown: Sequence[str]) -> list[Column[Any]]:
    """Put the columns of the view before the others, in its order, which becomes that of the file."""
    place = {key: number for number, key in enumerate(shown)}
    return sorted(columns, key=lambda column: place.get(column.key, len(place)))


def _ask(request: HttpRequest, chosen: Chosen, shown: list[str], context: dict[str, Any]) -> HttpResponse:
    actor = actor_of(request)
    available = _shown_first(columns_to_choose(chosen.definition, actor), shown)
    is_asked = "step" in request.POST
    form = ExportForm(request.POST if is_asked else None, available=available, shown=shown)
    if is_asked and form.is_valid():
        try:
            export = ask_export(chosen, **form.cleaned_data, actor=actor, now=timezone.now())
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            return go_to(request, reverse("exports:detail", args=[export.pk]))
    masked = masked_columns(chosen.definition, available, actor)
    context |= {
        "form": form,
        "list": chosen.definition,
        "count": chosen.count(actor),
        "masked": masked,
        "rows": request.POST.get("rows", ""),
        "all": request.POST.get("all", ""),
        "is_dialog": is_part_request(request),
    }
    template = "exports/form.html" if is_part_request(request) else "exports/new.html"
    return render(request, template, context, status=REFUSED if is_asked else SUCCESS)


@requires(SIGNED_IN)
def detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One export: how far it is, what it holds and why, and its file."""
    actor = actor_of(request)
    export = get_object_or_404(
        Export.objects.visible_to(actor).select_related("created_by", "decided_by"), pk=pk
    )
    definition = lists.get(export.object_key)
    columns = chosen_columns(definition.extended(actor), export.columns, actor) if definition else []
    context = {
        "export": export,
        "colour": COLOURS.get(State(export.state), "secondary"),
        "is_own": export.created_by_id == actor.user_id,
        "share": share_done(export),
        "columns": [column.label for column in columns],
        "described": describe_rows(export, actor),
        "error": error_words(export),
        "may_decide": Export.objects.to_decide_by(actor).filter(pk=pk).exists(),
    }
    return page(request, "exports/detail.html", context, parts={"export"})


@requires(EXPORT, methods=("POST",))
def cancel(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give up a file that is not written yet."""
    export = get_object_or_404(Export.objects.own_of(actor_of(request)), pk=pk)
    cancel_export(export, actor=actor_of(request), now=timezone.now())
    return go_to(request, reverse("exports:detail", args=[export.pk]))


@requires(APPROVE_EXPORT, methods=("POST",))
def approve(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Let a large file of somebody else be written."""
    export = get_object_or_404(Export.objects.visible_to(actor_of(request)), pk=pk)
    approve_export(export, actor=actor_of(request), now=timezone.now())
    return go_to(request, reverse("exports:detail", args=[export.pk]))


@requires(APPROVE_EXPORT, methods=("POST",))
def refuse(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Refuse a large file of somebody else, with a reason."""
    export = get_object_or_404(Export.objects.visible_to(actor_of(request)), pk=pk)
    reason = request.POST.get("reason", "")
    refuse_export(export, reason=reason, actor=actor_of(request), now=timezone.now())
    return go_to(request, reverse("exports:detail", args=[export.pk]))


@requires(EXPORT, methods=("GET",))
def download(request: HttpRequest, pk: UUID) -> FileResponse:
    """The file, to who asked for it and may still see all of it."""
    rows = Export.objects.own_of(actor_of(request)).select_related("created_by")
    export = get_object_or_404(rows, pk=pk)
    path = give_file(export, actor=actor_of(request), now=timezone.now())
    response = FileResponse(path.open("rb"), as_attachment=True, filename=download_name(export))
    response.headers["Cache-Control"] = "private, no-store"
    return response
