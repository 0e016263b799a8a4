"""Reviews of group complaints, checks in sister projects, the library and the years."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from hearth.accounts.models import Notification
from hearth.core.errors import NotAllowed
from hearth.core.models import EventRecord
from hearth.group_cases.jobs import raise_checks_of
from hearth.group_cases.library import sync_library
from hearth.group_cases.models import GroupReview, LibraryEntry, PreventiveCheck
from hearth.group_cases.services import (
    CheckIsDone,
    FindingMissing,
    PreventionMissing,
    ReviewIncomplete,
    ReviewIsFinished,
    ReviewWords,
    close_group_case,
    finish_check,
    finish_review,
    note_sign,
    tell_of_overdue,
    write_review,
)
from hearth.organization.models import OrgUnit
from hearth.organization.services import set_setting, sync_roles
from hearth.properties.models import Project
from hearth.tasks.models import Task
from tests.cases.builders import NOW, make_case
from tests.customers.builders import make_home
from tests.group_cases.builders import SYSTEM, entry_of, make_check, make_group_case, make_review
from tests.organization.builders import make_actor, make_member, sign_in
from tests.query_counts import count_queries

pytestmark = pytest.mark.django_db
RIGHTS = ("cases.view", "cases.change")
OVERSEES = (*RIGHTS, "cases.oversee")


def run_checks() -> None:
    """Run the job that asks others, as a worker does."""
    for queued in ProcrastinateJob.objects.filter(task_name="group_cases.raise_checks").order_by("id"):
        raise_checks_of(**queued.args)


def test_a_review_is_due_ten_working_days_after_the_closing_and_a_task_says_so(company: OrgUnit) -> None:
    sync_roles()
    before_may_day = datetime(2026, 4, 24, 6, 30, tzinfo=UTC)
    group = make_group_case(company)

    close_group_case(group, actor=SYSTEM, outcome="和解", now=before_may_day)

    review, task = GroupReview.objects.get(), Task.objects.get(about_kind="group_case")
    assert review.due_date == date(2026, 5, 12)
    assert (task.due_date, task.about_id) == (review.due_date, group.pk)


def test_the_days_of_a_review_are_a_setting(company: OrgUnit) -> None:
    set_setting("group_cases.review_days", org_unit=company, value=1, actor=SYSTEM, now=NOW)

    assert make_review(company).due_date == date(2026, 3, 19)


def test_an_overdue_review_is_told_once(company: OrgUnit) -> None:
    review = make_review(company)
    make_member(company, "cases.view", "cases.oversee")

    assert tell_of_overdue(now=NOW + timedelta(days=14)) == 0
    assert tell_of_overdue(now=NOW + timedelta(days=15)) == 1
    assert tell_of_overdue(now=NOW + timedelta(days=16)) == 0
    assert Notification.objects.get().kind == "group_cases.overdue_review"
    assert review.due_date == date(2026, 4, 1)


def test_a_review_says_all_before_it_is_finished_and_changes_no_more(company: OrgUnit) -> None:
    review = make_review(company, lessons="")
    with pytest.raises(ReviewIncomplete):
        finish_review(review, actor=SYSTEM, now=NOW)
    write_review(review, ReviewWords("过程", "原因", "教训"), actor=SYSTEM, now=NOW)
    with pytest.raises(PreventionMissing):
        finish_review(review, actor=SYSTEM, reach="group", now=NOW)
    with pytest.raises(NotAllowed):
        finish_review(review, actor=make_actor(company, *RIGHTS), now=NOW)

    finish_review(review, actor=make_actor(company, *OVERSEES), now=NOW)

    with pytest.raises(ReviewIsFinished):
        write_review(review, ReviewWords("x", "y", "z"), actor=SYSTEM, now=NOW)
    with pytest.raises(ReviewIsFinished):
        finish_review(review, actor=SYSTEM, now=NOW)


@pytest.mark.requirement("S171")
@pytest.mark.requirement("S193")
def test_a_group_complaint_closed_in_one_company_raises_checks_and_tasks_in_the_others(
    company: OrgUnit, neighbour: OrgUnit
) -> None:
    sync_roles()
    own, theirs = make_home(company, project="远山").project, make_home(neighbour, project="江湾").project
    finished = make_home(neighbour, project="旧城").project
    Project.objects.filter(pk=finished.pk).update(life_phase=Project.LifePhase.FINISH)
    review = make_review(company)

    finish_review(review, actor=make_actor(company, *OVERSEES), reach="group", now=NOW)
    run_checks()
    run_checks()

    checks = {check.project: check for check in PreventiveCheck.objects.all()}
    tasks = Task.objects.filter(about_kind="group_check")
    assert set(checks) == {own, theirs}
    assert (checks[theirs].org_unit, checks[theirs].what) == (neighbour, "检查外窗批次 A-17。")
    assert {(task.org_unit, task.about_id) for task in tasks} == {
        (check.org_unit, check.pk) for check in checks.values()
    }


@pytest.mark.parametrize(("reach", "names"), [("city_company", {"远山"}), ("region", {"远山", "江湾"})])
def test_a_lesson_goes_as_far_as_was_chosen(
    company: OrgUnit, neighbour: OrgUnit, reach: str, names: set[str]
) -> None:
    make_home(company, project="远山")
    make_home(neighbour, project="江湾")
    review = make_review(company)

    finish_review(review, actor=SYSTEM, reach=reach, now=NOW)
    run_checks()

    assert {check.project.name for check in PreventiveCheck.objects.all()} == names


def test_without_a_reach_nobody_is_asked(company: OrgUnit) -> None:
    make_home(company, project="远山")

    finish_review(make_review(company), actor=SYSTEM, now=NOW)

    assert not ProcrastinateJob.objects.filter(task_name="group_cases.raise_checks").exists()


def test_a_check_is_answered_once_by_whoever_handles_cases_there(
    company: OrgUnit, neighbour: OrgUnit
) -> None:
    check = make_check(company)
    for actor in (make_actor(neighbour, *RIGHTS), make_actor(company, "cases.view")):
        with pytest.raises(NotAllowed):
            finish_check(check, actor=actor, is_found=True, finding="有", now=NOW)
    actor = make_actor(company, *RIGHTS)
    with pytest.raises(FindingMissing):
        finish_check(check, actor=actor, is_found=True, finding=" ", now=NOW)

    finish_check(check, actor=actor, is_found=True, finding="同一批次，12 樘", now=NOW)

    event = EventRecord.objects.get(type="group_cases.check_done")
    assert (event.payload["is_found"], event.org_unit_id) == (True, company.pk)
    with pytest.raises(CheckIsDone):
        finish_check(check, actor=actor, is_found=False, finding="无", now=NOW)


def test_a_sister_project_reads_its_check_and_not_the_group_complaint(
    company: OrgUnit, neighbour: OrgUnit, client: Client
) -> None:
    make_home(neighbour, project="江湾")
    review = make_review(company, course="王青枫带头")
    finish_review(review, actor=SYSTEM, reach="group", now=NOW)
    run_checks()
    check = PreventiveCheck.objects.get(org_unit=neighbour)
    sign_in(client, make_member(neighbour, *RIGHTS, "core.signed_in"))

    page = client.get(reverse("group_cases:check", args=[check.pk]))
    group = client.get(reverse("group_cases:group", args=[review.group_case_id]))
    answered = client.post(
        reverse("group_cases:answer_check", args=[check.pk]), {"is_found": "no", "finding": "批次不同"}
    )

    assert (page.status_code, group.status_code, answered.status_code) == (200, 404, 303)
    assert "A-17" in page.content.decode()
    assert "王青枫" not in page.content.decode()
    check.refresh_from_db()
    assert check.is_found is False


def test_a_review_is_written_and_finished_on_its_page(signed_in: Client, company: OrgUnit) -> None:
    review = make_review(company, course="", prevention="")
    group_id = review.group_case_id
    refused = signed_in.post(reverse("group_cases:finish_review", args=[group_id]), {"reach": ""})
    sent = {"course": "过程", "reasons": "原因", "lessons": "教训", "prevention": "检查"}

    written = signed_in.post(reverse("group_cases:write_review", args=[group_id]), sent)
    finished = signed_in.post(reverse("group_cases:finish_review", args=[group_id]), {"reach": "region"})

    review.refresh_from_db()
    assert (refused.status_code, written.status_code, finished.status_code) == (422, 303, 303)
    assert (review.course, review.finished_at is not None) == ("过程", True)
    assert "教训" in signed_in.get(reverse("group_cases:review", args=[group_id])).content.decode()


@pytest.mark.requirement("S166")
@pytest.mark.requirement("S167")
@pytest.mark.requirement("S168")
@pytest.mark.requirement("S169")
@pytest.mark.requirement("S170")
def test_the_five_group_complaints_of_the_past_are_in_the_library(
    signed_in: Client, company: OrgUnit
) -> None:
    sync_library()
    sync_library()

    page = signed_in.get(reverse("group_cases:library")).content.decode()

    kept = list(LibraryEntry.objects.order_by("year").values_list("year", "company_en", "category"))
    assert kept == [
        (2001, "Shenzhen", "unknown"),
        (2002, "Tianjin", "several"),
        (2003, "Beijing", "legacy"),
        (2004, "Wuhan", "outside"),
        (2005, "Dalian", "construction"),
    ]
    for entry in LibraryEntry.objects.all():
        assert entry.name_zh in page or entry.name_en in page
        shown = signed_in.get(reverse("group_cases:entry", args=[entry.code]))
        assert entry.source_zh in shown.content.decode() or entry.source_en in shown.content.decode()


@pytest.mark.requirement("S164")
def test_major_complaints_stand_year_by_year_with_company_project_and_scale(
    signed_in: Client, company: OrgUnit
) -> None:
    entry_of()
    group = make_group_case(company, 5)
    note_sign(group, actor=SYSTEM, what="banners", seen_at=NOW, now=NOW)
    make_group_case(company, 5, cases=[make_case(company, project_id=group.project_id)])
    make_case(company, grade="major", opened_at=datetime(2024, 12, 31, 17, tzinfo=UTC))

    years = {year.number: year for year in signed_in.get(reverse("group_cases:years")).context["years"]}

    assert [each.pk for each in years[2026].groups] == [group.pk]
    assert years[2026].households == 5
    assert years[2025].single == [("深圳公司", 1)]
    assert [entry.company_en for entry in years[2004].past] == ["Wuhan"]
    assert (years[2010].groups, years[2010].past, years[2010].single) == ([], [], [])


def test_the_years_hold_nothing_of_the_neighbour(
    company: OrgUnit, neighbour: OrgUnit, client: Client
) -> None:
    note_sign(make_group_case(company), actor=SYSTEM, what="media", seen_at=NOW, now=NOW)
    make_case(company, grade="major")
    sign_in(client, make_member(neighbour, "cases.view", "core.signed_in"))

    years = client.get(reverse("group_cases:years")).context["years"]

    assert not any(year.groups or year.single for year in years)


@pytest.mark.parametrize("number", [1, 3])
def test_pages_of_reviews_ask_as_often_for_many_rows_as_for_one(
    signed_in: Client, company: OrgUnit, number: int
) -> None:
    for each in range(number):
        make_home(company, project=f"远山 {each}")
    review = make_review(company)
    finish_review(review, actor=SYSTEM, reach="group", now=NOW)
    run_checks()

    assert PreventiveCheck.objects.count() == number
    assert count_queries(signed_in, reverse("group_cases:review", args=[review.group_case_id])) == 6
    assert count_queries(signed_in, reverse("group_cases:checks")) == 8
    assert count_queries(signed_in, reverse("group_cases:years")) == 7
