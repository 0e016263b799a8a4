"""Cases, contracts and homes in their lists: columns, filters, the search, and the number of queries."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.utils.timezone import localdate

from hearth.core.actor import Actor
from hearth.core.permissions import SIGNED_IN
from hearth.lists.definitions import ListDefinition, lists
from hearth.lists.filters import Reader
from hearth.lists.selectors import list_rows, read_page
from hearth.lists.state import read_state
from hearth.organization.models import OrgUnit
from hearth.sales.services import receive_payment
from tests.cases.builders import NOW, make_case
from tests.customers.builders import make_customer, make_home
from tests.organization.builders import make_actor, make_member, sign_in
from tests.query_counts import count_queries, tell_the_planner
from tests.sales.builders import make_contract

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")


def found(key: str, actor: Actor = SYSTEM, **parameters: str) -> list[str]:
    definition: ListDefinition[object] = lists[key]  # type: ignore[type-var]
    reader = Reader(actor, localdate())
    state = read_state(definition, parameters, reader)
    assert state.ignored == []
    return sorted(str(row) for row in list_rows(state, reader))


def cells_of(key: str, **parameters: str) -> dict[str, list[object]]:
    reader = Reader(SYSTEM, localdate())
    state = read_state(lists[key], parameters, reader)
    batch = read_page(state, reader).batch
    return {
        column.key: [column.kind.plain(value) for value in column.read(batch)]
        for column in lists[key].columns
    }


def test_cases_are_narrowed_and_searched(company: OrgUnit, neighbour: OrgUnit) -> None:
    make_case(company, title="屋顶渗漏", grade="hot", topic="渗漏")
    make_case(neighbour, title="门锁坏了", kind="repair", answered_at=NOW, reply="好")

    assert found("cases", state="open", grade="hot") == ["屋顶渗漏"]
    assert found("cases", answered="empty:") == ["屋顶渗漏"]
    assert found("cases", kind="not:complaint") == ["门锁坏了"]
    assert found("cases", topic="渗") == ["屋顶渗漏"]
    assert found("cases", place=str(neighbour.pk)) == ["门锁坏了"]
    assert found("cases", q="门锁") == ["门锁坏了"]
    assert found("cases", make_actor(neighbour, "cases.view")) == ["门锁坏了"]


def test_contracts_are_narrowed_and_found_by_number_or_customer(company: OrgUnit) -> None:
    wang = make_customer(company, name="王伟", phone="13800001234")
    make_contract(make_home(company, project="甲园"), wang, number="A-1", signed_date=date(2026, 1, 5))
    dear = make_contract(
        make_home(company, project="乙园"),
        make_customer(company, name="李四"),
        number="B-1",
        total_amount=Decimal(3_000_000),
    )

    assert found("contracts", q="ww") == found("contracts", q="13800001234") == ["A-1"]
    assert found("contracts", q="B") == [dear.number]
    assert found("contracts", project="甲") == ["A-1"]
    assert found("contracts", total="2500000") == ["B-1"]
    assert found("contracts", signed="2026-01-01..2026-01-31", state="signed") == ["A-1"]


def test_the_columns_of_a_contract_tell_what_was_paid(company: OrgUnit) -> None:
    contract = make_contract(make_home(company, number="1203"), make_customer(company, name="王伟"))
    receive_payment(
        contract,
        actor=SYSTEM,
        receipt_number="R1",
        paid_date=date(2025, 6, 2),
        amount=Decimal(600_000),
        now=NOW,
    )

    told = cells_of("contracts")

    assert (told["received"], told["outstanding"]) == ([Decimal(600_000)], [Decimal(1_400_000)])
    assert (told["customer"], told["home"]) == (["王伟"], ["金色家园 7栋 1203"])


def test_homes_are_narrowed_and_found_by_address(company: OrgUnit) -> None:
    make_home(company, number="1203")
    make_home(company, number="1204", building="8栋")

    assert found("homes", q="8栋1204") == ["1204"]
    assert found("homes", price="2000000", project="金色") == ["1203", "1204"]
    assert found("homes", state="available") == []
    assert cells_of("homes", q="7-1203")["address"] == ["金色家园 7栋 1203"]


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("key", "address", "queries"), [("cases", "/cases/", 12), ("homes", "/homes/units/", 9)]
)
def test_every_column_costs_the_same_for_any_number_of_rows(
    signed_in: Client, company: OrgUnit, key: str, address: str, queries: int, rows: int
) -> None:
    for _ in range(rows):
        make_case(company, customer=make_customer(company))
        make_home(company)
    tell_the_planner()
    every = ",".join(column.key for column in lists[key].columns)

    assert count_queries(signed_in, address, columns=every) == queries


def test_who_may_not_see_contracts_does_not_see_their_list(client: Client, company: OrgUnit) -> None:
    member = sign_in(client, make_member(company, SIGNED_IN))

    assert member.get("/contracts/").status_code == 403
    assert member.get("/lists/contracts/count/").status_code == 404
