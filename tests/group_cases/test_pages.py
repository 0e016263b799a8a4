"""Pages of group complaints."""

import pytest
from django.test import Client
from django.urls import reverse

from hearth.accounts.models import User
from hearth.cases.lists import CASES
from hearth.core.models import EventRecord
from hearth.group_cases.models import GroupCase, GroupChild, GroupHousehold
from hearth.lists.bulk import openings_for
from hearth.organization.models import OrgUnit
from tests.cases.builders import NOW, make_case, make_cost, settle
from tests.customers.builders import make_customer
from tests.group_cases.builders import join, make_complaint, make_group_case
from tests.organization.builders import make_actor, make_member, sign_in
from tests.query_counts import count_queries

pytestmark = pytest.mark.django_db


def address(group: GroupCase, name: str = "group", **more: object) -> str:
    return reverse(f"group_cases:{name}", kwargs={"group_id": group.pk, **more})


def test_cases_chosen_in_their_list_are_brought_to_the_page_that_makes_them_one(
    signed_in: Client, company: OrgUnit
) -> None:
    cases = [make_complaint(company) for _each in range(2)]
    actor = make_actor(company, "cases.view", "cases.change")
    [opening] = [each for each in openings_for(CASES, actor) if each.key == "group"]

    shown = signed_in.get(opening.open([case.pk for case in cases], actor, NOW))

    assert shown.context["form"].initial == {
        "numbers": " ".join(str(case.number) for case in cases),
        "project": cases[0].project_id,
        "title": cases[0].title,
        "topic": "渗漏",
    }


def test_a_group_complaint_is_opened_on_a_page(signed_in: Client, company: OrgUnit) -> None:
    cases = [make_complaint(company) for _each in range(2)]
    sent = {
        "project": cases[0].project_id,
        "numbers": f"#{cases[0].number}、{cases[1].number}",
        "title": "7栋渗漏群诉",
        "demand": "重做防水",
    }

    answer = signed_in.post(reverse("group_cases:new"), sent)

    group = GroupCase.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, address(group))
    assert (group.households, group.demand) == (2, "重做防水")


@pytest.mark.parametrize("numbers", ["999999", "twelve", "1 2 99999999999", ""])
def test_numbers_that_name_no_case_are_refused_beside_their_field(
    signed_in: Client, company: OrgUnit, numbers: str
) -> None:
    case = make_complaint(company)

    answer = signed_in.post(
        reverse("group_cases:new"), {"project": case.project_id, "numbers": numbers, "title": "x"}
    )

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["numbers"]
    assert not GroupCase.objects.exists()


def test_a_case_of_the_neighbour_is_unknown(company: OrgUnit, neighbour: OrgUnit, client: Client) -> None:
    own, foreign = make_complaint(company), make_case(neighbour)
    sign_in(client, make_member(company, "cases.view", "cases.change", "properties.view", "core.signed_in"))
    sent = {"project": own.project_id, "numbers": f"{own.number} {foreign.number}", "title": "x"}

    answer = client.post(reverse("group_cases:new"), sent)

    assert answer.status_code == 422
    assert f"#{foreign.number}" in answer.context["form"].errors["numbers"][0]


def test_the_page_says_household_by_household_how_it_is_settled_and_what_was_paid(
    signed_in: Client, company: OrgUnit
) -> None:
    cases = [make_complaint(company) for _each in range(3)]
    group = make_group_case(company, cases=cases)
    settle(cases[0])
    make_cost(cases[0], "3000.00", kind="compensation")
    make_cost(cases[0], "800.00", kind="repair")
    settle(cases[1], outcome="final")

    standing = signed_in.get(address(group)).context["standing"]

    assert [(line.state, str(line.paid_amount)) for line in standing.lines] == [
        ("settled", "3000.00"),
        ("waits", "0"),
        ("open", "0"),
    ]
    assert (standing.settled, standing.percent, str(standing.paid_amount)) == (1, 33, "3000.00")


def test_who_may_not_see_customers_reads_no_name(company: OrgUnit, client: Client) -> None:
    group = make_group_case(
        company, cases=[make_complaint(company, customer=make_customer(company, name="王青枫"))]
    )
    sign_in(client, make_member(company, "cases.view", "core.signed_in"))

    answer = client.get(address(group))

    assert answer.status_code == 200
    assert "王青枫" not in answer.content.decode()


