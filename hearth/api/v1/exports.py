"""Operations on files that take many records out."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from ninja import Query, Router

from hearth.api.endpoints import FileReply, Manner, Reply, endpoint, read_parts
from hearth.api.envelope import NoFields, Page
from hearth.api.guard import BULK
from hearth.api.listing import list_rows
from hearth.api.problems import UnknownReference
from hearth.api.v1 import export_examples as examples
from hearth.api.v1.examples import list_example
from hearth.api.v1.export_schemas import (
    ExportColumn,
    ExportFilter,
    ExportList,
    ExportObject,
    ExportObjectList,
    ExportQuery,
    ExportRecord,
    ExportRefusal,
    ExportToStart,
    ExportTrouble,
)
from hearth.core.actor import Actor
from hearth.core.permissions import actor_of
from hearth.exports.models import Export, ExportQuerySet
from hearth.exports.permissions import APPROVE_EXPORT, EXPORT
from hearth.exports.refusals import UnknownFilter
from hearth.exports.selectors import Chosen, columns_to_choose, error_words, masked_columns, source_for
from hearth.exports.services import approve_export, ask_export, cancel_export, give_file, refuse_export
from hearth.exports.wording import download_name
from hearth.lists.definitions import ListDefinition, lists
from hearth.lists.filters import Reader
from hearth.lists.selectors import OpenedList, open_list
from hearth.lists.state import ANY
from hearth.lists.table import columns_of
from hearth.segments.exporting import SEGMENT

router = Router(tags=["exports"])
IN_BULK, A_FILE = Manner(allowance=BULK), Manner(gives="application/octet-stream", allowance=BULK)
ADDRESS = "/jobs/export/{uuid:export_id}"


@endpoint(
    router,
    "GET /jobs/export/objects",
    permission=EXPORT,
    returns=ExportObjectList,
    summary="List what can be exported",
    example=examples.OBJECTS,
    manner=IN_BULK,
)
def list_export_objects(request: HttpRequest) -> Reply:
    """The lists the caller may see, with their columns and filters; never more than a page."""
    actor = actor_of(request)
    found = [_object(each.extended(actor), actor) for each in lists.values() if actor.can(each.permission)]
    page = Page(next=None, limit=len(found), estimated_total=len(found))
    return Reply(ExportObjectList(data=found, page=page))


@endpoint(
    router,
    "POST /jobs/export",
    permission=EXPORT,
    returns=ExportRecord,
    summary="Write a list to a file",
    example=examples.EXPORT,
    body_example=examples.TO_START,
    manner=IN_BULK,
)
def post_export(request: HttpRequest, body: ExportToStart) -> Reply:
    """Have rows of a list written to a file, with the rights of the caller when it is written.

    Ask for it again until it is `done`, then get its file. What is masked for the caller is masked in it, headings and
    words are in the language of `Accept-Language`. It is kept for seven days.
    """
    actor = actor_of(request)
    definition = _definition(body.object, actor)
    opened = _opened(definition, body, actor)
    source, source_id = None, None
    if body.segment_id:
        found = source_for(SEGMENT.key, actor, body.segment_id)
        if found is None or definition.key != SEGMENT.list_key:
            raise UnknownReference("segment_id")
        source, source_id = found[0], body.segment_id
    export = ask_export(
        Chosen(definition, opened.state.narrowing(), body.ids, source, source_id),
        columns=body.columns or [column.key for column in columns_of(opened, definition.columns_for(actor))],
        table_format=body.format,
        reason=body.reason,
        actor=actor,
        now=timezone.now(),
    )
    location = reverse("api:api_v1:get_export", args=[export.pk])
    return Reply(_read(export), 201, {"Location": location})


@endpoint(
    router,
    "GET /jobs/export",
    permission=EXPORT,
    returns=ExportList,
    summary="List exports",
    example=examples.EXPORTS,
    parameters=ExportQuery,
    manner=IN_BULK,
)
def list_exports(request: HttpRequest, query: Query[ExportQuery]) -> Reply:
    """The caller's own, the newest first."""
    found = list_rows(request, query, _own(request), order=query.sort)
    return Reply(ExportList(data=[_read(row) for row in found.rows], page=found.page))


@endpoint(
    router,
    "GET /jobs/export/approvals",
    permission=APPROVE_EXPORT,
    returns=ExportList,
    summary="List exports that wait for a second person",
    example=list_example({**examples.EXPORT, "state": "held"}),
    parameters=ExportQuery,
    manner=IN_BULK,
)
def list_export_approvals(request: HttpRequest, query: Query[ExportQuery]) -> Reply:
    """Files of others with more rows than one person may take alone, which the caller may approve or refuse."""
    rows = Export.objects.to_decide_by(actor_of(request)).select_related("created_by")
    found = list_rows(request, query, rows, order=query.sort)
    return Reply(ExportList(data=[_read(row) for row in found.rows], page=found.page))


@endpoint(
    router,
    f"POST {ADDRESS}/approve",
    permission=APPROVE_EXPORT,
    returns=ExportRecord,
    summary="Approve an export of somebody else",
    example={**examples.EXPORT, "state": "waiting"},
    body_example={},
    problems=(404, 422),
    manner=IN_BULK,
)
def post_export_approval(request: HttpRequest, export_id: UUID, body: NoFields) -> Reply:
    """Let a file be written that waits for a second person; never one's own."""
    export = get_object_or_404(Export.objects.visible_to(actor_of(request)), pk=export_id)
    return Reply(_read(approve_export(export, actor=actor_of(request), now=timezone.now())), 201)


