"""The clocks of cases: made from the cases, the service levels and the calendars of their places.

Whatever they are made from changes, they are made anew by one statement for many cases; what is right already is not
written.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q

from hearth.cases.levels import SERVICE_LEVELS, LevelBook, ServiceLevel
from hearth.cases.models import Case, CasePause, ServiceClock, Step
from hearth.lib.identifiers import uuid7
from hearth.lib.service_clock import Pause, due_moment
from hearth.lib.timetable import Counting, Timetable
from hearth.organization.models import OrgUnit
from hearth.organization.selectors import calendars_for, settings_at_each

PORTION = 20_000
# A clock turns amber when this part of its time is left.
LAST_PART = 4


@dataclass(frozen=True)
class _Matter:
    """What of a case its clocks are made from."""

    id: UUID
    org_unit_id: int
    kind: str
    grade: str
    channel: str
    has_assignee: int | None
    opened_at: datetime
    answered_at: datetime | None
    dispatched_at: datetime | None
    visited_at: datetime | None
    closed_at: datetime | None
    called_back_at: datetime | None
    is_sample: bool


COLUMNS = (
    "id",
    "org_unit_id",
    "kind",
    "grade",
    "channel",
    "assignee_id",
    "opened_at",
    "answered_at",
    "dispatched_at",
    "visited_at",
    "closed_at",
    "called_back_at",
    "is_sample",
)


@dataclass(frozen=True)
class _Wanted:
    """A clock as it should stand, in the order of the statement."""

    id: UUID
    case_id: UUID
    step: str
    started_at: datetime
    minutes: int
    counting: str
    is_pausing: bool
    soon_at: datetime | None
    due_at: datetime | None
    stopped_at: datetime | None
    noticed_at: datetime | None
    is_sample: bool


KEEP = """
    INSERT INTO cases_serviceclock AS known (id, case_id, step, started_at, minutes, counting, is_pausing, soon_at,
        due_at, stopped_at, noticed_at, is_sample, created_at, updated_at)
    SELECT wanted.*, %s, %s FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::timestamptz[], %s::int[],
        %s::text[], %s::bool[], %s::timestamptz[], %s::timestamptz[], %s::timestamptz[], %s::timestamptz[],
        %s::bool[]) AS wanted
    ON CONFLICT (case_id, step) DO UPDATE SET started_at = excluded.started_at, minutes = excluded.minutes,
        counting = excluded.counting, is_pausing = excluded.is_pausing, soon_at = excluded.soon_at,
        due_at = excluded.due_at, stopped_at = excluded.stopped_at, updated_at = excluded.updated_at,
        noticed_at = CASE WHEN excluded.due_at < excluded.updated_at THEN known.noticed_at END
    WHERE known.stopped_at IS NULL
        AND (known.started_at, known.minutes, known.counting, known.is_pausing, known.soon_at, known.due_at,
            known.stopped_at)
        IS DISTINCT FROM (excluded.started_at, excluded.minutes, excluded.counting, excluded.is_pausing,
            excluded.soon_at, excluded.due_at, excluded.stopped_at)
"""
DROP = """
    DELETE FROM cases_serviceclock AS known USING unnest(%s::uuid[]) AS asked (case_id)
    WHERE known.case_id = asked.case_id AND known.stopped_at IS NULL AND NOT EXISTS (
        SELECT FROM unnest(%s::uuid[], %s::text[]) AS wanted (case_id, step)
        WHERE wanted.case_id = known.case_id AND wanted.step = known.step)
