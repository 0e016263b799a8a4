"""What customers are to homes, from a file, each role with its days."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hearth.core.actor import Actor
from hearth.customers.models import Customer, CustomerPlace, UnitRole
from hearth.customers.permissions import VIEW_CUSTOMER
from hearth.customers.role_loader import MESSAGES, UnitRoleLoader
from hearth.imports.kinds import ImportContext, Row
from hearth.imports.models import ImportJob
from hearth.imports.services import (
    commit_file,
    receive_file,
    revert_file,
    revert_import,
    start_check,
    start_commit,
)
from hearth.lib.identifiers import uuid7
from hearth.organization.models import OrgUnit
from hearth.properties.models import Unit
from hearth.properties.permissions import VIEW_PROPERTY
from tests.customers.builders import make_customer, make_home, make_unit_role
from tests.organization.builders import make_actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def home(company: OrgUnit) -> Unit:
    """A home with the key H1, and a customer with the key K1."""
    home = make_home(company)
    Unit.objects.filter(pk=home.pk).update(external_key="H1")
    make_customer(company, external_key="K1")
    return home


def make_loader(place: OrgUnit, actor: Actor, now: datetime) -> UnitRoleLoader:
    return UnitRoleLoader(ImportContext(uuid7(), place, actor, now, {}))


def row_of(number: int, role: str, first: str = "", last: str = "", **further: Any) -> Row:
    days = {
        name: date.fromisoformat(text) for name, text in (("valid_from", first), ("valid_to", last)) if text
    }
    return Row(number, {"customer_key": "K1", "unit_key": "H1", "role": role, **days, **further})


def test_roles_come_in_with_their_days_and_go_again(
    tmp_path: Path, company: OrgUnit, home: Unit, actor: Actor, now: datetime
) -> None:
    path = tmp_path / "roles.csv"
    path.write_text(
        "客户编号,房间编号,角色,开始日期,结束日期\n"
        "K1,H1,租户,2019-01-01,2020-01-01\nK1,H1,租户,2021-01-01,\nK1,H1,业主,2022-03-01,\n"
    )
    job = receive_file(path, kind="unit_roles", org_unit=company, actor=actor, now=now)
    start_commit(start_check(job, actor=actor, now=now), good_rows_only=False, actor=actor, now=now)
    done = commit_file(job, actor=actor, now=now)
    written = list(UnitRole.objects.order_by("valid_from").values_list("role", "valid_from", "valid_to"))

    revert_import(done, actor=actor, now=now)
    back = revert_file(done, actor=actor, now=now)

    assert written == [
        ("tenant", date(2019, 1, 1), date(2020, 1, 1)),
        ("tenant", date(2021, 1, 1), None),
        ("owner", date(2022, 3, 1), None),
    ]
    assert (back.state, back.reverted_rows, UnitRole.objects.count()) == (ImportJob.State.REVERTED, 3, 0)


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (row_of(3, "tenant", "2021-06-01"), ("role", "role_overlaps")),
        (row_of(3, "tenant", "2018-01-01", "2020-06-01"), ("role", "role_overlaps")),
        (row_of(3, "owner", "2025-01-01", "2026-01-01"), ("role", "role_overlaps_row")),
        (row_of(3, "buyer", "2025-01-01", "2024-01-01"), ("valid_to", "role_ends_before_it_begins")),
        (row_of(3, "buyer", unit_key="H9"), ("unit_key", "unit_unknown")),
        (row_of(3, "buyer", customer_key="K9"), ("customer_key", "customer_unknown")),
        (row_of(3, "buyer", customer_key=None), ("customer_key", "customer_missing")),
    ],
)
def test_a_role_that_cannot_be_is_refused(
    company: OrgUnit, home: Unit, actor: Actor, now: datetime, row: Row, problem: tuple[str, str]
) -> None:
    tenant = Customer.objects.get(external_key="K1")
    role = make_unit_role(tenant, home, role="tenant")
    UnitRole.objects.filter(pk=role.pk).update(valid_from=date(2020, 1, 1), valid_to=date(2022, 1, 1))
    loader = make_loader(company, actor, now)
    before = list(loader.check([row_of(2, "owner", "2024-01-01")]))

    problems = list(loader.check([row]))

    assert before == []
    assert [(each.field_name, each.code) for each in problems] == [problem]
    assert str(MESSAGES[problem[1]]) % problems[0].params


def test_periods_that_only_touch_are_two_roles(
    company: OrgUnit, home: Unit, actor: Actor, now: datetime
) -> None:
    loader = make_loader(company, actor, now)
    rows = [
        row_of(2, "tenant", "2019-01-01", "2020-01-01"),
        row_of(3, "tenant", "2020-01-01", "2021-01-01"),
        row_of(4, "tenant", "2020-06-01"),
    ]

    problems = list(loader.check(rows))

    assert [(each.row, each.code, each.params) for each in problems] == [
        (4, "role_overlaps_row", {"first_row": 3})
    ]


def test_who_may_not_change_customers_at_the_home_brings_no_roles_in(
    company: OrgUnit, home: Unit, now: datetime
) -> None:
    reader = make_actor(company, VIEW_CUSTOMER, VIEW_PROPERTY)

    problems = list(make_loader(company, reader, now).check([row_of(2, "owner")]))

    assert [each.code for each in problems] == ["not_allowed"]


def test_the_queries_do_not_grow_with_the_rows(
    company: OrgUnit, home: Unit, actor: Actor, now: datetime
) -> None:
    counts = []
    for roles in (["owner"], ["owner", "payer", "buyer"]):
        loader = make_loader(company, actor, now)
        with CaptureQueriesContext(connection) as queries:
            assert list(loader.check([row_of(n, role) for n, role in enumerate(roles, start=2)])) == []
        counts.append(len(queries))

    assert counts == [4, 4]
    assert CustomerPlace.objects.count() == 1
