"""Figures of cases: what is counted, parted in every way, and only where the reader sees the cases."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from hearth.case_figures.figures import PARTINGS, Line, figures
from hearth.case_figures.forms import periods
from hearth.cases.models import CallBack, Case, Escalation, ServiceClock, Step
from hearth.cases.permissions import OVERSEE_CASE, VIEW_CASE
from hearth.core.actor import Actor
from hearth.core.permissions import SIGNED_IN
from hearth.organization.models import OrgUnit
from hearth.properties.models import Unit
from hearth.properties.permissions import VIEW_PROPERTY
from hearth.properties.spans import PartedTable, Span
from hearth.repairs.models import RepairOrder
from tests.api.builders import make_program
from tests.cases.builders import NOW, cause_of, make_case, settle
from tests.customers.builders import make_home
from tests.organization.builders import make_actor, make_member, make_org_unit, sign_in
from tests.query_counts import count_queries
from tests.repairs.builders import make_order

pytestmark = pytest.mark.django_db
MARCH = Span(date(2026, 3, 1), date(2026, 3, 31))
LATER = NOW + timedelta(days=10)
DAY = timedelta(days=1)


def asked(
    by: str, actor: Actor, *, span: Span = MARCH, kind: str = "", now: datetime = LATER
) -> PartedTable[Line]:
    return figures(span, by, kind, actor, now=now)


def reader(company: OrgUnit) -> Actor:
    return make_actor(company, VIEW_CASE, VIEW_PROPERTY)


def answered(company: OrgUnit, after: timedelta, **values: Any) -> Case:
    return make_case(company, reply="好", answered_at=NOW + after, **values)


def closed(company: OrgUnit, **values: Any) -> Case:
    return answered(company, timedelta(hours=1), closed_at=NOW + timedelta(hours=2), **values)


def called_back(case: Case, *, rating: int) -> None:
    CallBack.objects.create(
        case=case, rating=rating, has_reopened=rating <= 2, created_at=LATER, updated_at=LATER
    )
    content = rating > 2
    state = {"state": "closed"} if content else {"state": "answered", "closed_at": None}
    called = {"called_back_at": LATER, "is_satisfied": True} if content else {}
    Case.objects.filter(pk=case.pk).update(**state, **called)


def solved(case: Case, *, due_at: datetime, stopped_at: datetime | None) -> None:
    ServiceClock.objects.filter(case=case, step=Step.SOLUTION).delete()
    ServiceClock.objects.create(
        case=case,
        step=Step.SOLUTION,
        started_at=NOW,
        minutes=60,
        counting="all_hours",
        is_pausing=False,
        due_at=due_at,
        stopped_at=stopped_at,
        created_at=NOW,
        updated_at=NOW,
    )


def test_an_answer_is_judged_after_a_day_or_when_it_was_given(company: OrgUnit) -> None:
    answered(company, timedelta(hours=23))
    answered(company, timedelta(hours=25))
    make_case(company)
    make_case(company, opened_at=LATER - timedelta(hours=3))

    line = asked("company", reader(company)).total

    assert (line.cases, line.judged_answers, line.answered_in_a_day) == (4, 3, 1)
    assert line.day_rate == pytest.approx(1 / 3)


def test_a_solution_is_judged_when_it_was_done_or_due(company: OrgUnit) -> None:
    kept, late, overdue, open_still = (make_case(company) for _ in range(4))
    solved(kept, due_at=NOW + DAY, stopped_at=NOW + DAY)
    solved(late, due_at=NOW + DAY, stopped_at=NOW + 2 * DAY)
    solved(overdue, due_at=NOW + DAY, stopped_at=None)
    solved(open_still, due_at=datetime(2999, 1, 1, tzinfo=NOW.tzinfo), stopped_at=None)

    line = asked("company", reader(company)).total

    assert (line.judged_solutions, line.solved_in_time) == (3, 1)


def test_right_at_once_is_what_was_neither_opened_nor_repaired_again(company: OrgUnit) -> None:
    closed(company)
    called_back(closed(company), rating=5)
    called_back(closed(company), rating=1)
    again = make_order(company)
    Case.objects.filter(pk=again.case_id).update(state="closed", closed_at=NOW, answered_at=NOW, reply="好")
    RepairOrder.objects.filter(pk=again.pk).update(repeat_of=make_order(company))

    line = asked("company", reader(company)).total

    assert (line.closed, line.right_at_once, line.repeated) == (3, 2, 1)
    assert (line.called_back, line.satisfied) == (2, 1)


def test_whom_somebody_above_was_told_of_counts_once_and_withdrawn_ones_not(company: OrgUnit) -> None:
    told, withdrawn = make_case(company), make_case(company)
    about = {"level": "city_company", "because": "customer", "tell_at": NOW, "due_at": NOW}
    stamps = {"created_at": NOW, "updated_at": NOW}
    for key in ("a", "b"):
        Escalation.objects.create(case=told, key=key, **about, **stamps)
    Escalation.objects.create(case=withdrawn, key="c", withdrawn_at=NOW, **about, **stamps)

    assert asked("company", reader(company)).total.climbed == 1


def test_complaints_are_set_beside_the_households_of_each_place(company: OrgUnit, neighbour: OrgUnit) -> None:
    for state in (Unit.State.DELIVERED, Unit.State.CONTRACTED, Unit.State.AVAILABLE):
        home = make_home(company)
        Unit.objects.filter(pk=home.pk).update(state=state)
    make_case(company)
    make_case(company, kind="enquiry")

    [line] = asked("company", reader(company)).lines

    assert (line.complaints, line.households, line.per_ten_thousand) == (1, 2, 5_000)


def test_a_company_counts_the_cases_and_homes_of_its_projects(company: OrgUnit) -> None:
    team = make_org_unit(company, kind=OrgUnit.Kind.PROJECT_TEAM)
    for place in (company, team):
        make_case(place)
        Unit.objects.filter(pk=make_home(place, project=f"项目{place.pk}").pk).update(state="delivered")

    [line] = asked("company", reader(company)).lines

    assert (line.label, line.cases, line.households) == (str(company), 2, 2)


def label_of(by: str, company: OrgUnit) -> Callable[[OrgUnit], str]:
    """Write a case for each way of parting, and say under which label it stands."""
    return {
        "company": lambda place: str(make_case(place).org_unit),
        "project": _of_project,
        "category": lambda place: (make_case(place, category_id=cause_of().pk), "工程质量")[1],
        "cause": lambda place: (settle(make_case(place)), "渗漏")[1],
        "contractor": lambda place: (settle(make_case(place)), "三建")[1],
        "age": _of_age,
        "kind": lambda place: (make_case(place), "投诉")[1],
        "channel": lambda place: (make_case(place, channel="email"), "电子邮箱")[1],
        "month": lambda place: (make_case(place), "2026-03")[1],
        "person": _of_person,
    }[by]


def _of_project(company: OrgUnit) -> str:
    home = make_home(company)
    make_case(company, unit_id=home.pk, project_id=home.project_id)
    return home.project.name


def _of_age(company: OrgUnit) -> str:
    home = make_home(company)
    Unit.objects.filter(pk=home.pk).update(handover_date=NOW.date() - timedelta(days=400))
    make_case(company, unit_id=home.pk)
    return "第二年"


def _of_person(company: OrgUnit) -> str:
    colleague = make_member(company, SIGNED_IN)
    Case.objects.filter(pk=make_case(company).pk).update(assignee=colleague)
    return str(colleague)


@pytest.mark.parametrize("by", PARTINGS)
def test_cases_are_parted_in_every_way_and_the_total_counts_them_all(
    company: OrgUnit, neighbour: OrgUnit, by: str
) -> None:
    expected = label_of(by, company)(company)
    make_case(neighbour)

    table = asked(by, make_actor(company, VIEW_CASE, OVERSEE_CASE, VIEW_PROPERTY))

    assert [(line.label, line.cases) for line in table.lines] == [(expected, 1)]
    assert table.total.cases == 1


def test_days_place_project_and_kind_narrow_what_is_counted(company: OrgUnit, neighbour: OrgUnit) -> None:
    home = make_home(company)
    make_case(company, unit_id=home.pk, project_id=home.project_id)
    make_case(company, opened_at=datetime(2026, 2, 28, 15, 59, tzinfo=NOW.tzinfo))
    make_case(neighbour, kind="praise")
    everywhere = make_actor(OrgUnit.objects.get(parent=None), VIEW_CASE)

    of_project = asked(
        "company", everywhere, span=Span(MARCH.first_date, MARCH.last_date, project=home.project)
    )
    of_place = asked("company", everywhere, span=Span(MARCH.first_date, MARCH.last_date, place=neighbour))
    of_kind = asked("company", everywhere, kind="praise")

    assert [table.total.cases for table in (of_project, of_place, of_kind)] == [1, 1, 1]
    assert asked("company", everywhere).total.cases == 2


@pytest.mark.parametrize(
    ("today", "half", "month"),
    [
        (date(2026, 3, 18), ("2026-03-01", "2026-03-15"), ("2026-02-01", "2026-02-28")),
        (date(2026, 3, 3), ("2026-02-01", "2026-02-15"), ("2026-02-01", "2026-02-28")),
        (date(2026, 1, 3), ("2025-12-01", "2025-12-15"), ("2025-12-01", "2025-12-31")),
    ],
)
def test_reports_are_of_the_half_month_and_the_month_that_ended(
    today: date, half: tuple[str, str], month: tuple[str, str]
) -> None:
    first, second, *_further = periods(today)

    assert (str(first.first_date), str(first.last_date)) == half
    assert (str(second.first_date), str(second.last_date)) == month


def test_the_page_costs_the_same_for_one_and_three_lines(client: Client, company: OrgUnit) -> None:
    sign_in(client, make_member(company, SIGNED_IN, VIEW_CASE, VIEW_PROPERTY))
    address = f"{reverse('case_figures:figures')}?by=project&first_date=2026-03-01&last_date=2026-03-31"
    counted = []

    for number in (1, 2):
        for each in range(number):
            home = make_home(company, project=f"项目{number}{each}")
            make_case(company, unit_id=home.pk, project_id=home.project_id)
        counted.append(count_queries(client, address))

    assert counted[0] == counted[1]


def test_by_person_is_offered_to_who_watches_over_cases_alone(client: Client, company: OrgUnit) -> None:
    person = _of_person(company)
    days = {"by": "person", "first_date": "2026-03-01", "last_date": "2026-03-31"}

    shown = []
    for rights in ((VIEW_CASE,), (VIEW_CASE, OVERSEE_CASE)):
        sign_in(client, make_member(company, SIGNED_IN, *rights))
        shown.append(person in client.get(reverse("case_figures:figures"), days).content.decode())

    assert shown == [False, True]


@pytest.mark.parametrize(
    "days",
    [
        {"first_date": "2026-03-31", "last_date": "2026-03-01"},
        {"first_date": "0001-01-01", "last_date": "9999-12-31"},
        {"first_date": "not a day"},
        {"kind": "moon", "by": "moon"},
    ],
)
def test_what_cannot_be_asked_is_told_beside_its_field(
    client: Client, company: OrgUnit, days: dict[str, str]
) -> None:
    sign_in(client, make_member(company, SIGNED_IN, VIEW_CASE))

    page = client.get(reverse("case_figures:figures"), days)

    assert page.status_code == 200
    assert ("invalid-feedback" in page.content.decode()) is ("first_date" in days or "kind" in days)


def test_the_workbook_holds_what_the_page_shows(client: Client, company: OrgUnit) -> None:
    closed(company)
    make_case(company, title="=1+1")
    sign_in(client, make_member(company, SIGNED_IN, VIEW_CASE))
    days = {"by": "kind", "first_date": "2026-03-01", "last_date": "2026-03-31"}

    answer = client.get(reverse("case_figures:workbook"), days)

    book = CalamineWorkbook.from_filelike(BytesIO(b"".join(answer)))
    header, line, total = book.get_sheet_by_index(0).to_python()
    assert header[:2] == ["类型", "工单"]
    assert [row[:4] for row in (line, total)] == [["投诉", "2", "2", "1"], ["合计", "2", "2", "1"]]


@pytest.mark.requirement("S190")
def test_the_page_draws_the_complaints_of_each_month(client: Client, company: OrgUnit) -> None:
    make_case(company)
    make_case(company, kind="praise")
    make_case(company, opened_at=NOW - timedelta(days=40))
    sign_in(client, make_member(company, SIGNED_IN, VIEW_CASE))
    days = {"kind": "complaint", "first_date": "2026-01-01", "last_date": "2026-03-31"}

    drawn = client.get(reverse("case_figures:figures"), days).context["trend"]

    assert drawn["labels"] == ["2026-02", "2026-03"]
    assert drawn["series"][0]["values"] == [1, 1]


def test_an_empty_page_says_so(client: Client, company: OrgUnit) -> None:
    sign_in(client, make_member(company, SIGNED_IN, VIEW_CASE))

    assert "这段时间没有工单" in client.get(reverse("case_figures:figures")).content.decode()


def test_a_program_reads_the_figures_of_its_places(company: OrgUnit, neighbour: OrgUnit) -> None:
    make_case(company)
    make_case(neighbour)
    program = make_program(company)
    days = {"first_date": "2026-03-01", "last_date": "2026-03-31"}

    found = program.get("/case-figures", {**days, "by": "kind"})
    elsewhere = program.get("/case-figures", {"org_unit_id": str(neighbour.pk)})
    backwards = program.get("/case-figures", {"first_date": "2026-03-02", "last_date": "2026-03-01"})

    assert [(line["label"], line["cases"]) for line in found.body["lines"]] == [("complaint", 1)]
    assert (elsewhere.status, backwards.code) == (422, "span_invalid")


def test_a_line_without_anything_has_no_rates() -> None:
    line = Line("x")

    assert {line.day_rate, line.in_time_rate, line.right_at_once_rate, line.per_ten_thousand} == {None}