@endpoint(
    router,
    f"POST {ADDRESS}/refuse",
    permission=APPROVE_EXPORT,
    returns=ExportRecord,
    summary="Refuse an export of somebody else",
    example={**examples.EXPORT, "state": "refused"},
    body_example={"reason": "Far more rows than the survey needs"},
    problems=(404, 422),
    manner=IN_BULK,
)
def post_export_refusal(request: HttpRequest, export_id: UUID, body: ExportRefusal) -> Reply:
    """Refuse a file that waits for a second person, with a reason its asker reads; never one's own."""
    export = get_object_or_404(Export.objects.visible_to(actor_of(request)), pk=export_id)
    refused = refuse_export(export, reason=body.reason, actor=actor_of(request), now=timezone.now())
    return Reply(_read(refused), 201)


@endpoint(
    router,
    f"GET {ADDRESS}",
    permission=EXPORT,
    returns=ExportRecord,
    summary="Get an export",
    example=examples.EXPORT,
    problems=(404,),
    manner=IN_BULK,
)
def get_export(request: HttpRequest, export_id: UUID) -> Reply:
    """How far a file of the caller's own is."""
    return Reply(_read(get_object_or_404(_own(request), pk=export_id)))


@endpoint(
    router,
    f"GET {ADDRESS}/file",
    permission=EXPORT,
    summary="Get the file of an export",
    example="id,name\r\n",
    problems=(404, 409, 422),
    manner=A_FILE,
)
def get_export_file(request: HttpRequest, export_id: UUID) -> FileReply:
    """The file, once it is `done` and while the caller may still see all that is in it."""
    export = get_object_or_404(_own(request), pk=export_id)
    path = give_file(export, actor=actor_of(request), now=timezone.now())
    return FileReply(read_parts(path), download_name(export))


@endpoint(
    router,
    f"POST {ADDRESS}/cancel",
    permission=EXPORT,
    returns=ExportRecord,
    summary="Give up an export",
    example={**examples.EXPORT, "state": "cancelled"},
    body_example={},
    problems=(404,),
    manner=IN_BULK,
)
def post_export_cancellation(request: HttpRequest, export_id: UUID, body: NoFields) -> Reply:
    """Stop writing a file that is not done yet; nothing of it remains."""
    export = get_object_or_404(_own(request), pk=export_id)
    return Reply(_read(cancel_export(export, actor=actor_of(request), now=timezone.now())), 201)


def _own(request: HttpRequest) -> ExportQuerySet:
    return Export.objects.own_of(actor_of(request)).select_related("created_by")


def _definition(key: str, actor: Actor) -> ListDefinition[Any]:
    definition = lists.get(key)
    if definition is None or not actor.can(definition.permission):
        raise UnknownReference("object")
    return definition.extended(actor)


def _opened(definition: ListDefinition[Any], body: ExportToStart, actor: Actor) -> OpenedList:
    """Read which rows are wanted.

    :raises UnknownReference: if there is no such view for the actor
    :raises UnknownFilter: if a filter or its value, or the order, is not known
    """
    unknown = [name for name in body.filters if name.removeprefix(ANY) not in definition.filter_of]
    asked = QueryDict(mutable=True)
    asked.update({**body.filters, "q": body.q, "sort": body.sort, "view": body.view or "all"})
    opened = open_list(definition, asked, Reader(actor, timezone.localdate()))
    if opened.is_view_missing:
        raise UnknownReference("view")
    if unknown or opened.state.ignored:
        raise UnknownFilter("filters", names=", ".join([*unknown, *opened.state.ignored]))
    return opened


def _object(definition: ListDefinition[Any], actor: Actor) -> ExportObject:
    columns = columns_to_choose(definition, actor)
    masked = masked_columns(definition, columns, actor)
    return ExportObject(
        object=definition.key,
        label=str(definition.label),
        columns=[
            ExportColumn(
                key=column.key,
                label=str(column.label),
                type=column.kind.type,
                is_usual=column.is_usual,
                is_masked=column in masked,
            )
            for column in columns
        ],
        filters=[
            ExportFilter(key=each.key, label=str(each.label), kind=each.kind.code)
            for each in definition.filters_for(actor)
        ],
        orders=list(definition.order_of),
    )


def _read(export: Export) -> ExportRecord:
    is_failed = export.state == Export.State.FAILED
    return ExportRecord(
        id=export.pk,
        object=export.object_key,
        segment_id=export.source_id if export.source_key == SEGMENT.key else None,
        name=export.name,
        state=export.state,
        format=export.format,
        columns=export.columns,
        filters=export.parameters,
        chosen_rows=None if export.row_ids is None else len(export.row_ids),
        reason=export.reason,
        total_rows=export.total_rows,
        written_rows=export.written_rows,
        cut_cells=export.cut_cells,
        size=export.size,
        trouble=ExportTrouble(code=export.error_code, detail=str(error_words(export))) if is_failed else None,
        created_at=export.created_at,
        finished_at=export.finished_at,
        expires_at=export.expires_at,
    )
