"""Operations on alarms of group complaints."""

from datetime import date, datetime
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Query, Router
from pydantic import AwareDatetime, BaseModel, Field

from hearth.api.endpoints import Reply, endpoint
from hearth.api.envelope import Asked, ListOf, ListQuery, OneOf
from hearth.api.filters import equals, ordered
from hearth.api.listing import list_rows
from hearth.api.v1.examples import RECORDED, Example, list_example
from hearth.api.v1.references import require_visible
from hearth.core.permissions import actor_of
from hearth.radar.models import RadarAlarm, RadarAlarmQuerySet
from hearth.radar.permissions import CHANGE_RADAR, VIEW_RADAR
from hearth.radar.services import accept_alarm, dismiss_alarm, merge_alarm
from hearth.radar.services.judging import LONGEST_NOTE

router = Router(tags=["radar"])
State = Annotated[str, OneOf(RadarAlarm.State)]
Reason = Annotated[str, OneOf(RadarAlarm.Reason)]
ALARM: Example = {
    "id": "01a3e5c0-7d10-7b1e-8c55-2f3d9a1b0c42",
    "org_unit_id": 3,
    "project_id": "01a3e5c0-7d10-7b1e-8c55-2f3d9a1b0c11",
    "building_id": None,
    "topic": "leak",
    "state": "open",
    "raised_at": RECORDED,
    "first_date": "2026-03-12",
    "last_date": "2026-03-18",
    "window_days": 8,
    "households": 4,
    "expected": 0.06,
    "score": 6.1,
    "limit": 5.2,
    "reason": "",
    "note": "",
    "judged_at": None,
    "merged_into_id": None,
    "group_case_id": None,
    "updated_at": RECORDED,
}


class RadarAlarmQuery(ListQuery):
    """What the list of alarms of group complaints can be asked for."""

    filters: ClassVar = {
        "state": equals(State, "state"),
        "project_id": equals(UUID, "project_id"),
        "raised_at": ordered(AwareDatetime, "raised_at"),
    }
    sort: Literal["-raised_at", "raised_at"] = "-raised_at"


class RadarAlarmRecord(BaseModel):
    """More households of a project speak of a topic than is usual there, as it stood on the day of the alarm.

    `households` spoke within `window_days` where `expected` would have; `score` is −log10 of how likely that was.
    """

    id: UUID
    org_unit_id: int
    project_id: UUID
    building_id: UUID | None
    topic: str
    state: State
    raised_at: datetime
    first_date: date
    last_date: date
    window_days: int
    households: int
    expected: float
    score: float
    limit: float
    reason: str
    note: str
    judged_at: datetime | None
    merged_into_id: UUID | None
    group_case_id: UUID | None
    updated_at: datetime


class RadarAlarmList(ListOf[RadarAlarmRecord]):
    pass


class Acceptance(Asked):
    """A word about it."""

    note: str = Field(default="", max_length=LONGEST_NOTE)


class Dismissal(Asked):
    """Why it is no group complaint."""

    reason: Reason
    note: str = Field(default="", max_length=LONGEST_NOTE)


class Merging(Asked):
    """Which other alarm of the project it belongs to."""

    into: UUID
    note: str = Field(default="", max_length=LONGEST_NOTE)


@endpoint(
    router,
    "GET /radar-alarms",
    permission=VIEW_RADAR,
    returns=RadarAlarmList,
    summary="List alarms of group complaints",
    example=list_example(ALARM),
    parameters=RadarAlarmQuery,
)
def list_radar_alarms(request: HttpRequest, query: Query[RadarAlarmQuery]) -> Reply:
    """Alarms of the projects that the caller sees, the latest first."""
    found = list_rows(request, query, _alarms(request), order=query.sort)
    return Reply(RadarAlarmList(data=[_read(row) for row in found.rows], page=found.page))


@endpoint(
    router,
    "GET /radar-alarms/{uuid:alarm_id}",
    permission=VIEW_RADAR,
    returns=RadarAlarmRecord,
    summary="Get an alarm of a group complaint",
    example=ALARM,
    problems=(404,),
)
def get_radar_alarm(request: HttpRequest, alarm_id: UUID) -> Reply:
    """One alarm."""
    return Reply(_read(get_object_or_404(_alarms(request), pk=alarm_id)))


@endpoint(
    router,
    "POST /radar-alarms/{uuid:alarm_id}/accept",
    permission=CHANGE_RADAR,
    returns=RadarAlarmRecord,
    summary="Handle an alarm as a group complaint",
    example={**ALARM, "state": "accepted", "judged_at": RECORDED},
    body_example={"note": "One script for everybody from today"},
    problems=(404, 422),
)
def post_radar_acceptance(request: HttpRequest, alarm_id: UUID, body: Acceptance) -> Reply:
    """Its cases become one group complaint; the caller may change them. Who speaks later joins by itself."""
    row = get_object_or_404(_alarms(request), pk=alarm_id)
    accepted = accept_alarm(row, actor=actor_of(request), note=body.note, now=timezone.now())
    return Reply(_read(accepted), 201)


@endpoint(
    router,
    "POST /radar-alarms/{uuid:alarm_id}/dismiss",
    permission=CHANGE_RADAR,
    returns=RadarAlarmRecord,
    summary="Dismiss an alarm of a group complaint",
    example={**ALARM, "state": "dismissed", "reason": "unrelated", "judged_at": RECORDED},
    body_example={"reason": "unrelated", "note": "Three different pipes"},
    problems=(404, 422),
)
def post_radar_dismissal(request: HttpRequest, alarm_id: UUID, body: Dismissal) -> Reply:
    """Say that it is none; after `unrelated` the radar asks for more of the project."""
    row = get_object_or_404(_alarms(request), pk=alarm_id)
    actor, now = actor_of(request), timezone.now()
    return Reply(_read(dismiss_alarm(row, reason=body.reason, actor=actor, note=body.note, now=now)), 201)


@endpoint(
    router,
    "POST /radar-alarms/{uuid:alarm_id}/merge",
    permission=CHANGE_RADAR,
    returns=RadarAlarmRecord,
    summary="Merge an alarm into another",
    example={**ALARM, "state": "merged", "merged_into_id": "01a3e5c0-7d10-7b1e-8c55-2f3d9a1b0c43"},
    body_example={"into": "01a3e5c0-7d10-7b1e-8c55-2f3d9a1b0c43"},
    problems=(404, 422),
)
def post_radar_merging(request: HttpRequest, alarm_id: UUID, body: Merging) -> Reply:
    """Say that it is part of another alarm of the project."""
    rows = _alarms(request)
    row = get_object_or_404(rows, pk=alarm_id)
    require_visible(rows, body.into, "into")
    into = rows.get(pk=body.into)
    merged = merge_alarm(row, into, actor=actor_of(request), note=body.note, now=timezone.now())
    return Reply(_read(merged), 201)


def _alarms(request: HttpRequest) -> RadarAlarmQuerySet:
    return RadarAlarm.objects.visible_to(actor_of(request))


def _read(row: RadarAlarm) -> RadarAlarmRecord:
    return RadarAlarmRecord(**{name: getattr(row, name) for name in RadarAlarmRecord.model_fields})
