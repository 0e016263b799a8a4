"""Making the clocks of 100,000 open cases anew after the calendar of the group changed."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import cycle, islice
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from benchmarks.load import Times, timed
from hearth.cases.models import Case, CasePause, ServiceClock
from hearth.cases.services import NewCase, keep_clocks, recompute_portion, write_cases
from hearth.channels.models import Channel
from hearth.core.actor import Actor
from hearth.lib.identifiers import uuid7
from hearth.organization.models import CalendarDay, OrgUnit

if TYPE_CHECKING:
    from benchmarks.works import Stage

OPEN, EVERY_PAUSED, AT_ONCE = 100_000, 10, 10_000
SYSTEM = Actor.system("bench")
MARK = "BENCH-CLOCK-"
OURS = f"(SELECT id FROM cases_case WHERE external_key LIKE '{MARK}%')"
LEFT_BEHIND = (
    f"DELETE FROM core_eventrecord WHERE subject_id IN {OURS}",
    f"DELETE FROM cases_casepause WHERE case_id IN {OURS}",
    f"DELETE FROM cases_serviceclock WHERE case_id IN {OURS}",
    f"DELETE FROM cases_case WHERE external_key LIKE '{MARK}%'",
)


def recompute_all(stage: "Stage") -> Times:
    """Make all clocks anew when each of them changes: every tenth case was paused for a day."""
    if not Case.objects.filter(external_key__startswith=MARK).exists():
        _open_many()
    closed = _close_some_days()
    written: list[int] = []
    times = timed(lambda: written.extend(_recompute()))
    CalendarDay.objects.filter(pk__in=closed).delete()
    stage.notes["running clocks"] = ServiceClock.objects.running().count()
    stage.notes["clocks written anew"] = sum(written)
    return times


def _open_many() -> None:
    now = timezone.now()
    cases = list(_new_cases())
    for start in range(0, OPEN, AT_ONCE):
        with transaction.atomic():
            rows = write_cases(cases[start : start + AT_ONCE], actor=SYSTEM, now=now)
            paused = rows[::EVERY_PAUSED]
            CasePause.objects.bulk_create(_pause(row, now) for row in paused)
            keep_clocks([row.pk for row in paused], now=now)


def _new_cases() -> Iterator[NewCase]:
    now = timezone.now()
    places = list(OrgUnit.objects.filter(kind=OrgUnit.Kind.CITY_COMPANY).values_list("pk", flat=True))
    kinds = (Case.Kind.COMPLAINT, Case.Kind.REPAIR, Case.Kind.ENQUIRY, Case.Kind.SUGGESTION)
    mixed = zip(cycle(places), cycle(kinds), cycle(Case.Grade), cycle(Channel), strict=False)
    for number, (place, kind, grade, channel) in enumerate(islice(mixed, OPEN)):
        yield NewCase(
            place,
            kind,
            f"渗漏 {number}",
            "墙面起皮",
            channel,
            opened_at=now - timedelta(minutes=number % 8_000),
            grade=grade,
            external_key=f"{MARK}{number}",
        )


def _pause(case: Case, now: datetime) -> CasePause:
    began_at = case.opened_at
    return CasePause(
        id=uuid7(),
        case=case,
        reason=CasePause.Reason.PAPERS,
        began_at=began_at,
        ended_at=began_at + timedelta(days=1),
        created_at=now,
        updated_at=now,
    )


def _close_some_days() -> list[int]:
    """Have the group rest on the last days and the coming ones; return what was written."""
    group, today = OrgUnit.objects.get(depth=0), timezone.localdate()
    days = [
        CalendarDay.objects.get_or_create(
            org_unit=group, day_date=today + timedelta(days=ahead), defaults={"is_working": False}
        )
        for ahead in range(-2, 4)
    ]
    return [day.pk for day, is_new in days if is_new]


def _recompute() -> Iterator[int]:
    now, lasts = timezone.now(), [""]
    while lasts:
        yield recompute_portion("", after=lasts.pop(), now=now, go_on=lasts.append)


def rewrite_alone(stage: "Stage") -> Times:
    """UPDATE all running clocks in one statement, and take it back."""

    def rewrite() -> None:
        with stage.owner.transaction(force_rollback=True):
            stage.owner.execute(
                "UPDATE cases_serviceclock SET due_at = due_at + interval '1 s', soon_at = soon_at + interval '1 s'"
                " WHERE stopped_at IS NULL"
            )

    return timed(rewrite)
