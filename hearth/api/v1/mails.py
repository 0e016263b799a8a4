"""Operations on mails that came: listing them, without their words."""

from datetime import datetime
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import AwareDatetime, BaseModel, Field

from hearth.api.endpoints import Reply, endpoint
from hearth.api.envelope import DatabaseId, ListOf, OneOf
from hearth.api.filters import equals, ordered
from hearth.api.listing import list_rows
from hearth.api.page_lists import PageQuery
from hearth.api.v1 import mail_examples as examples
from hearth.core.permissions import actor_of
from hearth.mailroom.lists import MAILS
from hearth.mailroom.models import InboundMail
from hearth.mailroom.permissions import HANDLE_MAIL
from hearth.mailroom.selectors import mail_list

router = Router(tags=["mails"])


class MailQuery(PageQuery):
    """What the list of mails can be asked for."""

    definition: ClassVar = MAILS
    sorts: ClassVar = {"id": "newest"}
    filters: ClassVar = {
        "customer_id": equals(UUID, "customer_id"),
        "case_id": equals(UUID, "case_id"),
        "org_unit_id": equals(DatabaseId, "org_unit_id"),
        "updated_at": ordered(AwareDatetime, "updated_at"),
    }
    sort: Literal["-id", "id"] = "-id"


class MailRecord(BaseModel):
    """One mail that came, and what became of it."""

    id: UUID
    org_unit_id: int
    mailbox_id: UUID
    kind: Annotated[str, OneOf(InboundMail.Kind)] = Field(description="By whom or what it was written.")
    state: Annotated[str, OneOf(InboundMail.State)]
    reason: str = Field(description="Why it waits or is held back, empty where it is not.")
    subject: str
    customer_id: UUID | None
    case_id: UUID | None
    size: int = Field(description="Bytes.")
    received_at: datetime
    handled_at: datetime | None
    created_at: datetime
    updated_at: datetime


class MailList(ListOf[MailRecord]):
    pass


@endpoint(
    router,
    "GET /mails",
    permission=HANDLE_MAIL,
    returns=MailList,
    summary="List mails that came",
    example=examples.MAILS,
    parameters=MailQuery,
)
def list_mails(request: HttpRequest, query: Query[MailQuery]) -> Reply:
    """Mails the caller may handle, the latest first."""
    found = list_rows(request, query, mail_list(actor_of(request)), order=query.sort)
    return Reply(MailList(data=[_read(row) for row in found.rows], page=found.page))


def _read(row: InboundMail) -> MailRecord:
    return MailRecord(**{name: getattr(row, name) for name in MailRecord.model_fields})
