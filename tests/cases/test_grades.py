"""Grades by rules, group complaints by households, and the ladder: who above is told, when, and once."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from hearth.accounts.models import Notification, User
from hearth.cases.grades import GRADE_RULES, LADDER, SHIPPED_GRADES, grade_of
from hearth.cases.models import Case, CaseSignal, Escalation, GradeChange, ServiceClock
from hearth.cases.permissions import CHANGE_CASE, OVERSEE_CASE, VIEW_CASE
from hearth.cases.services import (
    AtTheTop,
    CaseIsClosed,
    SignalUnlikely,
    answer_case,
    change_case,
    close_case,
    escalate_case,
    note_signal,
    notice_breaches,
    regrade_old,
    tell_escalations,
)
from hearth.core.actor import Actor
from hearth.core.errors import NotAllowed
from hearth.core.models import EventRecord
from hearth.core.permissions import SIGNED_IN
from hearth.organization.models import OrgUnit
from hearth.organization.services import BadSettingValue, set_setting
from tests.cases.builders import settle
from tests.cases.test_clocks import HANDLE, at, open_new
from tests.customers.test_merge_races import at_once
from tests.organization.builders import make_actor, make_member, sign_in

pytestmark = pytest.mark.django_db
NOW = at(18, 10)


@pytest.fixture
def ladder(group: OrgUnit, company: OrgUnit) -> dict[str, User]:
    """Who watches over cases at each level."""
    places = {"city_company": company, "region": OrgUnit.objects.get(code="S"), "group": group}
    return {level: make_member(place, SIGNED_IN, VIEW_CASE, OVERSEE_CASE) for level, place in places.items()}


def levels_told(ladder: dict[str, User]) -> list[str]:
    told = Notification.objects.filter(kind__startswith="cases.escalated").values_list("user", flat=True)
    names = {user.pk: level for level, user in ladder.items()}
    return sorted(names[user_id] for user_id in told)


@pytest.mark.parametrize(
    ("current", "facts", "grade"),
    [
        ("ordinary", {"media": 1}, ("major", "media")),
        ("ordinary", {"online": 2}, ("hot", "online")),
        ("ordinary", {"amount": 4_999}, None),
        ("ordinary", {"amount": 5_000}, ("important", "amount")),
        ("ordinary", {"amount": 20_000}, ("major", "amount")),
        ("ordinary", {"dissatisfied": 1}, None),
        ("ordinary", {"dissatisfied": 2}, ("important", "dissatisfied")),
        ("ordinary", {"households": 5}, ("major", "households")),
        ("ordinary", {"age": 89}, ("important", "age")),
        ("important", {"age": 90}, ("major", "age")),
        ("major", {"online": 1}, None),
        ("hot", {"dissatisfied": 9}, None),
    ],
)
def test_the_gravest_rule_that_fits_raises_a_grade_and_none_lowers_it(
    current: str, facts: dict[str, int], grade: tuple[str, str] | None
) -> None:
    assert grade_of(current, facts, SHIPPED_GRADES) == grade


def test_media_make_a_case_major_with_history_new_clocks_and_all_levels_told_in_time(
    company: OrgUnit, ladder: dict[str, User]
) -> None:
    actor = make_actor(company, VIEW_CASE, CHANGE_CASE)
    case = open_new(company, at(18, 9))

    note_signal(case, actor=actor, what="media", note="晚报来电", now=NOW)
    told = tell_escalations(now=NOW + timedelta(seconds=15))

    change = GradeChange.objects.get()
    assert (change.from_grade, change.to_grade, change.because) == ("ordinary", "major", "media")
    assert change.user_id == actor.user_id
    assert ServiceClock.objects.get(step="answer").due_at == at(18, 11)
    assert (told, levels_told(ladder)) == (3, ["city_company", "group", "region"])
    proofs = Escalation.objects.order_by("level").values_list("level", "told_at", "told_ids")
    assert [(level, at_, ids) for level, at_, ids in proofs] == [
        (level, NOW + timedelta(seconds=15), [ladder[level].pk])
        for level in ("city_company", "group", "region")
    ]
    assert Escalation.objects.get(level="city_company").due_at == NOW + timedelta(minutes=30)
    assert EventRecord.objects.filter(type="cases.escalated", payload__is_in_time=True).count() == 3


def test_two_looks_tell_nobody_twice(company: OrgUnit, actor: Actor, ladder: dict[str, User]) -> None:
    note_signal(open_new(company, at(18, 9)), actor=actor, what="lawsuit", now=NOW)
    note_signal(Case.objects.get(), actor=actor, what="injury", now=NOW)

    looks = [tell_escalations(now=NOW + timedelta(minutes=minute)) for minute in (1, 2)]

    assert (looks, levels_told(ladder)) == ([3, 0], ["city_company", "group", "region"])


@pytest.mark.parametrize(
    ("households", "level", "told"),
    [
        (4, "", []),
        (5, "ordinary", ["city_company"]),
        (19, "ordinary", ["city_company"]),
        (20, "major", ["city_company", "region"]),
        (50, "crisis", ["city_company", "group", "region"]),
    ],
)
def test_a_group_complaint_has_its_level_by_households(
    households: int, level: str, told: list[str], group: OrgUnit, company: OrgUnit, actor: Actor,
    ladder: dict[str, User],
) -> None:  # fmt: skip
    set_setting(GRADE_RULES.key, actor=actor, now=NOW, org_unit=group, value=[])
    case = open_new(company, at(18, 9))

    note_signal(case, actor=actor, what="households", number=Decimal(households), now=NOW)
    tell_escalations(now=NOW)

    case.refresh_from_db()
    assert (case.households, case.group_level, levels_told(ladder)) == (households, level, told)


@pytest.mark.parametrize(
    ("what", "number"),
    [
        ("amount", None),
        ("amount", Decimal(0)),
        ("media", Decimal(1)),
        ("rain", None),
        ("households", Decimal("1.5")),
    ],
)
def test_a_signal_that_means_nothing_is_refused(
    what: str, number: Decimal | None, company: OrgUnit, actor: Actor
) -> None:
    with pytest.raises(SignalUnlikely):
        note_signal(open_new(company, at(18, 9)), actor=actor, what=what, number=number, now=NOW)

    assert CaseSignal.objects.count() == 0


def test_a_complaint_that_is_open_for_long_is_raised_step_by_step(company: OrgUnit) -> None:
    case = open_new(company, at(18, 9))

    raised = [regrade_old(now=at(18, 9) + timedelta(days=days)) for days in (12, 12)]
    late = [regrade_old(now=at(18, 9) + timedelta(days=12)) for _look in range(2)]
    Case.objects.filter(pk=case.pk).update(opened_at=at(18, 9) - timedelta(days=100))
    raised.append(regrade_old(now=at(18, 9)))
    raised.append(regrade_old(now=at(18, 10)))

    assert (raised, late) == ([0, 0, 1, 0], [0, 0])
    steps = GradeChange.objects.order_by("id").values_list("from_grade", "to_grade", "because")
    assert list(steps) == [("ordinary", "important", "age"), ("important", "major", "age")]


def test_a_colleague_s_own_judgement_stands_in_the_history(company: OrgUnit, actor: Actor) -> None:
    case = open_new(company, at(18, 9))

    change_case(case, actor=actor, grade="hot", assignee=None, now=NOW)
    change_case(case, actor=actor, grade="ordinary", assignee=None, now=NOW)

    assert list(GradeChange.objects.order_by("id").values_list("to_grade", "because")) == [
        ("hot", ""),
        ("ordinary", ""),
    ]
    assert Escalation.objects.get().level == "city_company"


def test_a_broken_promise_climbs_when_it_stays_broken(
    company: OrgUnit, actor: Actor, ladder: dict[str, User]
) -> None:
    open_new(company, at(18, 9), kind="praise")
    notice_breaches(now=at(19, 9, 1))

    looks = [tell_escalations(now=at(19, 9, 1) + timedelta(hours=hours)) for hours in (3, 4, 5, 24, 48)]

    assert (looks, levels_told(ladder)) == ([0, 1, 0, 1, 0], ["group", "region"])


def test_what_was_mended_meanwhile_is_told_to_nobody_above(
    company: OrgUnit, actor: Actor, ladder: dict[str, User]
) -> None:
    case = open_new(company, at(18, 9), kind="praise")
    notice_breaches(now=at(19, 9, 1))
    answer_case(case, actor=actor, reply="谢谢", now=at(19, 10))

    told = tell_escalations(now=at(25, 9))

    assert (told, levels_told(ladder)) == (0, [])
    assert Escalation.objects.filter(withdrawn_at=at(25, 9)).count() == 2


def test_a_customer_climbs_level_by_level_to_the_group(company: OrgUnit, ladder: dict[str, User]) -> None:
    actor = make_actor(company, VIEW_CASE, CHANGE_CASE)
    case = open_new(company, at(18, 9))

    for hours in range(3):
        escalate_case(
            case, actor=actor, by_customer=True, note="要求集团处理", now=NOW + timedelta(hours=hours)
        )
    with pytest.raises(AtTheTop):
        escalate_case(case, actor=actor, by_customer=True, now=NOW + timedelta(hours=4))

    asked = Escalation.objects.order_by("told_at").values_list("level", "told_at", "because")
    assert list(asked) == [
        (level, NOW + timedelta(hours=hours), "customer")
        for hours, level in enumerate(("city_company", "region", "group"))
    ]
    assert levels_told(ladder) == ["city_company", "group", "region"]


def test_where_nobody_watches_the_next_above_is_told_or_it_is_tried_again(
    group: OrgUnit, company: OrgUnit, actor: Actor
) -> None:
    case = open_new(company, at(18, 9))
    escalate_case(case, actor=actor, by_customer=False, now=NOW)
    nobody = Escalation.objects.get()
    boss = make_member(group, SIGNED_IN, OVERSEE_CASE)

    looks = [tell_escalations(now=NOW + timedelta(minutes=minutes)) for minutes in (1, 61)]

    told = Escalation.objects.get()
    assert (nobody.told_at, looks) == (None, [0, 1])
    assert (told.told_ids, told.place) == ([boss.pk], group)
    assert EventRecord.objects.get(type="cases.escalated").payload["is_in_time"] is False


def test_who_may_not_change_cases_there_escalates_and_notes_nothing(
    company: OrgUnit, neighbour: OrgUnit, actor: Actor
) -> None:
    case = open_new(company, at(18, 9))

    for stranger in (make_actor(neighbour, VIEW_CASE, CHANGE_CASE), make_actor(company, VIEW_CASE)):
        with pytest.raises(NotAllowed):
            note_signal(case, actor=stranger, what="media", now=NOW)
        with pytest.raises(NotAllowed):
            escalate_case(case, actor=stranger, by_customer=True, now=NOW)
    answer_case(case, actor=actor, reply="好", now=NOW)
    settle(case)
    close_case(case, actor=actor, now=NOW)
    with pytest.raises(CaseIsClosed):
        note_signal(case, actor=actor, what="media", now=NOW)
    with pytest.raises(CaseIsClosed):
        escalate_case(case, actor=actor, by_customer=True, now=NOW)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        (GRADE_RULES.key, [{"when": "amount", "grade": "major"}]),
        (GRADE_RULES.key, [{"when": "media", "grade": "major", "at_least": 2}]),
        (GRADE_RULES.key, [{"when": ["media"], "grade": "major"}]),
        (GRADE_RULES.key, [{"when": "media", "grade": "huge"}]),
        (LADDER.key, [{"because": "broken", "level": "moon", "after": 0, "within": 5}]),
        (LADDER.key, [{"because": "broken", "level": "group", "after": 0, "within": 0}]),
        (LADDER.key, [{"because": "broken", "level": "group", "after": 0, "within": 5, "of": "major"}]),
        (LADDER.key, {}),
    ],
)
def test_rules_of_grades_that_mean_nothing_are_refused(
    key: str, value: Any, group: OrgUnit, actor: Actor
) -> None:
    with pytest.raises(BadSettingValue):
        set_setting(key, actor=actor, now=NOW, org_unit=group, value=value)


def test_signals_and_escalations_are_worked_in_the_browser(
    client: Client, company: OrgUnit, ladder: dict[str, User]
) -> None:
    desk = sign_in(client, make_member(company, *HANDLE))
    case = open_new(company, datetime.now(tz=UTC) - timedelta(hours=1))
    page = reverse("cases:case", args=[case.pk])

    refused = desk.post(reverse("cases:signal", args=[case.pk]), {"what": "amount"})
    noted = desk.post(reverse("cases:signal", args=[case.pk]), {"what": "amount", "number": "8000"})
    odd = desk.post(reverse("cases:escalate", args=[case.pk]), {"by_customer": "perhaps"})
    escalated = desk.post(reverse("cases:escalate", args=[case.pk]), {"by_customer": "yes", "note": "不满"})
    shown = desk.get(page).content.decode()

    statuses = [answer.status_code for answer in (refused, noted, odd, escalated)]
    assert statuses == [422, 303, 422, 303]
    assert (str(ladder["city_company"]) in shown, "· 8000" in shown, "不满" in shown) == (True, True, True)
    assert Case.objects.get().grade == "important"


@pytest.mark.django_db(transaction=True)
def test_of_two_who_look_at_once_each_level_is_told_by_one(
    company: OrgUnit, actor: Actor, ladder: dict[str, User]
) -> None:
    for _number in range(4):
        note_signal(open_new(company, at(18, 9)), actor=actor, what="media", now=NOW)
    told: list[int] = []

    at_once(*[lambda: told.append(tell_escalations(now=NOW)) for _look in range(3)])
    told.append(tell_escalations(now=NOW))

    assert (sum(told), len(levels_told(ladder))) == (12, 12)
