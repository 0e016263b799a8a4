"""The tree of places: what may hang where, and what a move takes along."""

from datetime import datetime

import pytest
from django.utils.timezone import localdate

from hearth.core.actor import Actor
from hearth.core.errors import NotAllowed
from hearth.core.models import EventRecord
from hearth.organization.models import OrgUnit
from hearth.organization.permissions import CHANGE_ORGANIZATION, VIEW_ORGANIZATION
from hearth.organization.selectors import TreeNode, tree_for
from hearth.organization.services import (
    CodeTaken,
    GroupExists,
    StillInUse,
    WouldCircle,
    WrongPlace,
    create_org_unit,
    deactivate_org_unit,
    move_org_unit,
    rename_org_unit,
)
from tests.organization.builders import make_actor, make_member, make_org_unit

pytestmark = pytest.mark.django_db
Function = OrgUnit.Function


def add(parent: OrgUnit | None, kind: str, actor: Actor, now: datetime, code: str = "NEW") -> OrgUnit:
    return create_org_unit("新单位", parent=parent, kind=kind, code=code, actor=actor, now=now)


def names(nodes: list[TreeNode]) -> list[object]:
    """Write a tree as nested lists of codes."""
    return [[node.unit.code, names(node.children)] if node.children else node.unit.code for node in nodes]


@pytest.mark.requirement("S203")
def test_a_company_hangs_below_its_region(group: OrgUnit, actor: Actor, now: datetime) -> None:
    region = OrgUnit.objects.get(code="S")

    company = add(region, "city_company", actor, now)

    assert company.path == f"{group.pk}/{region.pk}/{company.pk}/"
    assert company.depth == 2
    assert EventRecord.objects.get(type="organization.unit_created").org_unit_id == company.pk


@pytest.mark.parametrize(
    ("parent", "kind"),
    [
        ("G", "group"),
        ("SZ", "region"),
        ("SZ", "city_company"),
        ("SZ-A", "city_company"),
        ("SZ-A", "project_team"),
        ("CRC", "project_team"),
    ],
)
def test_an_order_of_kinds_that_makes_no_sense_is_refused(
    company: OrgUnit, actor: Actor, now: datetime, parent: str, kind: str
) -> None:
    make_org_unit(company, kind="department", code="CRC")

    with pytest.raises(WrongPlace):
        add(OrgUnit.objects.get(code=parent), kind, actor, now)


@pytest.mark.parametrize("parent", ["G", "S", "SZ", "SZ-A"])
def test_departments_hang_anywhere(group: OrgUnit, actor: Actor, now: datetime, parent: str) -> None:
    department = add(OrgUnit.objects.get(code=parent), "department", actor, now)

    assert department.kind == "department"


@pytest.mark.requirement("S41")
@pytest.mark.requirement("S202")
@pytest.mark.requirement("S208")
@pytest.mark.parametrize("place", ["G", "S", "SZ"])
def test_group_region_and_company_have_a_customer_relations_centre(
    group: OrgUnit, actor: Actor, now: datetime, place: str
) -> None:
    parent = OrgUnit.objects.get(code=place)

    centre = create_org_unit(
        "客户关系中心",
        parent=parent,
        kind="department",
        function=Function.CUSTOMER_RELATIONS_CENTER,
        code=f"{place}-CRC",
        actor=actor,
        now=now,
    )

    found = OrgUnit.objects.below(parent).filter(function=Function.CUSTOMER_RELATIONS_CENTER).first()
    assert found == centre


@pytest.mark.parametrize(
    "function",
    [
        pytest.param(Function.PROPERTY_SERVICE, marks=pytest.mark.requirement("S204")),
        pytest.param(Function.PROJECT_DEVELOPMENT, marks=pytest.mark.requirement("S205")),
        pytest.param(Function.SALES_OPERATIONS, marks=pytest.mark.requirement("S205")),
        pytest.param(Function.PLANNING_DESIGN, marks=pytest.mark.requirement("S205")),
        pytest.param(Function.PROJECT_MANAGEMENT, marks=pytest.mark.requirement("S206")),
        pytest.param(Function.ENGINEERING, marks=pytest.mark.requirement("S207")),
        pytest.param(Function.COST, marks=pytest.mark.requirement("S207")),
    ],
)
def test_a_company_has_the_departments_of_the_chart(
    company: OrgUnit, actor: Actor, now: datetime, function: str
) -> None:
    department = create_org_unit(
        "部门", parent=company, kind="department", function=function, code="D", actor=actor, now=now
    )

    department.refresh_from_db()
    assert (department.parent_id, department.function) == (company.pk, function)


@pytest.mark.requirement("S206")
def test_a_company_has_any_number_of_project_management_departments(
    company: OrgUnit, actor: Actor, now: datetime
) -> None:
    for number in (1, 2, 3):
        create_org_unit(
            f"项目经理部{number}",
            parent=company,
            kind="department",
            function=Function.PROJECT_MANAGEMENT,
            code=f"SZ-PM{number}",
            actor=actor,
            now=now,
        )

    assert OrgUnit.objects.below(company).filter(function=Function.PROJECT_MANAGEMENT).count() == 3