def test_every_act_of_the_page_is_done_and_comes_back_to_it(signed_in: Client, company: OrgUnit) -> None:
    group = make_group_case(company, 2)
    case = make_complaint(company)
    child = GroupChild.objects.order_by("id")[0]
    first, second = GroupHousehold.objects.order_by("id")

    answers = [
        signed_in.post(address(group, "add"), {"numbers": str(case.number)}),
        signed_in.post(address(group, "change"), {"title": "外窗渗漏群诉", "facts": "批次 A-17"}),
        signed_in.post(address(group, "sign"), {"what": "media", "seen_at": "2026-03-18T10:00"}),
        signed_in.post(address(group, "represent", household_id=second.pk), {"is_representative": "on"}),
        signed_in.post(address(group, "take_out", child_id=child.pk)),
        signed_in.post(address(group, "leave", household_id=second.pk), {"because": "已单独和解"}),
        signed_in.post(address(group, "close"), {"outcome": "全部和解"}),
    ]

    group.refresh_from_db()
    first.refresh_from_db()
    assert [answer.status_code for answer in answers] == [303] * len(answers)
    assert (group.title, group.level, group.households, group.state) == (
        "外窗渗漏群诉",
        "crisis",
        1,
        "closed",
    )
    assert first.left_at is not None


def test_a_refused_act_shows_the_page_with_the_reason(signed_in: Client, company: OrgUnit) -> None:
    group = make_group_case(company)
    child = GroupChild.objects.get()

    refused = [
        signed_in.post(address(group, "add"), {"numbers": str(child.case.number)}),
        signed_in.post(address(group, "change"), {"title": ""}),
        signed_in.post(address(group, "sign"), {"what": "media", "seen_at": "2100-01-01T10:00"}),
        signed_in.post(address(group, "close"), {"outcome": ""}),
    ]

    assert [answer.status_code for answer in refused] == [422] * len(refused)
    assert f"#{child.case.number}" in refused[0].content.decode()


def test_a_group_complaint_of_the_neighbour_is_not_there(
    company: OrgUnit, neighbour: OrgUnit, client: Client
) -> None:
    group = make_group_case(company)
    sign_in(client, make_member(neighbour, "cases.view", "cases.change", "cases.oversee", "core.signed_in"))

    assert client.get(address(group)).status_code == 404
    assert client.post(address(group, "close"), {"outcome": "x"}).status_code == 404


def test_a_group_complaint_is_found_by_number_word_and_project(signed_in: Client, company: OrgUnit) -> None:
    group = make_group_case(company, title="外窗渗漏群诉")
    make_group_case(company, title="电梯停运")

    for words in (f"#{group.number}", "外窗", "渗漏群诉"):
        rows = signed_in.get(reverse("group_cases:groups"), {"q": words}).content.decode()
        assert "外窗渗漏群诉" in rows
        assert "电梯停运" not in rows


@pytest.mark.parametrize("households", [1, 3])
def test_a_page_asks_the_database_as_often_for_many_households_as_for_one(
    signed_in: Client, company: OrgUnit, households: int
) -> None:
    group = make_group_case(company, households)
    join(group, make_case(company, project_id=group.project_id))

    assert count_queries(signed_in, address(group)) == 15
    assert count_queries(signed_in, reverse("group_cases:groups")) == 9


def test_a_customers_timeline_names_the_group_complaint(
    signed_in: Client, company: OrgUnit, administrator: User
) -> None:
    customer = make_customer(company)
    make_group_case(company, cases=[make_complaint(company, customer=customer)])

    shown = signed_in.get(reverse("workspace:timeline", args=[customer.pk]), HTTP_HX_REQUEST="true")

    assert EventRecord.objects.filter(customer_id=customer.pk, type="group_cases.household_joined").exists()
    assert "7栋渗漏群诉" in shown.content.decode()


def test_the_page_of_a_case_leads_to_its_group_complaint_and_back(
    signed_in: Client, company: OrgUnit, neighbour: OrgUnit, client: Client
) -> None:
    case, alone = make_complaint(company), make_complaint(company)
    group = make_group_case(company, cases=[case])
    part = reverse("group_cases:of_case", args=[case.pk])

    page = signed_in.get(reverse("cases:case", args=[case.pk])).content.decode()
    shown = signed_in.get(part).content.decode()
    offered = signed_in.get(reverse("group_cases:of_case", args=[alone.pk])).content.decode()
    foreign = sign_in(Client(), make_member(neighbour, "cases.view", "core.signed_in")).get(part)

    assert part in page
    assert address(group) in shown
    assert f"?numbers={alone.number}" in offered
    assert foreign.status_code == 404
