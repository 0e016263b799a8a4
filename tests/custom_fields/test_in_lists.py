"""Custom fields as columns and filters of lists."""

from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from hearth.core.actor import Actor
from hearth.core.permissions import SIGNED_IN
from hearth.custom_fields.objects import custom_objects
from hearth.custom_fields.services import set_custom_values
from hearth.customers.permissions import VIEW_CUSTOMER
from hearth.organization.models import Membership, OrgUnit
from tests.custom_fields.builders import make_field
from tests.customers.builders import make_customer
from tests.organization.builders import make_member, sign_in
from tests.query_counts import count_queries

pytestmark = pytest.mark.django_db
LIST = "/customers/"


@pytest.fixture
def _people(company: OrgUnit, actor: Actor, now: datetime) -> None:
    """Two customers who differ in each field."""
    make_field(company, key="pets", kind="choices", choices=("猫", "狗"))
    make_field(company, key="district", kind="choice", choices=("南山", "福田"))
    make_field(company, key="cars", kind="number")
    make_field(company, key="club", kind="yes_no")
    make_field(company, key="job")
    make_field(company, key="wedding", kind="date")
    make_field(company, key="move", kind="date")
    make_field(company, key="health", is_sensitive=True)
    rows: list[tuple[str, dict[str, Any]]] = [
        (
            "张三丰",
            {
                "pets": ["猫", "狗"],
                "district": "南山",
                "cars": "12",
                "club": True,
                "job": "医生",
                "wedding": "2019-05-01",
            },
        ),
        (
            "李四光",
            {
                "pets": ["狗"],
                "district": "福田",
                "cars": "9",
                "club": False,
                "job": "教师",
                "wedding": "2020-02-29",
                "move": "2021-01-01",
            },
        ),
    ]
    for name, values in rows:
        customer = make_customer(company, name=name)
        described = custom_objects["customer"]
        set_custom_values(described, customer, {**values, "health": "良好"}, actor=actor, now=now)


@pytest.mark.requirement("S132")
@pytest.mark.usefixtures("_people")
@pytest.mark.parametrize(
    "asked",
    [
        "custom_pets=猫",
        "custom_district=南山",
        "custom_district=not:福田",
        "custom_cars=least:10",
        "custom_cars=equal:12.0",
        "custom_club=yes",
        "custom_job=starts:医",
        "custom_wedding=between:..2019-12-31",
        "custom_wedding=between:2019-05-01..2019-05-01",
        "custom_move=empty:",
    ],
)
def test_a_list_is_narrowed_by_a_field(signed_in: Client, asked: str) -> None:
    page = signed_in.get(f"{LIST}?{asked}").content.decode()

    assert "张三丰" in page
    assert "李四光" not in page


@pytest.mark.usefixtures("_people")
def test_a_column_shows_the_values_sealed_ones_too(signed_in: Client) -> None:
    page = signed_in.get(f"{LIST}?columns=name,custom_pets,custom_health").content.decode()

    assert "猫, 狗" in page
    assert "良好" in page


@pytest.mark.usefixtures("_people")
def test_a_sensitive_field_cannot_be_asked_for(signed_in: Client) -> None:
    page = signed_in.get(f"{LIST}?custom_health=starts:良").content.decode()

    assert "李四光" in page


def test_a_field_of_a_role_is_shown_where_the_role_is_held(
    client: Client, group: OrgUnit, company: OrgUnit, neighbour: OrgUnit, actor: Actor, now: datetime
) -> None:
    reader = make_member(company, SIGNED_IN, VIEW_CUSTOMER)
    plain = make_member(neighbour, VIEW_CUSTOMER)
    Membership.objects.filter(user=plain).update(user=reader)
    role = Membership.objects.get(user=reader, org_unit=company).role.code
    make_field(group, key="job", view_roles=(role,))
    for place, job in ((company, "医生"), (neighbour, "教师")):
        customer = make_customer(place, name=job * 2)
        set_custom_values(custom_objects["customer"], customer, {"job": job}, actor=actor, now=now)
    sign_in(client, reader)

    page = client.get(f"{LIST}?columns=kind,custom_job").content.decode()
    asked = client.get(f"{LIST}?columns=kind,custom_job&custom_job=starts:教").content.decode()

    assert [page.count(job) - page.count(job * 2) * 2 for job in ("医生", "教师")] == [1, 0]
    assert "教师教师" in asked
    assert "医生医生" in asked


def test_who_may_not_see_a_field_learns_nothing_of_it(
    client: Client, company: OrgUnit, actor: Actor, now: datetime
) -> None:
    make_field(company, key="job", view_roles=("nobody",))
    customer = make_customer(company, name="张三丰")
    set_custom_values(custom_objects["customer"], customer, {"job": "医生"}, actor=actor, now=now)
    sign_in(client, make_member(company, SIGNED_IN, VIEW_CUSTOMER))

    page = client.get(f"{LIST}?columns=name,custom_job").content.decode()
    narrowed = client.get(f"{LIST}?custom_job=starts:教").content.decode()

    assert "医生" not in page
    assert "张三丰" in narrowed


def test_fields_cost_two_queries_whatever_their_number(signed_in: Client, company: OrgUnit) -> None:
    make_customer(company)
    without = count_queries(signed_in, LIST)
    make_field(company)

    with_one = count_queries(signed_in, LIST)
    for _number in range(2):
        make_field(company)

    assert with_one == without + 1
    assert count_queries(signed_in, LIST) == with_one
