"""Objects for the walk over all routes."""

from typing import Any

from hearth.group_cases.models import GroupChild, GroupHousehold
from hearth.organization.models import OrgUnit
from tests.group_cases.builders import make_group_case

ON_A_GROUP = ("group", "change", "add", "sign", "close")


def make_group_route(company: OrgUnit) -> dict[str, Any]:
    return {"group_id": make_group_case(company).pk}


def make_child_route(company: OrgUnit) -> dict[str, Any]:
    child = GroupChild.objects.get(group_case=make_group_case(company))
    return {"group_id": child.group_case_id, "child_id": child.pk}


def make_household_route(company: OrgUnit) -> dict[str, Any]:
    household = GroupHousehold.objects.get(group_case=make_group_case(company))
    return {"group_id": household.group_case_id, "household_id": household.pk}


SAMPLES = {f"group_cases:{name}": make_group_route for name in ON_A_GROUP} | {
    "group_cases:take_out": make_child_route,
    "group_cases:leave": make_household_route,
    "group_cases:represent": make_household_route,
}
TRACES = {"group_cases:groups": lambda company: make_group_case(company, title="青枫浦群诉").title}