"""


def keep_clocks(case_ids: Collection[UUID], *, now: datetime, is_quiet: bool = False) -> int:
    """Make the clocks of some cases what they should be; return how many were written or dropped. Repeatable.

    A step of the acts that change cases; opens no transaction. The number of queries does not depend on that of the
    cases. `is_quiet`: they come from elsewhere; of what is overdue already nobody is told, and nobody calls back now
    whose case was closed long ago.
    """
    columns = Case.objects.filter(pk__in=list(case_ids)).values_list(*COLUMNS)
    matters = [_Matter(*row) for row in columns]
    wanted = _wanted(matters)
    if is_quiet:
        wanted = [_hushed(clock, now) for clock in wanted if not _is_past(clock, now)]
    return _write(matters, wanted, now)


def _wanted(matters: Sequence[_Matter]) -> list[_Wanted]:
    if not matters:
        return []
    pauses, laid = _pauses_of(matters), LevelsAndTimes({matter.org_unit_id for matter in matters})
    return [clock for matter in matters for clock in _clocks(matter, laid, pauses)]


def _write(matters: Sequence[_Matter], wanted: Sequence[_Wanted], now: datetime) -> int:
    if not matters:
        return 0
    columns = [list(column) for column in zip(*map(_tuple, wanted), strict=True)] or [[] for _ in range(12)]
    with connection.cursor() as cursor:
        cursor.execute(KEEP, [now, now, *columns])
        written = cursor.rowcount
        cursor.execute(DROP, [[matter.id for matter in matters], columns[1], columns[2]])
        return int(written + cursor.rowcount)


def _tuple(clock: _Wanted) -> tuple[Any, ...]:
    return tuple(clock.__dict__.values())


def _hushed(clock: _Wanted, now: datetime) -> _Wanted:
    """Return a clock whose breach counts as noticed; only one that is new is written so."""
    if clock.due_at is None or (clock.stopped_at or now) <= clock.due_at:
        return clock
    return _Wanted(**{**clock.__dict__, "noticed_at": now})


def _is_past(clock: _Wanted, now: datetime) -> bool:
    is_call_back = clock.step == Step.CALL_BACK and clock.stopped_at is None
    return is_call_back and clock.due_at is not None and clock.due_at < now


def _pauses_of(matters: Sequence[_Matter]) -> Mapping[UUID, list[Pause]]:
    rows = CasePause.objects.filter(case_id__in=[matter.id for matter in matters]).order_by("began_at", "id")
    pauses: dict[UUID, list[Pause]] = defaultdict(list)
    for case_id, began_at, ended_at in rows.values_list("case_id", "began_at", "ended_at"):
        pauses[case_id].append(Pause(began_at, ended_at))
    return pauses


class LevelsAndTimes:
    """The service levels and timetables of some places; four queries. Places with one calendar share its timetables."""

    def __init__(self, org_unit_ids: Collection[int]) -> None:
        places = list(OrgUnit.objects.filter(pk__in=org_unit_ids))
        levels = settings_at_each({SERVICE_LEVELS.key: SERVICE_LEVELS.default}, places)
        self._calendars = calendars_for(places)
        self._books: dict[str, LevelBook] = {}
        self._tables: dict[Any, Timetable] = {}
        self._at: dict[tuple[int, str], Timetable] = {}
        self.book_at = {place.pk: self._book(levels[place.pk][SERVICE_LEVELS.key].value) for place in places}

    def _book(self, rules: Sequence[Mapping[str, Any]]) -> LevelBook:
        return self._books.setdefault(repr(rules), LevelBook(rules))

    def timetable(self, org_unit_id: int, counting: str) -> Timetable:
        """Return how time is counted at a place."""
        key = org_unit_id, counting
        if key not in self._at:
            calendar = self._calendars[org_unit_id]
            shared = counting, tuple(calendar.hours), frozenset(calendar.overrides.items())
            if shared not in self._tables:
                self._tables[shared] = Timetable(calendar, Counting(counting))
            self._at[key] = self._tables[shared]
        return self._at[key]


def _clocks(
    matter: _Matter, laid: LevelsAndTimes, pauses_of: Mapping[UUID, list[Pause]]
) -> Iterator[_Wanted]:
    """Yield the clocks that have started."""
    levels = laid.book_at[matter.org_unit_id].promised(matter.kind, matter.grade, matter.channel)
    pauses = pauses_of.get(matter.id, ()) if pauses_of else ()
    for step, started_at, stopped_at in _spans(matter):
        level = levels.get(step)
        if level is None or started_at is None:
            continue
        yield _clock(matter, level, started_at, stopped_at, laid, pauses if level.pauses else ())


def _spans(matter: _Matter) -> Iterator[tuple[str, datetime | None, datetime | None]]:
    """Yield from when to when a customer waits for each step; a closed case waits for a call-back alone."""
    closed_at = matter.closed_at
    yield Step.ANSWER, matter.opened_at, matter.answered_at or closed_at
    if matter.dispatched_at or not matter.has_assignee:
        yield Step.DISPATCH, matter.opened_at, matter.dispatched_at or closed_at
    yield Step.ON_SITE, matter.dispatched_at, matter.visited_at or closed_at
    yield Step.SOLUTION, matter.opened_at, closed_at
    yield Step.CALL_BACK, closed_at, matter.called_back_at


def _clock(
    matter: _Matter,
    level: ServiceLevel,
    started_at: datetime,
    stopped_at: datetime | None,
    laid: LevelsAndTimes,
    pauses: Sequence[Pause],
) -> _Wanted:
    table = laid.timetable(matter.org_unit_id, level.counting)
    amount = timedelta(minutes=level.minutes)
    due_at = due_moment(table, started_at, amount, pauses)
    soon_at = due_moment(table, started_at, amount - amount / LAST_PART, pauses) if due_at else None
    return _Wanted(
        uuid7(),
        matter.id,
        level.step,
        started_at,
        level.minutes,
        level.counting,
        level.pauses,
        soon_at,
        due_at,
        max(stopped_at, started_at) if stopped_at else None,
        None,
        matter.is_sample,
    )


@transaction.atomic
def recompute_portion(path: str, *, after: str, now: datetime, go_on: Callable[[str], object]) -> int:
    """Make the clocks of a portion of the cases below a place anew, and have the next portion queued with it.

    Return how many clocks were written. May be repeated: a killed worker repeats one portion and no more.
    """
    waiting = Exists(ServiceClock.objects.running().filter(case=OuterRef("pk")))
    rows = Case.objects.filter(~Q(state=Case.State.CLOSED) | waiting).order_by("pk")
    rows = rows.filter(org_unit__path__startswith=path)
    if after:
        rows = rows.filter(pk__gt=after)
    matters = [_Matter(*row) for row in rows.values_list(*COLUMNS)[:PORTION]]
    written = _write(matters, [_hushed(clock, now) for clock in _wanted(matters)], now)
    if len(matters) == PORTION:
        go_on(str(matters[-1].id))
    return written
