"""The log of changes, for programs of auditors."""

from datetime import datetime
from typing import Annotated, ClassVar, Literal

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import AwareDatetime, BaseModel, BeforeValidator, Field

from hearth.api.endpoints import Reply, endpoint
from hearth.api.envelope import DatabaseId, ListOf, ListQuery, OneOf
from hearth.api.filters import Filter, equals, ordered
from hearth.api.listing import list_rows
from hearth.api.v1.examples import RECORDED, Example, list_example
from hearth.audit.models import AuditEntry
from hearth.audit.permissions import VIEW_AUDIT
from hearth.audit.selectors import ReadEntry, read_entries
from hearth.core.errors import NotAllowed
from hearth.core.permissions import actor_of

router = Router(tags=["audit"])
Operation = Annotated[str, OneOf(AuditEntry.Operation)]
OneKey = Annotated[list[str], BeforeValidator(lambda text: [text]), Field(max_length=1)]
ENTRY: Example = {
    "id": 40_117,
    "noted_at": RECORDED,
    "table": "customers_customer",
    "what": "customer",
    "operation": "U",
    "row_ids": ["01a3e5c0-7d10-7b1e-8c55-2f3d9a1b0c41"],
    "user_id": 17,
    "kind": "user",
    "address": "10.1.4.22",
    "roles": ["customer_manager"],
    "is_sealed": True,
    "changes": [
        {"column": "occupation", "label": "occupation", "before": "", "after": "Teacher", "is_hidden": False}
    ],
}


class AuditQuery(ListQuery):
    """What the log can be asked for."""

    filters: ClassVar = {
        "table": equals(str, "table"),
        "operation": equals(Operation, "operation"),
        "row_id": Filter("row_ids", OneKey, {"eq": "__contains"}),
        "user_id": equals(DatabaseId, "user_id", can_be_empty=True),
        "kind": equals(str, "kind"),
        "noted_at": ordered(AwareDatetime, "noted_at"),
    }
    sort: Literal["-noted_at", "noted_at"] = "-noted_at"


class AuditChange(BaseModel):
    """A column with what it was and became; without both where the caller may know only that it changed."""

    column: str
    label: str
    before: str
    after: str
    is_hidden: bool


class AuditRecord(BaseModel):
    """What one statement did to rows of one table, by whom, when, from where and in which roles."""

    id: int
    noted_at: datetime
    table: str
    what: str
    operation: Operation
    row_ids: list[str]
    user_id: int | None
    kind: str
    address: str
    roles: list[str]
    is_sealed: bool = Field(description="True once the entry stands in the signed chain.")
    changes: list[AuditChange]


class AuditList(ListOf[AuditRecord]):
    pass


@endpoint(
    router,
    "GET /audit-entries",
    permission=VIEW_AUDIT,
    returns=AuditList,
    summary="List changes",
    example=list_example(ENTRY),
    parameters=AuditQuery,
)
def list_audit_entries(request: HttpRequest, query: Query[AuditQuery]) -> Reply:
    """Who changed what, the newest first, for callers whose right holds for the whole group."""
    actor = actor_of(request)
    if not actor.scope(VIEW_AUDIT).everywhere:
        raise NotAllowed(permission=VIEW_AUDIT)
    found = list_rows(request, query, AuditEntry.objects.all(), order=query.sort)
    return Reply(
        AuditList(data=[_written(each) for each in read_entries(found.rows, actor)], page=found.page)
    )


def _written(read: ReadEntry) -> AuditRecord:
    entry = read.entry
    changes = [
        AuditChange(
            column=each.column,
            label=each.label,
            before=each.before,
            after=each.after,
            is_hidden=each.is_hidden,
        )
        for each in read.changes
    ]
    return AuditRecord(
        id=entry.id,
        noted_at=entry.noted_at,
        table=entry.table,
        what=str(read.what),
        operation=entry.operation,
        row_ids=list(entry.row_ids),
        user_id=entry.user_id,
        kind=entry.kind,
        address=entry.address,
        roles=[role for role in entry.roles.split(",") if role],
        is_sealed=entry.seal is not None,
        changes=changes,
    )
