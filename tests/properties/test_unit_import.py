"""The file of homes: what it makes, updates and refuses."""

from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import translation

from hearth.core.actor import Actor
from hearth.imports.kinds import import_kinds
from hearth.imports.services import commit_file
from hearth.imports.wording import explain_in_place
from hearth.organization.models import OrgUnit
from hearth.properties.models import Building, Entrance, Phase, Project, Unit
from tests.imports.builders import make_checked, make_committing, make_file
from tests.properties.builders import make_building, make_project, make_unit

pytestmark = pytest.mark.django_db
HEADER = "项目,项目编号,城市,区域,分期,楼栋,单元,房号,楼层,户型,朝向,装修,建筑面积,总价,建成年份,状态,外部编号,交付日期"
ROW = "金色家园,JS,深圳,南山,一期,1栋,1单元,101,1,三室两厅,南,精装,89.50,650万,2020,已交付,K-1,2021-06-30"
UPDATE = ("create_projects", "update_existing")


def test_every_column_arrives(tmp_path: Path, company: OrgUnit, actor: Actor, now: datetime) -> None:
    job = make_committing(make_file(tmp_path, ROW, header=HEADER), company)

    commit_file(job, actor=actor, now=now)

    unit = Unit.objects.with_place().select_related("building__phase").get()
    project, building = unit.project, unit.building
    assert (project.name, project.code, project.city, project.district) == ("金色家园", "JS", "深圳", "南山")
    assert (building.name, building.phase and building.phase.name) == ("1栋", "一期")
    assert (unit.entrance and unit.entrance.name, unit.number, unit.floor) == ("1单元", "101", 1)
    assert (unit.layout, unit.orientation, unit.fit_out) == ("三室两厅", "南", "精装")
    assert (unit.floor_area, unit.list_price_amount) == (Decimal("89.50"), Decimal("6500000.00"))
    assert (unit.built_year, unit.state, unit.external_key) == (2020, "delivered", "K-1")
    assert (str(unit.handover_date), unit.org_unit_id) == ("2021-06-30", company.pk)


def test_places_are_made_once_over_all_rows(
    tmp_path: Path, company: OrgUnit, actor: Actor, now: datetime
) -> None:
    rows = [ROW.replace(",101,", f",{number},").replace("K-1", f"K-{number}") for number in (101, 102, 103)]
    job = make_committing(make_file(tmp_path, *rows, header=HEADER), company)

    done = commit_file(job, actor=actor, now=now)

    made = [model._default_manager.count() for model in (Project, Phase, Building, Entrance, Unit)]
    assert (made, done.created_rows) == ([1, 1, 1, 1, 3], 3)


def test_known_places_are_used(tmp_path: Path, company: OrgUnit, actor: Actor, now: datetime) -> None:
    building = make_building(make_project(company, name="金色家园", code="JS"), name="1栋")
    job = make_committing(make_file(tmp_path, ROW, header=HEADER), company, options=[])

    commit_file(job, actor=actor, now=now)

    assert Unit.objects.get().building == building


def test_a_project_team_below_the_company_keeps_its_homes(
    tmp_path: Path, company: OrgUnit, actor: Actor, now: datetime
) -> None:
    team = OrgUnit.objects.get(code="SZ-A")
    make_project(team, name="金色家园", code="JS")
    job = make_committing(make_file(tmp_path, ROW, header=HEADER), company, options=[])

    commit_file(job, actor=actor, now=now)

    assert Unit.objects.get().org_unit == team


@pytest.mark.requirement("S133")
def test_a_known_home_is_refused_unless_it_is_to_be_updated(
    tmp_path: Path, company: OrgUnit, actor: Actor, now: datetime
) -> None:
    project = make_project(company, name="金色家园", code="JS")
    unit = make_unit(make_building(project, name="9栋"), number="901", external_key="K-1", state="contracted")
    path = make_file(tmp_path, ROW, header=HEADER)

    refused = make_checked(path, company)
    accepted = make_committing(path, company, options=UPDATE)
    done = commit_file(accepted, actor=actor, now=now)

    unit.refresh_from_db()
    assert list(refused.issues.values_list("code", flat=True)) == ["unit_exists"]
    assert (done.created_rows, done.updated_rows) == (0, 1)
    assert (unit.number, unit.state, unit.layout, unit.floor_area) == (
        "901",
        "delivered",
        "三室两厅",
        Decimal("89.50"),
    )
    with translation.override("en"):
        [words] = [explain_in_place(issue, import_kinds["units"]) for issue in accepted.issues.all()]
    assert words == (
        "Row 2, column “房号”, “101”: The key belongs to 金色家园 9栋 901; the address stays, "
        "the other values are updated."
    )


def test_a_home_is_also_known_by_its_address(
    tmp_path: Path, company: OrgUnit, actor: Actor, now: datetime
) -> None:
    project = make_project(company, name="云锦府")
    unit = make_unit(make_building(project, name="A座"), number="1203")
    path = make_file(tmp_path, "云锦府,A座,1203,80,K-9", header="项目,楼栋,房号,面积,外部编号")

    commit_file(make_committing(path, company, options=UPDATE), actor=actor, now=now)

    unit.refresh_from_db()
    assert (unit.floor_area, unit.external_key, unit.list_price_amount) == (
        Decimal(80),
        "K-9",
        Decimal(2_000_000),
    )


def test_a_key_cannot_move_to_another_home(tmp_path: Path, company: OrgUnit) -> None:
    building = make_building(make_project(company, name="云锦府"), name="A座")
    make_unit(building, number="1203", external_key="K-1")
    make_unit(building, number="1204", external_key="K-2")
    path = make_file(tmp_path, "云锦府,A座,1204,K-1", header="项目,楼栋,房号,外部编号")

    job = make_checked(path, company, options=UPDATE)

    assert list(job.issues.values_list("code", "params__address")) == [
        ("key_of_another_unit", "云锦府 A座 1203")
    ]


def test_a_state_that_does_not_follow_is_refused(tmp_path: Path, company: OrgUnit) -> None:
    building = make_building(make_project(company, name="云锦府"), name="A座")
    make_unit(building, number="1203", state="delivered")
    path = make_file(tmp_path, "云锦府,A座,1203,在售", header="项目,楼栋,房号,状态")

    job = make_checked(path, company, options=UPDATE)

    assert list(job.issues.values_list("code", flat=True)) == ["state_not_allowed"]


def test_a_name_of_two_projects_needs_the_code(tmp_path: Path, company: OrgUnit) -> None:
    make_project(company, name="云锦府", code="A")
    make_project(company, name="云锦府", code="B")
    header = "项目,项目编号,房号"

    job = make_checked(make_file(tmp_path, "云锦府,,1", "云锦府,A,2", header=header), company)

    assert list(job.issues.values_list("row", "code")) == [(2, "ambiguous_project")]
