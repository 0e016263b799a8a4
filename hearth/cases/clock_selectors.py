"""How the clocks of cases stand."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from hearth.cases.models import Case, CasePause, ServiceClock, Step
from hearth.cases.services.clocks import LevelsAndTimes
from hearth.cases.wording import ClockLine, Standing
from hearth.core.actor import Actor
from hearth.lib.service_clock import Clock, ClockState, Pause, read_clock, state_of

ORDER = {step: place for place, step in enumerate(Step.values)}
FIRST = (ClockState.OVERDUE, ClockState.RUNNING, ClockState.PAUSED)


def clocks_of(case: Case, actor: Actor, *, now: datetime) -> Sequence[ClockLine]:
    """Return the clocks of a case with their explanations, in the order of the steps; six queries at most."""
    rows = list(ServiceClock.objects.visible_to(actor).filter(case=case))
    if not rows:
        return []
    laid = LevelsAndTimes({case.org_unit_id})
    stood = CasePause.objects.visible_to(actor).filter(case=case).order_by("began_at", "id")
    pauses = [Pause(each.began_at, each.ended_at) for each in stood]
    rows.sort(key=lambda row: ORDER[row.step])
    return [_line(row, pauses if row.is_pausing else [], laid, case.org_unit_id, now) for row in rows]


def _line(
    row: ServiceClock, pauses: Sequence[Pause], laid: LevelsAndTimes, org_unit_id: int, now: datetime
) -> ClockLine:
    clock = Clock(row.started_at, timedelta(minutes=row.minutes), pauses, row.stopped_at)
    table = laid.timetable(org_unit_id, row.counting)
    return ClockLine(_standing(row, now), read_clock(clock, table, now=now))


def _standing(row: ServiceClock, now: datetime) -> Standing:
    """Say how a clock stands, from its row alone: without a due moment it is held up by a pause."""
    state = state_of(
        Clock(row.started_at, timedelta(minutes=row.minutes), (), row.stopped_at), row.due_at, now=now
    )
    if state == ClockState.RUNNING and row.due_at is None:
        state = ClockState.PAUSED
    is_soon = state == ClockState.RUNNING and row.soon_at is not None and row.soon_at <= now
    return Standing(row.step, state, is_soon, row.due_at, row.stopped_at)


def most_urgent(cases: Iterable[Case], actor: Actor, *, now: datetime) -> Mapping[UUID, Standing]:
    """Return of each case the promise that presses most: overdue longest, else next due, else standing. One query."""
    rows = ServiceClock.objects.visible_to(actor).running().filter(case__in=[case.pk for case in cases])
    standings: dict[UUID, list[Standing]] = defaultdict(list)
    for row in rows:
        standings[row.case_id].append(_standing(row, now))
    return {case_id: min(found, key=_urgency) for case_id, found in standings.items()}


def _urgency(standing: Standing) -> tuple[int, float]:
    due = standing.due_at.timestamp() if standing.due_at else 0.0
    return FIRST.index(standing.state), due


def open_pause(case: Case, actor: Actor) -> CasePause | None:
    """Return the time in which we wait for the customer now, if we do; one query."""
    return CasePause.objects.visible_to(actor).open().filter(case=case).first()
