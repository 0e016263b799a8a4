"""What people see of projects, buildings and homes."""

from datetime import datetime

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import DjangoAssertNumQueries

from hearth.core.actor import Actor
from hearth.core.extracts import extracts
from hearth.core.search import search_everything
from hearth.organization.models import OrgUnit
from hearth.properties.models import Building, Project, Unit
from hearth.properties.permissions import CHANGE_PROPERTY, VIEW_PROPERTY
from hearth.properties.selectors import project_figures
from hearth.properties.services import change_unit_state
from hearth.properties.stacking import stacking_plan
from tests.organization.builders import make_actor, make_member, sign_in
from tests.properties.builders import make_building, make_entrance, make_project, make_unit

pytestmark = pytest.mark.django_db


def test_the_list_takes_the_same_queries_for_one_project_and_for_three(
    signed_in: Client, company: OrgUnit, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_unit(make_building(make_project(company, name="金色家园")))
    signed_in.get(reverse("properties:list"))

    with django_assert_num_queries(5):
        signed_in.get(reverse("properties:list"))
    for _number in range(2):
        make_unit(make_building(make_project(company)))
    with django_assert_num_queries(5):
        signed_in.get(reverse("properties:list"))


def test_the_list_finds_by_name_and_hides_the_neighbour(
    client: Client, company: OrgUnit, neighbour: OrgUnit
) -> None:
    make_project(company, name="金色家园")
    make_project(company, name="云锦府")
    make_project(neighbour, name="金色海岸")
    sign_in(client, make_member(company, VIEW_PROPERTY))

    page = client.get(reverse("properties:list"), {"q": "金色"}).content.decode()

    assert ("金色家园" in page, "云锦府" in page, "金色海岸" in page) == (True, False, False)


def test_an_empty_list_offers_the_next_step(signed_in: Client) -> None:
    page = signed_in.get(reverse("properties:list")).content.decode()

    assert "还没有项目" in page
    assert reverse("properties:project_new") in page


def test_the_figures_of_a_project_count_states_and_average_the_price(company: OrgUnit) -> None:
    building = make_building(make_project(company))
    make_unit(building, state="available", floor_area="100", price="1000000")
    make_unit(building, state="contracted", floor_area="50", price="1000000")

    figures = project_figures(building.project)

    assert (figures.units, figures.sold, figures.sold_share) == (2, 1, 0.5)
    assert figures.average_price == 15_000
    assert [each.units for each in figures.states] == [0, 1, 0, 0, 1, 0]


def numbers(building: Building) -> list[tuple[int | None, list[list[str]]]]:
    return [
        (row.floor, [[unit.number if unit else "" for unit in cells] for cells in row.cells])
        for row in stacking_plan(building).floors
    ]


def test_the_plan_of_an_empty_building_is_empty(signed_in: Client, company: OrgUnit) -> None:
    building = make_building(make_project(company))

    page = signed_in.get(reverse("properties:building", args=[building.pk])).content.decode()

    assert numbers(building) == []
    assert "这栋楼还没有房源" in page


def test_the_plan_shows_one_home_with_its_state_in_words(signed_in: Client, company: OrgUnit) -> None:
    building = make_building(make_project(company))
    unit = make_unit(building, number="101", floor=1, state="held")

    page = signed_in.get(reverse("properties:building", args=[building.pk])).content.decode()

    assert f'<a class="state-held" href="{reverse("properties:unit", args=[unit.pk])}">' in page
    assert "<strong>101</strong><small>保留</small>" in page


def test_the_plan_stacks_floors_from_the_top_and_aligns_rooms_by_entrance(company: OrgUnit) -> None:
    building = make_building(make_project(company))
    first, second = make_entrance(building, "1"), make_entrance(building, "2")
    for entrance, floor, number in (
        (first, 1, "101"),
        (first, 1, "102"),
        (first, 2, "202"),
        (second, 10, "1001"),
        (second, None, "会所"),
    ):
        make_unit(building, number=number, entrance=entrance, floor=floor)

    assert [stack.entrance for stack in stacking_plan(building).stacks] == ["1", "2"]
    assert numbers(building) == [
        (10, [["", ""], ["1001", ""]]),
        (2, [["", "202"], ["", ""]]),
        (1, [["101", "102"], ["", ""]]),
        (None, [["", ""], ["", "会所"]]),
    ]


def test_the_plan_takes_one_query_whatever_stands_in_it(
    company: OrgUnit, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    building = make_building(make_project(company))
    for number in range(1, 40):
        make_unit(building, number=f"{number}01", floor=number)

    with django_assert_num_queries(1):
        plan = stacking_plan(building)

    assert len(plan.floors) == 39


def test_the_page_of_a_home_takes_the_same_queries_with_one_event_and_with_three(
    signed_in: Client,
    company: OrgUnit,
    actor: Actor,
    now: datetime,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    unit = make_unit(make_building(make_project(company)))
    address = reverse("properties:unit", args=[unit.pk])
    signed_in.get(address)

    with django_assert_num_queries(6):
        signed_in.get(address)
    change_unit_state(unit, Unit.State.HELD, actor=actor, now=now)
    change_unit_state(unit, Unit.State.SUBSCRIBED, actor=actor, now=now)
    with django_assert_num_queries(6):
        page = signed_in.get(address).content.decode()

    assert "保留 → 已认购" in page


def test_a_state_is_set_by_hand_and_a_wrong_one_is_refused(signed_in: Client, company: OrgUnit) -> None:
    unit = make_unit(make_building(make_project(company)))
    address = reverse("properties:unit_state", args=[unit.pk])

    accepted = signed_in.post(address, {"state": "held"})
    refused = signed_in.post(address, {"state": "delivered"})
    unknown = signed_in.post(address, {"state": "sold"})

    unit.refresh_from_db()
    assert (accepted.status_code, refused.status_code, unknown.status_code) == (303, 422, 422)
    assert "保留的房源不能变为已交付。" in refused.content.decode()
    assert unit.state == "held"


def test_project_building_and_home_are_entered_by_hand(signed_in: Client, company: OrgUnit) -> None:
    project_page = signed_in.post(
        reverse("properties:project_new"),
        {"org_unit": company.pk, "name": "金色家园", "code": "JS", "life_phase": "execute_plan"},
    )
    project = Project.objects.get()
    building_page = signed_in.post(
        reverse("properties:building_new", args=[project.pk]), {"name": "1栋", "floors": 30}
    )
    building = Building.objects.get()
    unit_page = signed_in.post(
        reverse("properties:unit_new", args=[building.pk]),
        {"number": "101", "floor": 1, "floor_area": "89.5", "state": "available"},
    )

    assert project_page["Location"] == reverse("properties:project", args=[project.pk])
    assert building_page["Location"] == reverse("properties:building", args=[building.pk])
    assert unit_page["Location"] == reverse("properties:unit", args=[Unit.objects.get().pk])


def test_what_is_taken_is_said_beside_the_field(signed_in: Client, company: OrgUnit) -> None:
    building = make_building(make_project(company))
    make_unit(building, number="101")

    response = signed_in.post(
        reverse("properties:unit_new", args=[building.pk]), {"number": "101", "state": "available"}
    )

    assert response.status_code == 422
    assert "已有相同地址或外部编号的房源。" in response.content.decode()


def test_the_neighbour_is_told_that_there_is_nothing(
    client: Client, company: OrgUnit, neighbour: OrgUnit
) -> None:
    unit = make_unit(make_building(make_project(company)))
    sign_in(client, make_member(neighbour, VIEW_PROPERTY, CHANGE_PROPERTY))
    addresses = {
        "project": unit.project_id,
        "building": unit.building_id,
        "unit": unit.pk,
        "building_new": unit.project_id,
        "unit_new": unit.building_id,
    }

    found = [
        client.get(reverse(f"properties:{name}", args=[pk])).status_code for name, pk in addresses.items()
    ]

    assert found == [404] * 5
    assert client.post(reverse("properties:unit_state", args=[unit.pk]), {"state": "held"}).status_code == 404


def test_who_may_only_look_is_offered_no_change(client: Client, company: OrgUnit) -> None:
    unit = make_unit(make_building(make_project(company)))
    sign_in(client, make_member(company, VIEW_PROPERTY))

    page = client.get(reverse("properties:unit", args=[unit.pk])).content.decode()

    assert reverse("properties:unit_state", args=[unit.pk]) not in page
    assert client.get(reverse("properties:project_new")).status_code == 403


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_reads_in_both_languages(language: str, signed_in: Client, company: OrgUnit) -> None:
    unit = make_unit(make_building(make_project(company)))
    signed_in.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    addresses = [
        reverse("properties:project", args=[unit.project_id]),
        reverse("properties:building", args=[unit.building_id]),
        reverse("properties:unit", args=[unit.pk]),
        reverse("properties:unit_new", args=[unit.building_id]),
    ]

    pages = [signed_in.get(address).content.decode() for address in addresses]

    words = {
        "zh-hans": ["均价", "图例", "建成年份", "户型"],
        "en": ["Average", "Legend", "Year built", "Layout"],
    }
    assert [
        word in page.replace("layout", "Layout") for word, page in zip(words[language], pages, strict=True)
    ] == [True] * 4


def test_homes_and_projects_are_found_by_the_search(
    company: OrgUnit, neighbour: OrgUnit, actor: Actor
) -> None:
    unit = make_unit(make_building(make_project(company, name="金色家园"), name="7栋"), number="1203")
    make_unit(make_building(make_project(neighbour, name="金色海岸"), name="7栋"), number="1203")
    reader = make_actor(company, VIEW_PROPERTY)

    by_room = search_everything("7-1203", actor=reader)
    by_name = search_everything("金色", actor=reader)

    assert [hit.title for group in by_room for hit in group.hits] == [f"金色家园 7栋 {unit.number}"]
    assert by_name[0].hits[0].title == "金色家园"
    assert all("海岸" not in hit.title for group in by_name for hit in group.hits)


@pytest.mark.parametrize("name", ["projects", "units"])
def test_an_extract_yields_its_columns_in_order(name: str, company: OrgUnit) -> None:
    from django.db import connection  # noqa: PLC0415

    make_unit(make_building(make_project(company)))
    extract = extracts[name]

    with connection.cursor() as cursor:
        cursor.execute(extract.sql)
        rows, columns = cursor.fetchall(), [column.name for column in cursor.description]

    assert (columns, len(rows)) == (list(extract.columns), 1)