def test_there_is_one_group_and_one_unit_for_each_code(group: OrgUnit, actor: Actor, now: datetime) -> None:
    with pytest.raises(GroupExists):
        add(None, "group", actor, now)
    with pytest.raises(CodeTaken):
        add(group, "region", actor, now, code="S")


def test_the_first_unit_is_the_group(db: None, actor: Actor, now: datetime) -> None:
    with pytest.raises(GroupExists):
        add(None, "region", actor, now)

    root = add(None, "group", actor, now)

    assert (root.path, root.depth) == (f"{root.pk}/", 0)


def test_a_move_takes_all_below_along(group: OrgUnit, actor: Actor, now: datetime) -> None:
    north = make_org_unit(group, kind="region", code="N")
    shenzhen = OrgUnit.objects.get(code="SZ")

    move_org_unit(shenzhen, actor=actor, now=now, parent=north)

    team = OrgUnit.objects.get(code="SZ-A")
    assert team.path == f"{group.pk}/{north.pk}/{shenzhen.pk}/{team.pk}/"
    assert list(OrgUnit.objects.below(north).in_tree_order().values_list("code", flat=True)) == [
        "N",
        "SZ",
        "SZ-A",
    ]


def test_a_move_to_another_depth_keeps_depths_true(group: OrgUnit, actor: Actor, now: datetime) -> None:
    shenzhen = OrgUnit.objects.get(code="SZ")

    move_org_unit(shenzhen, actor=actor, now=now, parent=group)

    depths = dict(OrgUnit.objects.values_list("code", "depth"))
    assert depths == {"G": 0, "S": 1, "SZ": 1, "GZ": 2, "SZ-A": 2}


def test_a_move_below_itself_is_refused(group: OrgUnit, actor: Actor, now: datetime) -> None:
    shenzhen, team = OrgUnit.objects.get(code="SZ"), OrgUnit.objects.get(code="SZ-A")

    with pytest.raises(WouldCircle):
        move_org_unit(shenzhen, actor=actor, now=now, parent=team)
    with pytest.raises(WouldCircle):
        move_org_unit(shenzhen, actor=actor, now=now, parent=shenzhen)


def test_a_move_needs_the_right_at_both_places(company: OrgUnit, neighbour: OrgUnit, now: datetime) -> None:
    team = OrgUnit.objects.get(code="SZ-A")

    with pytest.raises(NotAllowed):
        move_org_unit(team, actor=make_actor(company, CHANGE_ORGANIZATION), now=now, parent=neighbour)


def test_a_unit_closes_after_those_below(company: OrgUnit, actor: Actor, now: datetime) -> None:
    team = OrgUnit.objects.get(code="SZ-A")
    with pytest.raises(StillInUse):
        deactivate_org_unit(company, actor=actor, now=now)

    deactivate_org_unit(team, actor=actor, now=now)
    deactivate_org_unit(company, actor=actor, now=now)
    deactivate_org_unit(company, actor=actor, now=now)

    assert set(OrgUnit.objects.filter(is_active=False).values_list("code", flat=True)) == {"SZ", "SZ-A"}
    assert EventRecord.objects.filter(type="organization.unit_deactivated").count() == 2


def test_a_neighbour_renames_nothing(company: OrgUnit, neighbour: OrgUnit, now: datetime) -> None:
    with pytest.raises(NotAllowed):
        rename_org_unit(company, actor=make_actor(neighbour, CHANGE_ORGANIZATION), now=now, name="x")


def test_the_tree_shows_departments_first_and_only_what_one_may_see(
    group: OrgUnit, company: OrgUnit, now: datetime
) -> None:
    make_org_unit(company, kind="department", code="SZ-CRC")

    whole = tree_for(make_actor(group, VIEW_ORGANIZATION), today=localdate(now))
    part = tree_for(make_actor(company, VIEW_ORGANIZATION), today=localdate(now))

    assert names(whole) == [["G", [["S", [["SZ", ["SZ-CRC", "SZ-A"]], "GZ"]]]]]
    assert names(part) == [["SZ", ["SZ-CRC", "SZ-A"]]]


def test_the_tree_counts_people_once(company: OrgUnit, now: datetime) -> None:
    make_member(company, VIEW_ORGANIZATION)

    (root,) = tree_for(make_actor(company, VIEW_ORGANIZATION), today=localdate(now))

    assert root.people == 2


@pytest.mark.parametrize("number", [1, 3])
def test_the_tree_costs_two_queries(
    company: OrgUnit, now: datetime, number: int, django_assert_num_queries: object
) -> None:
    for _ in range(number):
        make_org_unit(company, kind="department")
    actor = make_actor(company, VIEW_ORGANIZATION)

    with django_assert_num_queries(2):  # type: ignore[operator]
        tree_for(actor, today=localdate(now))
