"""The pages of the organisation, as an administrator uses them."""

from datetime import date

import pytest
from django.test import Client

from hearth.accounts.models import User
from hearth.organization.models import CalendarDay, Membership, OrgUnit, Role
from hearth.organization.permissions import CHANGE_ORGANIZATION, VIEW_ORGANIZATION
from hearth.organization.selectors import setting_at
from hearth.organization.services import sync_roles
from tests.organization.builders import make_member, make_user, sign_in

pytestmark = pytest.mark.django_db


def text_of(client: Client, address: str) -> str:
    response = client.get(
        address, HTTP_COOKIE=f"hearth_language=en; sessionid={client.cookies['sessionid'].value}"
    )
    assert response.status_code == 200
    return str(response.content.decode())


@pytest.mark.requirement("S203")
def test_the_tree_names_places_by_kind(signed_in: Client) -> None:
    page = text_of(signed_in, "/organization/")

    assert [name in page for name in ("安居集团", "华南区域", "深圳公司", "金色家园项目部")] == [True] * 4


def test_a_unit_is_added_renamed_moved_and_closed(
    signed_in: Client, company: OrgUnit, neighbour: OrgUnit
) -> None:
    values = {
        "name": "客户中心",
        "code": "SZ-CRC",
        "kind": "department",
        "function": "customer_relations_center",
    }

    signed_in.post(f"/organization/units/{company.pk}/add/", values)
    unit = OrgUnit.objects.get(code="SZ-CRC")
    signed_in.post(f"/organization/units/{unit.pk}/rename/", {"name": "客户关系中心"})
    signed_in.post(f"/organization/units/{unit.pk}/move/", {"parent": neighbour.pk})
    signed_in.post(f"/organization/units/{unit.pk}/close/")

    unit.refresh_from_db()
    assert (unit.name, unit.parent, unit.is_active) == ("客户关系中心", neighbour, False)


def test_a_refusal_is_shown_beside_the_form(signed_in: Client, company: OrgUnit) -> None:
    values = {"name": "x", "code": "X", "kind": "region"}

    response = signed_in.post(f"/organization/units/{company.pk}/add/", values)

    assert response.status_code == 422
    assert "区域不能设在城市公司之下" in response.content.decode()


def test_an_account_is_created_appointed_and_deactivated(signed_in: Client, company: OrgUnit) -> None:
    sync_roles()
    agent = Role.objects.get(code="call_agent")
    values = {"username": "lin", "display_name": "林芳", "password": "jade-lantern-42", "language": "zh-hans"}

    signed_in.post("/organization/users/add/", values)
    user = User.objects.get(username="lin")
    signed_in.post(f"/organization/users/{user.pk}/appoint/", {"org_unit": company.pk, "role": agent.pk})
    page = text_of(signed_in, f"/organization/units/{company.pk}/")
    signed_in.post(f"/organization/users/{user.pk}/deactivate/")

    user.refresh_from_db()
    assert "林芳" in page
    assert "Call-centre agent" in page
    assert not user.is_active


def test_a_weak_first_password_is_refused_beside_its_field(signed_in: Client) -> None:
    values = {"username": "lin", "display_name": "林芳", "password": "short", "language": "zh-hans"}

    response = signed_in.post("/organization/users/add/", values)

    assert response.status_code == 422
    assert "请换一个密码。" in response.content.decode()


def test_a_person_is_appointed_and_released_on_the_page_of_the_place(
    signed_in: Client, company: OrgUnit
) -> None:
    sync_roles()
    user = make_user(username="lin")
    agent = Role.objects.get(code="call_agent")

    signed_in.post(f"/organization/units/{company.pk}/appoint/", {"user": "lin", "role": agent.pk})
    membership = Membership.objects.get(user=user)
    signed_in.post(f"/organization/memberships/{membership.pk}/end/", {"back": "unit"})

    assert not Membership.objects.filter(user=user).exists()


@pytest.mark.parametrize(
    ("question", "found"), [("lin", True), ("nobody", False), ("?state=inactive", False)]
)
def test_the_list_of_people_is_searched(signed_in: Client, question: str, found: bool) -> None:
    make_user(username="lin", display_name="林芳")
    query = question if question.startswith("?") else f"?q={question}"

    page = text_of(signed_in, f"/organization/users/{query}")

    assert ("林芳" in page) is found


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_of_people_costs_the_same_for_any_number(
    signed_in: Client, company: OrgUnit, number: int, django_assert_num_queries: object
) -> None:
    for _ in range(number):
        make_member(company, VIEW_ORGANIZATION)
    signed_in.get("/organization/users/")

    with django_assert_num_queries(5):  # type: ignore[operator]
        signed_in.get("/organization/users/")


def test_a_rule_is_set_fixed_and_inherited_again(signed_in: Client, company: OrgUnit) -> None:
    key = "organization.opens_hour"
    region = OrgUnit.objects.get(code="S")
    own = f"/organization/units/{company.pk}/settings/{key}/"

    signed_in.post(own, {"value": 8})
    set_here = setting_at(key, company)
    signed_in.post(own, {"inherit": "1"})
    signed_in.post(f"/organization/units/{region.pk}/settings/{key}/", {"value": 10, "is_locked": "on"})
    refused = signed_in.post(own, {"value": 8})

    assert (set_here, setting_at(key, company)) == (8, 10)
    assert "华南区域已统一规定" in refused.content.decode()
    assert "fixed by 华南区域" in text_of(signed_in, f"/organization/units/{company.pk}/")


def test_a_day_is_changed_in_the_calendar(signed_in: Client, company: OrgUnit) -> None:
    address = f"/organization/units/{company.pk}/calendar/"

    signed_in.post(f"{address}day/", {"day": "2025-06-09", "state": "resting", "reason": "台风"})
    page = text_of(signed_in, f"{address}?year=2025")
    signed_in.post(f"{address}day/", {"day": "2025-06-09", "state": "inherited"})

    assert "台风" in page
    assert not CalendarDay.objects.filter(day_date=date(2025, 6, 9)).exists()


def test_a_year_without_announced_holidays_says_so(signed_in: Client, company: OrgUnit) -> None:
    page = text_of(signed_in, f"/organization/units/{company.pk}/calendar/?year=2090")

    assert "not in the calendar yet" in page


def test_roles_are_shown_in_words_and_changed(signed_in: Client) -> None:
    sync_roles()
    auditor = Role.objects.get(code="auditor")

    page = text_of(signed_in, "/organization/roles/")
    signed_in.post(f"/organization/roles/{auditor.pk}/", {"permissions": ["core.signed_in"]})

    auditor.refresh_from_db()
    assert "Set rules and working days for a place and below" in page
    assert auditor.permissions == ["core.signed_in"]


def test_a_manager_of_one_company_changes_no_roles(client: Client, company: OrgUnit) -> None:
    sync_roles()
    auditor = Role.objects.get(code="auditor")
    manager = make_member(
        company, VIEW_ORGANIZATION, CHANGE_ORGANIZATION, "organization.change_roles", "core.signed_in"
    )

    response = sign_in(client, manager).get(f"/organization/roles/{auditor.pk}/")

    assert response.status_code == 403
