"""Group complaints for tests."""

from typing import Any

from hearth.cases.models import Case
from hearth.core.actor import Actor
from hearth.customers.models import Customer
from hearth.group_cases.models import GroupCase
from hearth.group_cases.services import add_cases, open_group_case
from hearth.organization.models import OrgUnit
from hearth.properties.models import Unit
from tests.cases.builders import NOW, make_case
from tests.customers.builders import make_customer, make_home

SYSTEM = Actor.system("test")


def make_complaint(
    company: OrgUnit, *, customer: Customer | None = None, home: Unit | None = None, **values: Any
) -> Case:
    """Write a complaint of a customer about a home of the project."""
    home = home or make_home(company)
    customer = customer or make_customer(company)
    return make_case(
        company, customer=customer, unit_id=home.pk, project_id=home.project_id, topic="渗漏", **values
    )


def make_group_case(
    company: OrgUnit, households: int = 1, *, cases: list[Case] | None = None, **values: Any
) -> GroupCase:
    """Write a group complaint of so many households; further values are those of `open_group_case`."""
    cases = cases or [make_complaint(company) for _each in range(households)]
    project = cases[0].project
    assert project is not None
    named: dict[str, Any] = {"title": "7栋渗漏群诉", "actor": SYSTEM, "now": NOW} | values
    return open_group_case(project, cases=cases, **named)


def join(group: GroupCase, *cases: Case, actor: Actor = SYSTEM) -> GroupCase:
    """Add cases to a group complaint."""
    return add_cases(group, cases, actor=actor, now=NOW)
