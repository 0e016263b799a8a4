"""The pages of leads."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from hearth.accounts.models import User
from hearth.leads.grading import sync_grades
from hearth.leads.lists import LEADS
from hearth.leads.models import Grade, Lead
from hearth.leads.permissions import CHANGE_GRADES
from hearth.leads.services import Loss, lose_lead
from hearth.lists.filters import Reader
from hearth.lists.selectors import list_rows
from hearth.lists.state import read_state
from hearth.organization.models import OrgUnit, Setting
from tests.customers.builders import make_customer
from tests.leads.builders import (
    NOW,
    SYSTEM,
    grade_of,
    make_consultant,
    make_lead,
    make_manager,
    make_project,
    reason_of,
)
from tests.organization.builders import make_member, sign_in
from tests.query_counts import count_queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def consultant(company: OrgUnit) -> User:
    return make_consultant(company)


@pytest.fixture
def desk(client: Client, consultant: User) -> Client:
    sync_grades()
    return sign_in(client, consultant)


def test_a_visit_is_recorded_with_a_phone_and_a_name(
    desk: Client, company: OrgUnit, consultant: User
) -> None:
    project = make_project(company)
    grade = grade_of("A")

    answer = desk.post(
        reverse("leads:visit"),
        {
            "phone": "13912345678",
            "name": "王建国",
            "project": project.pk,
            "grade": grade.pk,
            "next_step": "回电",
            "source": "walk_in",
        },
    )

    lead = Lead.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"/leads/{lead.pk}/")
    assert (lead.consultant, lead.grade, lead.source) == (consultant, grade, "walk_in")
    assert lead.next_step_date == timezone.localdate() + timedelta(days=7)


def test_one_tap_says_that_it_is_a_known_customer(desk: Client) -> None:
    team = OrgUnit.objects.get(code="SZ-A")
    project, known = make_project(team), make_customer(team, name="欧阳建国")
    given = {"name": "欧阳建国", "project": project.pk, "next_step": "回电", "source": "walk_in"}

    asked = desk.post(reverse("leads:visit"), given)
    desk.post(reverse("leads:visit"), {**given, "customer": known.pk})

    assert asked.status_code == 422
    assert str(known.pk) in asked.content.decode()
    assert Lead.objects.get().customer == known


def test_a_colleagues_customer_is_told_to_who_receives_them(desk: Client, company: OrgUnit) -> None:
    other, project = make_consultant(company), make_project(company)
    customer = make_customer(company, phone="13912345678")
    make_lead(company, customer=customer, project_id=project.pk, consultant_id=other.pk)

    answer = desk.post(
        reverse("leads:visit"),
        {
            "phone": "13912345678",
            "name": "王",
            "project": project.pk,
            "next_step": "回电",
            "source": "walk_in",
        },
    )
    shown = desk.get(answer["Location"]).content.decode()

    assert f"这是 {other} 的客户" in shown
    assert Lead.objects.get().consultant == other


def test_a_form_that_is_not_valid_comes_back(desk: Client, company: OrgUnit) -> None:
    project = make_project(company)

    answer = desk.post(
        reverse("leads:new"),
        {"phone": "12", "name": "王", "project": project.pk, "next_step": "回电", "source": "call"},
    )

    assert answer.status_code == 422
    assert Lead.objects.count() == 0


def test_the_page_shows_evidence_and_works_on_the_lead(
    desk: Client, company: OrgUnit, consultant: User
) -> None:
    lead = make_lead(company, consultant_id=consultant.pk)
    page = reverse("leads:lead", args=[lead.pk])

    desk.post(
        reverse("leads:follow_up", args=[lead.pk]),
        {"channel": "phone", "note": "说好了", "next_step": "签约", "grade": grade_of("C").pk},
    )
    shown = desk.get(page).content.decode()
    refused = desk.post(reverse("leads:lose", args=[lead.pk]), {"because": ""})
    desk.post(reverse("leads:release", args=[lead.pk]))
    desk.post(reverse("leads:claim", args=[lead.pk]))

    assert "签约" in shown
    assert "线索录入" in shown
    assert "往来 · 电话" in shown
    assert refused.status_code == 422
    lead.refresh_from_db()
    assert (lead.state, lead.consultant) == ("open", consultant)


def test_a_manager_gives_a_lead_to_a_colleague(client: Client, company: OrgUnit) -> None:
    colleague, lead = make_consultant(company), make_lead(company)
    manager = sign_in(client, make_manager(company))

    manager.post(reverse("leads:assign", args=[lead.pk]), {"consultant": colleague.pk})
    refused = manager.post(reverse("leads:win", args=[lead.pk]))
    lead.refresh_from_db()
    assert "缺少" in refused.content.decode()
    assert (lead.consultant, lead.state) == (colleague, "open")
    lose_lead(lead, Loss(because=reason_of()), actor=SYSTEM, now=timezone.now())

    manager.post(
        reverse("leads:reopen", args=[lead.pk]), {"next_step": "回访", "next_step_date": "2099-01-01"}
    )
    lead.refresh_from_db()
    assert (lead.state, lead.next_step) == ("open", "回访")


@pytest.mark.parametrize("address", ["leads:leads", "leads:lead", "leads:visit", "workspace:home"])
def test_a_page_takes_as_many_queries_for_three_leads_as_for_one(
    desk: Client, company: OrgUnit, consultant: User, address: str
) -> None:
    past = timezone.localdate()
    first = make_lead(
        company, consultant_id=consultant.pk, next_step_date=past, project_id=make_project(company).pk
    )
    url = reverse(address, args=[first.pk] if address == "leads:lead" else [])
    before = count_queries(desk, url)

    for _number in range(2):
        make_lead(company, consultant_id=consultant.pk, next_step_date=past, grade_id=grade_of("A").pk)

    assert count_queries(desk, url) == before


def found(**parameters: str) -> set[str]:
    reader = Reader(SYSTEM, NOW.date())
    state = read_state(LEADS, parameters, reader)
    assert state.ignored == []
    return {str(row.next_step) for row in list_rows(state, reader)}


def test_leads_are_narrowed_and_searched(company: OrgUnit) -> None:
    make_lead(company, next_step="一", source="broker", source_detail="安心渠道", grade_id=grade_of("A").pk)
    make_lead(company, next_step="二", customer=make_customer(company, name="欧阳建国"))
    make_lead(company, next_step="三", state="pooled")

    assert found(q="安心") == found(grade="A") == found(source="broker") == {"一"}
    assert found(q="欧阳建国") == {"二"}
    assert found(state="pooled") == {"三"}


def test_the_start_page_shows_whom_to_call_today(desk: Client, company: OrgUnit, consultant: User) -> None:
    make_lead(
        company,
        customer=make_customer(company, name="欧阳建国"),
        consultant_id=consultant.pk,
        next_step_date=timezone.localdate(),
    )

    assert "欧阳建国" in desk.get("/").content.decode()


def test_the_scheme_of_the_place_decides_which_grades_are_offered(desk: Client, company: OrgUnit) -> None:
    make_project(company)
    usual = desk.get(reverse("leads:visit")).context["form"].fields["grade"].queryset
    assert set(usual.values_list("scheme", flat=True)) == {"intention"}

    Setting.objects.create(org_unit=company, key="leads.grade_scheme", value="transaction", updated_at=NOW)

    other = desk.get(reverse("leads:visit")).context["form"].fields["grade"].queryset
    assert set(other.values_list("scheme", flat=True)) == {"transaction"}
    assert "B+" in set(other.values_list("letter", flat=True))


def test_the_group_changes_what_a_grade_asks_for(client: Client, company: OrgUnit) -> None:
    group = OrgUnit.objects.get(code="G")
    grade = grade_of("A")
    keeper = sign_in(client, make_member(group, "core.signed_in", CHANGE_GRADES))

    listed = keeper.get(reverse("leads:grades")).content.decode()
    keeper.post(
        reverse("leads:grade", args=[grade.pk]),
        {"name_zh": "热客", "name_en": "Hot", "follow_up_days": 3, "is_active": "on"},
    )

    assert "意向明确" in listed
    kept = Grade.objects.get(pk=grade.pk)
    assert (kept.name_zh, kept.follow_up_days) == ("热客", 3)
    sync_grades()
    assert Grade.objects.get(pk=grade.pk).name_zh == "热客"


def test_the_page_says_when_a_lead_goes_to_the_pool(desk: Client, company: OrgUnit, consultant: User) -> None:
    lead = make_lead(
        company, consultant_id=consultant.pk, now=timezone.now(), next_step_date=date(2099, 1, 1)
    )
    day = timezone.localdate() + timedelta(days=31)

    assert f"将于 {day:%Y-%m-%d} 放入公海" in desk.get(reverse("leads:lead", args=[lead.pk])).content.decode()
