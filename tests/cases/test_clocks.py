"""The clocks of cases: by when what is promised, when they stand, and who is told when a promise is broken."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.utils import translation

from hearth.cases.clock_selectors import clocks_of
from hearth.cases.jobs import recompute
from hearth.cases.levels import SERVICE_LEVELS, SHIPPED, LevelBook
from hearth.cases.models import Case, CasePause, ServiceClock
from hearth.cases.permissions import CHANGE_CASE, VIEW_CASE
from hearth.cases.services import (
    AlreadyWaiting,
    CalledBackBefore,
    CaseIsClosed,
    HandlerCallsBack,
    NewCase,
    NotClosedYet,
    NotWaiting,
    ReasonMissing,
    VisitedBeforeOpened,
    answer_case,
    call_back,
    change_case,
    close_case,
    keep_clocks,
    note_visit,
    open_case,
    pause_case,
    recompute_portion,
    resume_case,
)
from hearth.core.actor import Actor
from hearth.core.errors import NotAllowed
from hearth.core.events import subscribers
from hearth.core.models import EventRecord
from hearth.core.permissions import SIGNED_IN
from hearth.organization.models import OrgUnit
from hearth.organization.selectors import calendar_for
from hearth.organization.services import BadSettingValue, set_calendar_day, set_setting
from tests.cases.builders import make_case, settle
from tests.exports.builders import actor_of
from tests.organization.builders import make_actor, make_member

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
HANDLE = (SIGNED_IN, VIEW_CASE, CHANGE_CASE, "tasks.view", "organization.view")


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """An instant in March 2026 in China; the 18th is a Wednesday."""
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC) - 8 * HOUR


def open_new(place: OrgUnit, opened_at: datetime, **values: Any) -> Case:
    """Take a case in as the desk does."""
    asked: dict[str, Any] = {"kind": "complaint", "channel": "phone", "title": "渗漏", "body": "漏水"}
    new = NewCase(place.pk, opened_at=opened_at, **(asked | values))
    return open_case(new, actor=Actor.system("test"), now=opened_at)


def due(case: Case) -> dict[str, datetime | None]:
    return dict(ServiceClock.objects.filter(case=case).values_list("step", "due_at"))


@pytest.mark.parametrize(
    ("kind", "grade", "channel", "promised"),
    [
        ("complaint", "ordinary", "phone", {"answer": 1440, "dispatch": 120, "solution": 10_080}),
        ("complaint", "ordinary", "forum", {"answer": 2880, "dispatch": 120, "solution": 10_080}),
        ("complaint", "major", "forum", {"answer": 120, "dispatch": 60, "solution": 4320}),
        ("enquiry", "ordinary", "web", {"answer": 240, "solution": 2880}),
        ("repair", "major", "web", {"answer": 60, "dispatch": 120, "on_site": 1440, "solution": 4320}),
        ("praise", "ordinary", "web", {"answer": 1440}),
    ],
)
def test_the_rule_that_names_most_is_the_promise(
    kind: str, grade: str, channel: str, promised: dict[str, int]
) -> None:
    levels = LevelBook(SHIPPED).promised(kind, grade, channel)

    found = {step: level.minutes for step, level in levels.items() if step != "call_back"}
    assert found == promised


@pytest.mark.requirement("S123")
def test_a_complaint_of_friday_evening_is_due_on_monday(company: OrgUnit) -> None:
    case = open_new(company, at(20, 17))

    assert due(case) == {"answer": at(23, 17), "dispatch": at(23, 10), "solution": at(31, 17)}


def test_each_step_stops_its_clock_and_starts_the_next(company: OrgUnit) -> None:
    case = open_new(company, at(18, 9), kind="repair")
    engineer, other = make_member(company, *HANDLE), make_member(company, *HANDLE)
    actor = actor_of(engineer)

    change_case(case, actor=actor, grade="ordinary", assignee=engineer, now=at(18, 10))
    answer_case(case, actor=actor, reply="师傅明天到", now=at(18, 9, 40))
    note_visit(case, actor=actor, visited_at=at(19, 9), now=at(19, 12))
    close_case(case, actor=actor, now=at(19, 15))
    call_back(case, actor=actor_of(other), rating=5, now=at(20, 9))

    stopped = ServiceClock.objects.values_list("step", "started_at", "stopped_at").order_by("step")
    assert list(stopped) == [
        ("answer", at(18, 9), at(18, 9, 40)),
        ("call_back", at(19, 15), at(20, 9)),
        ("dispatch", at(18, 9), at(18, 10)),
        ("on_site", at(18, 10), at(19, 9)),
        ("solution", at(18, 9), at(19, 15)),
    ]


def test_waiting_for_the_customer_stops_the_solution_and_not_the_answer(company: OrgUnit) -> None:
    actor = make_actor(company, VIEW_CASE, CHANGE_CASE)
    case = open_new(company, at(18, 9))

    pause_case(case, actor=actor, reason="papers", now=at(18, 12))
    while_waiting = due(case)
    resume_case(case, actor=actor, now=at(19, 12))

    assert (while_waiting["answer"], while_waiting["solution"]) == (at(19, 9), None)
    assert due(case) == {"answer": at(19, 9), "dispatch": at(18, 11), "solution": at(30, 9)}
    types = list(EventRecord.objects.order_by("position").values_list("type", flat=True))
    assert types == ["cases.opened", "cases.paused", "cases.resumed"]


def test_waiting_is_refused_twice_without_a_reason_and_after_the_end(company: OrgUnit) -> None:
    actor = make_actor(company, VIEW_CASE, CHANGE_CASE)
    case = open_new(company, at(18, 9))

    with pytest.raises(ReasonMissing):
        pause_case(case, actor=actor, reason="other", note=" ", now=at(18, 10))
    with pytest.raises(ReasonMissing):
        pause_case(case, actor=actor, reason="lunch", now=at(18, 10))
    with pytest.raises(NotWaiting):
        resume_case(case, actor=actor, now=at(18, 10))
    pause_case(case, actor=actor, reason="papers", now=at(18, 10))
    with pytest.raises(AlreadyWaiting):
        pause_case(case, actor=actor, reason="papers", now=at(18, 11))
    answer_case(case, actor=actor, reply="好", now=at(18, 11))
    settle(case)
    close_case(case, actor=actor, now=at(18, 12))
    with pytest.raises(CaseIsClosed):
        pause_case(case, actor=actor, reason="papers", now=at(18, 13))

    assert CasePause.objects.get().ended_at == at(18, 12)


def test_who_may_not_change_cases_there_stops_no_clock(company: OrgUnit, neighbour: OrgUnit) -> None:
    case = open_new(company, at(18, 9))

    for actor in (make_actor(neighbour, VIEW_CASE, CHANGE_CASE), make_actor(company, VIEW_CASE)):
        with pytest.raises(NotAllowed):
            pause_case(case, actor=actor, reason="papers", now=at(18, 10))
        with pytest.raises(NotAllowed):
            resume_case(case, actor=actor, now=at(18, 10))
        with pytest.raises(NotAllowed):
            note_visit(case, actor=actor, visited_at=at(18, 10), now=at(18, 10))
        with pytest.raises(NotAllowed):
            call_back(case, actor=actor, rating=5, now=at(18, 10))


def test_somebody_else_calls_back_once_and_after_the_closing(company: OrgUnit) -> None:
    handler, other = make_member(company, *HANDLE), make_member(company, *HANDLE)
    case = open_new(company, at(18, 9))
    change_case(case, actor=actor_of(handler), grade="ordinary", assignee=handler, now=at(18, 9))
    answer_case(case, actor=actor_of(handler), reply="好", now=at(18, 10))

    with pytest.raises(NotClosedYet):
        call_back(case, actor=actor_of(other), rating=5, now=at(18, 11))
    settle(case)
    close_case(case, actor=actor_of(handler), now=at(18, 12))
    with pytest.raises(HandlerCallsBack):
        call_back(case, actor=actor_of(handler), rating=5, now=at(18, 13))
    call_back(case, actor=actor_of(other), rating=3, now=at(19, 9))
    with pytest.raises(CalledBackBefore):
        call_back(case, actor=actor_of(other), rating=5, now=at(19, 10))

    assert Case.objects.get().is_satisfied is True


def test_a_visit_lies_between_the_opening_and_now(company: OrgUnit, actor: Actor) -> None:
    case = open_new(company, at(18, 9), kind="repair")

    for moment in (at(18, 8), at(18, 12)):
        with pytest.raises(VisitedBeforeOpened):
            note_visit(case, actor=actor, visited_at=moment, now=at(18, 11))


def test_a_place_inherits_levels_until_it_sets_its_own_and_a_lock_above_wins(
    group: OrgUnit, company: OrgUnit, neighbour: OrgUnit, actor: Actor, now: datetime
) -> None:
    hour = {"step": "answer", "minutes": 60, "counting": "all_hours"}
    set_setting(SERVICE_LEVELS.key, actor=actor, now=now, org_unit=company, value=[hour])
    own, shipped = open_new(company, at(18, 9)), open_new(neighbour, at(18, 9))
    two = [{**hour, "minutes": 120}]
    set_setting(SERVICE_LEVELS.key, actor=actor, now=now, org_unit=group, value=two, is_locked=True)
    locked = open_new(company, at(18, 9))

    assert due(own) == {"answer": at(18, 10)}
    assert due(shipped)["answer"] == at(19, 9)
    assert due(locked) == {"answer": at(18, 11)}


@pytest.mark.parametrize(
    "value",
    [
        {},
        [1],
        [{"step": "answer", "minutes": 60}],
        [{"step": "answer", "minutes": 0, "counting": "all_hours"}],
        [{"step": "answer", "minutes": True, "counting": "all_hours"}],
        [{"step": "tea", "minutes": 5, "counting": "all_hours"}],
        [{"step": "answer", "minutes": 5, "counting": "all_hours", "moon": "full"}],
        [{"step": "answer", "minutes": 5, "counting": "all_hours"}] * 2,
        [{"step": ["answer"], "minutes": 5, "counting": "all_hours"}],
    ],
)
def test_rules_that_mean_nothing_are_refused(value: Any, group: OrgUnit, actor: Actor, now: datetime) -> None:
    with pytest.raises(BadSettingValue):
        set_setting(SERVICE_LEVELS.key, actor=actor, now=now, org_unit=group, value=value)


def test_hours_of_several_intervals_are_set_at_a_place(
    group: OrgUnit, company: OrgUnit, actor: Actor, now: datetime
) -> None:
    hours = [["09:00", "12:00"], ["13:30", "18:00"]]
    set_setting("organization.hours", actor=actor, now=now, org_unit=group, value=hours)
    with pytest.raises(BadSettingValue):
        set_setting("organization.hours", actor=actor, now=now, org_unit=group, value=[["9", "8"]])

    case = open_new(company, at(18, 11), kind="enquiry")

    assert len(calendar_for(company).hours) == 2
    assert due(case)["answer"] == at(18, 16, 30)


def test_clocks_follow_a_new_holiday_and_other_rules_and_what_is_done_stays(
    company: OrgUnit, actor: Actor, now: datetime
) -> None:
    case, done = open_new(company, at(18, 9)), open_new(company, at(18, 9))
    answer_case(done, actor=actor, reply="好", now=at(18, 10))
    set_calendar_day(date(2026, 3, 19), actor=actor, now=now, org_unit=company, is_working=False)

    recompute(path=company.path)
    by_calendar, kept = due(case), due(done)
    value = [{"step": "answer", "minutes": 30, "counting": "all_hours"}]
    set_setting(SERVICE_LEVELS.key, actor=actor, now=now, org_unit=company, value=value)
    recompute(path=company.path)

    assert by_calendar == {"answer": at(20, 9), "dispatch": at(18, 11), "solution": at(30, 9)}
    assert kept["answer"] == at(19, 9)
    assert due(case) == {"answer": at(18, 9, 30)}
    assert due(done) == {"answer": at(19, 9)}


def test_settings_calendars_and_moves_have_the_clocks_made_anew() -> None:
    names = [key for key in subscribers if key.startswith("hearth.cases.subscribers.")]

    assert sorted(name.rpartition(":")[2] for name in names) == [
        "organization.calendar_day_changed",
        "organization.setting_changed",
        "organization.setting_cleared",
        "organization.unit_moved",
    ]


def test_a_portion_goes_on_and_a_second_run_writes_nothing(
    company: OrgUnit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hearth.cases.services.clocks.PORTION", 2)
    cases = [make_case(company, opened_at=at(18, 9)) for _ in range(3)]
    ServiceClock.objects.all().delete()
    lasts: list[str] = []

    first = recompute_portion(company.path, after="", now=at(18, 10), go_on=lasts.append)
    second = recompute_portion(company.path, after=lasts[-1], now=at(18, 10), go_on=lasts.append)
    again = recompute_portion(company.path, after="", now=at(18, 11), go_on=lasts.append)

    assert (first, second, again) == (6, 3, 0)
    assert [UUID(last) for last in lasts] == [sorted(case.pk for case in cases)[1]] * 2


def test_clocks_cost_as_many_queries_for_ten_as_for_one(
    company: OrgUnit, django_assert_num_queries: Any
) -> None:
    one, ten = [make_case(company)], [make_case(company) for _ in range(10)]

    for cases in (one, ten):
        with django_assert_num_queries(8):
            keep_clocks([case.pk for case in cases], now=at(18, 10))


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            "Solution within 7 working days, counted from 2026-03-18 09:00. Paused for 24 h while we waited for"
            " the customer. Due 2026-03-30 09:00; 5 d 9 h are left.",
        ),
        (
            "zh-hans",
            "解决：自 2026-03-18 09:00 起 7 个工作日内。等待客户期间暂停 24 小时。应于 2026-03-30 09:00"
            " 前完成；还剩 5 天 9 小时。",
        ),
    ],
)
def test_the_tooltip_explains_a_clock_in_words(company: OrgUnit, language: str, words: str) -> None:
    actor = make_actor(company, VIEW_CASE, CHANGE_CASE)
    case = open_new(company, at(18, 9))
    pause_case(case, actor=actor, reason="papers", now=at(18, 12))
    resume_case(case, actor=actor, now=at(19, 12))

    lines = clocks_of(case, actor, now=at(21, 11))

    with translation.override(language):
        assert lines[-1].words == words


def test_holidays_and_make_up_days_are_named(company: OrgUnit, actor: Actor) -> None:
    opened_at = datetime(2026, 2, 13, 2, tzinfo=UTC)
    case = open_new(company, opened_at)

    line = clocks_of(case, actor, now=opened_at + HOUR)[-1]

    with translation.override("en"):
        assert "Days off that do not count: 02-16, 02-17, 02-18, 02-19 and 2 more." in line.words
        assert "Weekend days that are worked: 02-14" in line.words
