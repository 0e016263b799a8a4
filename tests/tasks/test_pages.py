"""The pages of tasks."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from hearth.accounts.models import User
from hearth.core.navigation import waiting_for
from hearth.core.search import search_everything
from hearth.organization.models import OrgUnit
from hearth.organization.selectors import actor_for
from hearth.tasks.models import Task
from hearth.tasks.selectors import workload
from hearth.tasks.services import complete_task
from tests.cases.builders import make_case
from tests.customers.builders import make_customer
from tests.organization.builders import sign_in
from tests.query_counts import count_queries
from tests.tasks.builders import NOW, make_colleague, make_role, make_task

pytestmark = pytest.mark.django_db


@pytest.fixture
def doer(company: OrgUnit) -> User:
    return make_colleague(company, "customers.view", "cases.view")


@pytest.fixture
def desk(client: Client, doer: User) -> Client:
    return sign_in(client, doer)


@pytest.mark.parametrize("whose", ["mine", "team", "role"])
def test_the_list_takes_as_many_queries_for_three_tasks_as_for_one(
    desk: Client, company: OrgUnit, doer: User, whose: str
) -> None:
    role = make_role((doer, company))
    for number in range(3):
        customer, case = make_customer(company), make_case(company)
        make_task(
            company,
            assignee=None if whose == "role" else doer,
            role=role if whose == "role" else None,
            customer_id=customer.pk,
            about_kind="case",
            about_id=case.pk,
        )
        if number == 0:
            before = count_queries(desk, reverse("tasks:tasks"), whose=whose)

    assert count_queries(desk, reverse("tasks:tasks"), whose=whose) == before


def test_each_tab_shows_its_tasks(desk: Client, company: OrgUnit, doer: User) -> None:
    make_task(company, assignee=doer, title="我的任务")
    make_task(company, role=make_role((doer, company)), title="抢修水管")
    make_task(company, title="同事的任务")

    shown = {
        whose: [
            title
            for title in ("我的任务", "抢修水管", "同事的任务")
            if title in desk.get(reverse("tasks:tasks"), {"whose": whose}).content.decode()
        ]
        for whose in ("mine", "role", "team")
    }

    assert shown == {
        "mine": ["我的任务"],
        "role": ["抢修水管"],
        "team": ["我的任务", "抢修水管", "同事的任务"],
    }


def test_a_task_given_elsewhere_is_seen_by_whom_it_was_given_to_only(
    company: OrgUnit, neighbour: OrgUnit
) -> None:
    doer, other = make_colleague(company), make_colleague(neighbour)
    task = make_task(company, assignee=doer)
    Task.objects.filter(pk=task.pk).update(org_unit=neighbour)

    seen = [
        Task.objects.visible_to(actor_for(user, today=NOW.date())).filter(pk=task.pk).exists()
        for user in (doer, other, make_colleague(company))
    ]

    assert seen == [True, True, False]


def test_filters_by_day_and_state(desk: Client, company: OrgUnit, doer: User) -> None:
    today = timezone.localdate()
    for title, days in (("逾期的", -1), ("今天的", 0), ("下周的", 6), ("以后的", 30)):
        make_task(company, assignee=doer, title=title, due_date=today + timedelta(days=days))

    shown = {
        due: [
            title
            for title in ("逾期的", "今天的", "下周的", "以后的")
            if title in desk.get(reverse("tasks:tasks"), {"due": due}).content.decode()
        ]
        for due in ("overdue", "today", "week")
    }

    assert shown == {"overdue": ["逾期的"], "today": ["今天的"], "week": ["今天的", "下周的"]}


def test_one_press_completes_a_task_and_gives_its_row(desk: Client, company: OrgUnit, doer: User) -> None:
    task = make_task(company, assignee=doer)

    answer = desk.post(
        reverse("tasks:complete", args=[task.pk]), headers={"HX-Request": "true", "HX-Target": "x"}
    )

    assert answer.headers["HX-Trigger"] == "hearth:notified"
    assert f'id="task-{task.pk}"' in answer.content.decode()
    assert Task.objects.get().state == "done"


def test_a_task_about_a_case_is_given_from_the_address(desk: Client, company: OrgUnit, doer: User) -> None:
    customer = make_customer(company)
    case = make_case(company, customer=customer)
    address = f"{reverse('tasks:new')}?about=case:{case.pk}"
    values = {
        "title": "上门查看",
        "doer": f"user:{doer.pk}",
        "org_unit": company.pk,
        "due_date": "2026-03-20",
        "priority": "2",
    }

    form = desk.get(address).content.decode()
    desk.post(address, values)

    assert f"#{case.number} {case.title}" in form
    task = Task.objects.get()
    assert (task.customer_id, task.about_id, task.priority) == (customer.pk, case.pk, 2)
    shown = desk.get(reverse("tasks:task", args=[task.pk])).content.decode()
    assert f"#{case.number} {case.title}" in shown


def test_refusals_are_shown_with_the_form(desk: Client, company: OrgUnit, doer: User) -> None:
    task = make_task(company, assignee=doer)

    answers = [
        desk.post(reverse("tasks:drop", args=[task.pk]), {"reason": ""}),
        desk.post(reverse("tasks:postpone", args=[task.pk]), {"due_date": "never"}),
        desk.post(reverse("tasks:assign", args=[task.pk]), {"doer": "user:0"}),
        desk.post(reverse("tasks:new"), {"title": ""}),
    ]

    assert [answer.status_code for answer in answers] == [422, 422, 422, 422]


def test_the_page_of_a_task_tells_its_history_and_changes_it(
    desk: Client, company: OrgUnit, doer: User
) -> None:
    task = make_task(company, assignee=doer, note="带上图纸")

    desk.post(reverse("tasks:postpone", args=[task.pk]), {"due_date": "2026-04-01"})
    desk.post(reverse("tasks:drop", args=[task.pk]), {"reason": "不再需要"})
    desk.post(reverse("tasks:reopen", args=[task.pk]))
    shown = desk.get(reverse("tasks:task", args=[task.pk])).content.decode()

    assert [
        text for text in ("带上图纸", "2026-03-20 → 2026-04-01", "任务重新打开") if text not in shown
    ] == []


@pytest.mark.requirement("S142")
def test_the_team_sees_what_everybody_has_to_do_and_did(desk: Client, company: OrgUnit, doer: User) -> None:
    now, other = timezone.now(), make_colleague(company)
    today = timezone.localdate(now)
    make_task(company, assignee=doer, due_date=today - timedelta(days=2))
    late = make_task(company, assignee=doer, due_date=today - timedelta(days=1))
    early = make_task(company, assignee=other, due_date=today)
    for task in (late, early):
        complete_task(task, actor=actor_for(doer, today=today), now=now)

    figures = {row.user_id: row for row in workload(actor_for(doer, today=today), today=today)}

    mine, theirs = figures[doer.pk], figures[other.pk]
    assert (mine.open, mine.overdue, mine.done, mine.share_in_time) == (1, 1, 1, 0)
    assert (theirs.open, theirs.overdue, theirs.done, theirs.share_in_time) == (0, 0, 1, 1)
    assert other.display_name in desk.get(reverse("tasks:tasks"), {"whose": "team"}).content.decode()


def test_the_rail_counts_what_is_due_and_the_search_finds_what_is_open(
    client: Client, company: OrgUnit, doer: User
) -> None:
    today = timezone.localdate()
    make_task(company, assignee=doer, title="核对合同", due_date=today)
    make_task(company, assignee=doer, due_date=today + timedelta(days=1))
    actor = actor_for(doer, today=today)

    counts = {place.url_name: number for place, number in waiting_for(actor)}
    hits = [hit.title for group in search_everything("核对", actor=actor) for hit in group.hits]
    page = sign_in(client, doer).get(reverse("tasks:tasks")).content.decode()
    assert counts["tasks:tasks"] == 1
    assert 'id="waiting-tasks-tasks"' in page
    assert hits == ["核对合同"]
