"""Operations on alarms about unusual reading."""

from datetime import datetime
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Router
from pydantic import AwareDatetime, BaseModel, Field

from hearth.api.endpoints import Reply, endpoint
from hearth.api.envelope import Asked, DatabaseId, ListOf, ListQuery, NoFields, OneOf
from hearth.api.filters import equals, ordered
from hearth.api.listing import list_rows
from hearth.api.v1.examples import RECORDED, Example, list_example
from hearth.core.permissions import actor_of
from hearth.vigilance.models import Alarm, AlarmQuerySet
from hearth.vigilance.permissions import CHANGE_ALARM, VIEW_ALARM
from hearth.vigilance.services import close_alarm, examine_alarm
from hearth.vigilance.services.alarms import LONGEST_NOTE, SHORTEST_NOTE

router = Router(tags=["alarms"])
State = Annotated[str, OneOf(Alarm.State)]
ALARM: Example = {
    "id": "01a3e5c0-7d10-7b1e-8c55-2f3d9a1b0c41",
    "rule": "profiles-hour",
    "user_id": 17,
    "state": "open",
    "number": 300,
    "own_median": 24.0,
    "peer_median": 31.5,
    "window_began_at": RECORDED,
    "window_ended_at": RECORDED,
    "handler_id": None,
    "created_at": RECORDED,
    "updated_at": RECORDED,
}


class AlarmQuery(ListQuery):
    """What the list of alarms can be asked for."""

    filters: ClassVar = {
        "state": equals(State, "state"),
        "user_id": equals(DatabaseId, "user_id"),
        "created_at": ordered(AwareDatetime, "created_at"),
    }
    sort: Literal["-id", "id"] = "-id"


class AlarmRecord(BaseModel):
    """One person read in an unusual way; the medians are what is usual for them and their role."""

    id: UUID
    rule: str
    user_id: int
    state: State
    number: int
    own_median: float | None
    peer_median: float | None
    window_began_at: datetime
    window_ended_at: datetime
    handler_id: int | None
    created_at: datetime
    updated_at: datetime


class AlarmList(ListOf[AlarmRecord]):
    pass


class Finding(Asked):
    """What the examination found."""

    is_harmless: bool
    note: str = Field(min_length=SHORTEST_NOTE, max_length=LONGEST_NOTE)


@endpoint(
    router,
    "GET /alarms",
    permission=VIEW_ALARM,
    returns=AlarmList,
    summary="List alarms",
    example=list_example(ALARM),
    parameters=AlarmQuery,
)
def list_alarms(request: HttpRequest, query: Query[AlarmQuery]) -> Reply:
    """Alarms about others, the newest first, for callers who watch over the whole group."""
    found = list_rows(request, query, _alarms(request), order=query.sort)
    return Reply(AlarmList(data=[_read(row) for row in found.rows], page=found.page))


@endpoint(
    router,
    "GET /alarms/{uuid:alarm_id}",
    permission=VIEW_ALARM,
    returns=AlarmRecord,
    summary="Get an alarm",
    example=ALARM,
    problems=(404,),
)
def get_alarm(request: HttpRequest, alarm_id: UUID) -> Reply:
    """One alarm about somebody else."""
    return Reply(_read(get_object_or_404(_alarms(request), pk=alarm_id)))


@endpoint(
    router,
    "POST /alarms/{uuid:alarm_id}/examine",
    permission=CHANGE_ALARM,
    returns=AlarmRecord,
    summary="Take up an alarm",
    example={**ALARM, "state": "examined", "handler_id": 4},
    body_example={},
    problems=(404, 422),
)
def post_alarm_examination(request: HttpRequest, alarm_id: UUID, body: NoFields) -> Reply:
    """Say that the caller examines it; an examination of somebody else is taken over."""
    row = get_object_or_404(_alarms(request), pk=alarm_id)
    return Reply(_read(examine_alarm(row, actor=actor_of(request), now=timezone.now())), 201)


@endpoint(
    router,
    "POST /alarms/{uuid:alarm_id}/close",
    permission=CHANGE_ALARM,
    returns=AlarmRecord,
    summary="Close an alarm",
    example={**ALARM, "state": "harmless", "handler_id": 4},
    body_example={"is_harmless": True, "note": "Yearly check of addresses, agreed with the manager"},
    problems=(404, 422),
)
def post_alarm_closing(request: HttpRequest, alarm_id: UUID, body: Finding) -> Reply:
    """Close it as harmless or confirmed, saying what was found."""
    row = get_object_or_404(_alarms(request), pk=alarm_id)
    actor, now = actor_of(request), timezone.now()
    closed = close_alarm(row, is_harmless=body.is_harmless, note=body.note, actor=actor, now=now)
    return Reply(_read(closed), 201)


def _alarms(request: HttpRequest) -> AlarmQuerySet:
    return Alarm.objects.visible_to(actor_of(request)).select_related("rule")


def _read(row: Alarm) -> AlarmRecord:
    named = set(AlarmRecord.model_fields) - {"rule"}
    return AlarmRecord(**{name: getattr(row, name) for name in named}, rule=row.rule.code)
