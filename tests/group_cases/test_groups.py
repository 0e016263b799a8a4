"""Cases of many households become one group complaint, whose level follows from its households and signs."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from hearth.accounts.models import Notification
from hearth.core.actor import Actor
from hearth.core.errors import DomainError, NotAllowed
from hearth.core.models import EventRecord
from hearth.group_cases.levels import SIGN_RULES, judge_level
from hearth.group_cases.models import GroupCase, GroupChild, GroupHousehold, GroupTelling, LevelChange
from hearth.group_cases.services import (
    CaseElsewhere,
    CaseInAnother,
    GroupChange,
    GroupIsClosed,
    HomeElsewhere,
    NoCases,
    NotInGroup,
    OutcomeMissing,
    SignUnlikely,
    TitleMissing,
    add_household,
    change_group_case,
    close_group_case,
    name_representative,
    note_sign,
    open_group_case,
    take_out_case,
    take_out_household,
    tell_of_levels,
)
from hearth.organization.models import OrgUnit
from hearth.organization.services import set_setting
from tests.cases.builders import NOW, make_case
from tests.customers.builders import make_customer, make_home, make_household, make_merge
from tests.group_cases.builders import SYSTEM, join, make_complaint, make_group_case
from tests.organization.builders import make_actor, make_member

pytestmark = pytest.mark.django_db
RIGHTS = ("cases.view", "cases.change")


def types_of(group: GroupCase) -> list[str]:
    rows = EventRecord.objects.filter(subject_id=group.pk).order_by("position")
    return list(rows.values_list("type", flat=True))


@pytest.mark.requirement("S165")
def test_cases_become_one_group_complaint_of_their_project_with_scale_company_and_year(
    company: OrgUnit,
) -> None:
    cases = [make_complaint(company) for _each in range(3)]

    group = make_group_case(company, cases=cases, topic="渗漏", demand="全部重做防水")

    assert (group.org_unit, group.project, group.opened_at.year) == (company, cases[0].project, 2026)
    assert (group.households, group.level, group.number > 0) == (3, "", True)
    assert set(GroupChild.objects.values_list("case", flat=True)) == {case.pk for case in cases}
    assert types_of(group) == ["group_cases.household_joined"] * 3 + ["group_cases.opened"]


@pytest.mark.parametrize(
    ("households", "level"), [(4, ""), (5, "ordinary"), (19, "ordinary"), (20, "major"), (50, "crisis")]
)
def test_the_number_of_households_makes_the_level(households: int, level: str) -> None:
    rules = {
        SIGN_RULES.key: [],
        "cases.group_ordinary": 5,
        "cases.group_major": 20,
        "cases.group_crisis": 50,
    }

    assert judge_level(households, set(), rules) == (level, "")


def test_a_level_is_judged_anew_with_each_household_and_its_history_is_kept(company: OrgUnit) -> None:
    group = make_group_case(company, 4)

    group = join(group, make_complaint(company))

    assert (group.households, group.level) == (5, "ordinary")
    change = LevelChange.objects.get()
    assert (change.from_level, change.to_level, change.households, change.because) == ("", "ordinary", 5, "")
    assert types_of(group)[-1] == "group_cases.level_changed"


def test_a_place_may_set_other_thresholds(company: OrgUnit, actor: Actor, now: datetime) -> None:
    set_setting("cases.group_ordinary", org_unit=company, value=2, actor=actor, now=now)

    group = make_group_case(company, 2)

    assert group.level == "ordinary"


@pytest.mark.parametrize(
    ("sign", "households", "level"),
    [("banners", 1, "ordinary"), ("banners", 5, "major"), ("online", 5, "ordinary"), ("media", 1, "crisis")],
)
def test_a_sign_makes_it_graver_by_rules_that_are_data(
    company: OrgUnit, sign: str, households: int, level: str
) -> None:
    group = make_group_case(company, households)

    note_sign(group, actor=SYSTEM, what=sign, seen_at=NOW, note="售楼处门口", now=NOW)

    group.refresh_from_db()
    assert group.level == level
    assert LevelChange.objects.filter(group_case=group, to_level=level).exists()


def test_rules_of_signs_can_be_changed(company: OrgUnit, actor: Actor, now: datetime) -> None:
    rule = {"sign": "banners", "households": 1, "level": "crisis"}
    set_setting(SIGN_RULES.key, org_unit=company, value=[rule], actor=actor, now=now)
    group = make_group_case(company)

    note_sign(group, actor=SYSTEM, what="banners", seen_at=NOW, now=NOW)

    group.refresh_from_db()
    assert group.level == "crisis"


@pytest.mark.parametrize(
    "value",
    [
        {"sign": "banners"},
        [{"sign": "banners", "level": "major"}],
        [{"sign": "shouting", "households": 1, "level": "major"}],
        [{"sign": "banners", "households": 0, "level": "major"}],
        [{"sign": "banners", "households": True, "level": "major"}],
        [{"sign": "banners", "households": 1, "level": "huge"}],
        ["banners"],
    ],
)
def test_rules_that_mean_nothing_are_refused(value: object) -> None:
    assert not SIGN_RULES.accepts(value)


def test_one_household_counts_once_however_many_of_it_complain(company: OrgUnit) -> None:
    husband, wife = make_customer(company), make_customer(company)
    make_household(husband, wife)
    husband.refresh_from_db()
    wife.refresh_from_db()
    first, second = make_complaint(company, customer=husband), make_complaint(company, customer=wife)

    group = make_group_case(company, cases=[first, second])

    assert group.households == 1
    household = GroupHousehold.objects.get()
    assert household.case == first
    assert set(household.children.values_list("case", flat=True)) == {first.pk, second.pk}


def test_two_people_of_one_home_count_once(company: OrgUnit) -> None:
    home = make_home(company)

    group = make_group_case(company, cases=[make_complaint(company, home=home) for _each in range(2)])

    assert group.households == 1


def test_a_case_without_a_customer_is_a_child_and_counts_for_nobody(company: OrgUnit) -> None:
    group = make_group_case(company, 4)

    group = join(group, make_case(company, project_id=group.project_id))

    assert (group.households, group.level) == (4, "")
    assert GroupChild.objects.filter(household=None).count() == 1


def test_customers_that_were_merged_count_once_when_the_next_joins(company: OrgUnit) -> None:
    group = make_group_case(company, 3)
    first, second, _third = (row.customer for row in GroupHousehold.objects.order_by("id"))
    make_merge(first, second)

    group = join(group, make_complaint(company))

    assert group.households == 3


def test_a_household_may_join_without_a_case_and_once_only(company: OrgUnit) -> None:
    group, customer = make_group_case(company), make_customer(company)

    first = add_household(group, customer, actor=SYSTEM, now=NOW)
    second = add_household(group, customer, actor=SYSTEM, now=NOW)

    group.refresh_from_db()
    assert (first, first.case, group.households) == (second, None, 2)


def test_a_household_leaves_with_the_last_of_its_cases_and_the_level_falls(company: OrgUnit) -> None:
    group = make_group_case(company, 5)
    child = GroupChild.objects.order_by("id")[0]

    group = take_out_case(child, actor=SYSTEM, now=NOW)

    assert (group.households, group.level) == (4, "")
    assert GroupHousehold.objects.present().count() == 4
    with pytest.raises(NotInGroup):
        take_out_case(child, actor=SYSTEM, now=NOW)
    assert join(group, child.case).households == 5


def test_a_household_that_joined_without_a_case_stays_when_its_case_is_taken_out(company: OrgUnit) -> None:
    group, customer = make_group_case(company), make_customer(company)
    add_household(group, customer, actor=SYSTEM, now=NOW)
    case = make_complaint(company, customer=customer)
    join(group, case)

    group = take_out_case(GroupChild.objects.get(case=case), actor=SYSTEM, now=NOW)

    assert group.households == 2


def test_a_household_that_leaves_takes_its_cases_along_and_speaks_for_nobody(company: OrgUnit) -> None:
    group = make_group_case(company, 2)
    household = GroupHousehold.objects.order_by("id")[0]
    name_representative(household, actor=SYSTEM, is_representative=True, now=NOW)

    take_out_household(household, actor=SYSTEM, because="已单独和解", now=NOW)

    household.refresh_from_db()
    assert (household.left_at, household.left_because, household.is_representative) == (
        NOW,
        "已单独和解",
        False,
    )
    assert GroupChild.objects.present().filter(group_case=group).count() == 1
    with pytest.raises(NotInGroup):
        name_representative(household, actor=SYSTEM, is_representative=True, now=NOW)


def test_what_it_refuses(company: OrgUnit) -> None:
    case, elsewhere = (
        make_complaint(company),
        make_complaint(company, home=make_home(company, project="远山")),
    )
    group = make_group_case(company, cases=[case])
    project = group.project
    refusals: list[tuple[type[DomainError], Callable[[], object]]] = [
        (CaseInAnother, lambda: make_group_case(company, cases=[case])),
        (CaseElsewhere, lambda: join(group, elsewhere)),
        (NoCases, lambda: join(group)),
        (NoCases, lambda: open_group_case(project, actor=SYSTEM, cases=[], title="x", now=NOW)),
        (TitleMissing, lambda: open_group_case(project, actor=SYSTEM, cases=[case], title=" ", now=NOW)),
        (TitleMissing, lambda: change_group_case(group, GroupChange(title=""), actor=SYSTEM, now=NOW)),
        (SignUnlikely, lambda: note_sign(group, actor=SYSTEM, what="noise", seen_at=NOW, now=NOW)),
        (
            SignUnlikely,
            lambda: note_sign(group, actor=SYSTEM, what="media", seen_at=NOW + timedelta(seconds=1), now=NOW),
        ),
        (
            HomeElsewhere,
            lambda: add_household(group, make_customer(company), unit=elsewhere.unit, actor=SYSTEM, now=NOW),
        ),
        (OutcomeMissing, lambda: close_group_case(group, actor=SYSTEM, outcome=" ", now=NOW)),
    ]

    for refusal, act in refusals:
        with pytest.raises(refusal):
            act()
    assert GroupCase.objects.count() == 1


def test_a_closed_group_complaint_does_not_change(company: OrgUnit) -> None:
    group = make_group_case(company)
    child, household = GroupChild.objects.get(), GroupHousehold.objects.get()

    close_group_case(group, actor=SYSTEM, outcome="全部和解", now=NOW)

    acts: list[Callable[[], object]] = [
        lambda: join(group, make_complaint(company)),
        lambda: take_out_case(child, actor=SYSTEM, now=NOW),
        lambda: take_out_household(household, actor=SYSTEM, now=NOW),
        lambda: note_sign(group, actor=SYSTEM, what="media", seen_at=NOW, now=NOW),
        lambda: change_group_case(group, GroupChange(title="x"), actor=SYSTEM, now=NOW),
        lambda: close_group_case(group, actor=SYSTEM, outcome="x", now=NOW),
    ]
    for act in acts:
        with pytest.raises(GroupIsClosed):
            act()


def test_changing_words_tells_which_and_nothing_when_nothing_did(company: OrgUnit) -> None:
    group = make_group_case(company)
    said = GroupChange(title=group.title, topic="窗户渗漏", facts="外窗批次 A-17")

    change_group_case(group, said, actor=SYSTEM, now=NOW)
    change_group_case(group, said, actor=SYSTEM, now=NOW)

    events = EventRecord.objects.filter(type="group_cases.changed")
    assert [event.payload["changed"] for event in events] == [["topic", "facts"]]


def test_who_may_not_change_cases_there_opens_nothing(company: OrgUnit, neighbour: OrgUnit) -> None:
    cases = [make_complaint(company)]
    for actor in (make_actor(company, "cases.view"), make_actor(neighbour, *RIGHTS)):
        with pytest.raises(NotAllowed):
            make_group_case(company, cases=cases, actor=actor)
    assert make_group_case(company, cases=cases, actor=make_actor(company, *RIGHTS)).households == 1


def test_a_case_at_a_place_where_one_may_not_change_cases_is_refused(
    company: OrgUnit, neighbour: OrgUnit
) -> None:
    foreign = make_case(neighbour)
    group = make_group_case(company)

    with pytest.raises(NotAllowed):
        join(group, foreign, actor=make_actor(company, *RIGHTS))


def test_only_who_answers_for_cases_closes_a_group_complaint(company: OrgUnit) -> None:
    group = make_group_case(company)

    with pytest.raises(NotAllowed):
        close_group_case(group, actor=make_actor(company, *RIGHTS), outcome="和解", now=NOW)
    overseer = make_actor(company, *RIGHTS, "cases.oversee")
    assert close_group_case(group, actor=overseer, outcome="和解", now=NOW).state == "closed"


def test_those_whom_a_level_concerns_are_told_once_each(company: OrgUnit, group: OrgUnit) -> None:
    region = company.parent
    assert region is not None
    watching = {
        place.kind: make_member(place, "cases.view", "cases.oversee") for place in (company, region, group)
    }
    row = make_group_case(company, 5)

    told = tell_of_levels(now=NOW)
    note_sign(row, actor=SYSTEM, what="banners", seen_at=NOW, now=NOW)
    again = tell_of_levels(now=NOW)
    note_sign(row, actor=SYSTEM, what="media", seen_at=NOW, now=NOW)
    at_last = tell_of_levels(now=NOW)

    assert (told, again, at_last, tell_of_levels(now=NOW)) == (1, 2, 3, 0)
    assert {kind: Notification.objects.filter(user=user).count() for kind, user in watching.items()} == {
        "city_company": 3,
        "region": 2,
        "group": 1,
    }
    assert GroupTelling.objects.waiting().count() == 0


def test_where_nobody_watches_it_is_tried_again_after_an_hour(company: OrgUnit) -> None:
    make_group_case(company, 5)

    assert tell_of_levels(now=NOW) == 0
    make_member(company, "cases.view", "cases.oversee")

    assert tell_of_levels(now=NOW + timedelta(minutes=59)) == 0
    assert tell_of_levels(now=NOW + timedelta(minutes=60)) == 1


def test_the_database_takes_a_household_a_home_and_a_case_once(company: OrgUnit) -> None:
    group = make_group_case(company)
    child, household = GroupChild.objects.get(), GroupHousehold.objects.get()

    def again(row: GroupChild | GroupHousehold, **changed: object) -> None:
        row.pk = None
        for name, value in changed.items():
            setattr(row, name, value)
        with transaction.atomic():
            type(row)(
                **{each.attname: getattr(row, each.attname) for each in row._meta.fields if each.name != "id"}
            ).save(force_insert=True)

    with pytest.raises(IntegrityError, match="a_case_is_in_one_group_case_at_a_time"):
        again(child)
    with pytest.raises(IntegrityError, match="a_household_is_in_a_group_case_once"):
        again(household, unit_id=None)
    with pytest.raises(IntegrityError, match="a_home_is_in_a_group_case_once"):
        again(household, household_key=group.pk, unit_id=household.unit_id or child.case.unit_id)
