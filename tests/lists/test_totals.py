"""Figures at the foot of a table: exact, of the rows and columns their reader may see, and asked for on demand."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate

from hearth.core.actor import Actor
from hearth.core.bounded import TookTooLong
from hearth.core.permissions import SIGNED_IN
from hearth.custom_fields.services import FieldValues, define_field
from hearth.lists.cells import MONEY, NUMBER, PERCENT
from hearth.lists.definitions import Column, lists
from hearth.lists.filters import Reader
from hearth.lists.selectors.totals import total_of
from hearth.lists.state import read_state
from hearth.lists.totals import show_total
from hearth.organization.models import OrgUnit
from hearth.properties.models import Unit
from hearth.sales.services import receive_payment
from tests.cases.builders import NOW
from tests.customers.builders import make_customer, make_home
from tests.organization.builders import make_actor, make_member, sign_in
from tests.query_counts import count_queries
from tests.sales.builders import make_contract

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")


def total(key: str, column_key: str, figure: str, actor: Actor = SYSTEM, **parameters: str) -> Any:
    definition = lists[key].extended(actor)
    reader = Reader(actor, localdate())
    column: Column[Any] = next(each for each in definition.columns if each.key == column_key)
    return total_of(read_state(definition, parameters, reader), reader, column, figure)


def text_of(response: Any) -> str:
    return str(response.content.decode()).strip()


def test_a_figure_is_exact_over_the_rows_that_fit(company: OrgUnit) -> None:
    for number, price in [("1", "1000000.01"), ("2", "2000000.02"), ("3", None)]:
        home = make_home(company, number=number)
        Unit.objects.filter(pk=home.pk).update(list_price_amount=price and Decimal(price))

    figures = [total("homes", "price", figure) for figure in ("sum", "average", "least", "most")]

    assert figures == [
        Decimal("3000000.03"),
        Decimal("1500000.015"),
        Decimal("1000000.01"),
        Decimal("2000000.02"),
    ]
    assert total("homes", "price", "sum", price="2000000") == Decimal("2000000.02")
    assert total("homes", "price", "sum", price="9000000") is None


def test_a_figure_counts_the_rows_its_reader_may_see(company: OrgUnit, neighbour: OrgUnit) -> None:
    make_home(company, number="1")
    make_home(neighbour, number="2")
    Unit.objects.update(floor_area=Decimal(100))

    reader = make_actor(company, "properties.view")

    assert total("homes", "area", "sum", reader) == Decimal(100)
    assert total("homes", "area", "sum") == Decimal(200)


def test_what_is_outstanding_is_summed_over_contracts(company: OrgUnit) -> None:
    contracts = [
        make_contract(make_home(company, number=number), make_customer(company), number=number)
        for number in ("A1", "A2")
    ]
    receive_payment(
        contracts[0],
        actor=SYSTEM,
        receipt_number="R1",
        paid_date=date(2025, 6, 2),
        amount=Decimal(600_000),
        now=NOW,
    )

    assert total("contracts", "received", "sum") == Decimal(600_000)
    assert total("contracts", "outstanding", "sum") == Decimal(3_400_000)
    assert total("contracts", "outstanding", "least") == Decimal(1_400_000)


def test_the_homes_of_customers_are_summed(company: OrgUnit) -> None:
    make_customer(company)

    assert total("customers", "homes", "sum") == 0
    assert total("customers", "homes", "sum", stage="pre_owner") is None


def test_shares_are_averaged_and_never_summed(signed_in: Client, company: OrgUnit) -> None:
    for source in ("", "web"):
        make_customer(company, source=source)
    column = lists["customers"].column_of["completeness"]
    definition, reader = lists["customers"].extended(SYSTEM), Reader(SYSTEM, localdate())

    state = read_state(definition, {"totals": "completeness:sum", "columns": "name,completeness"}, reader)

    assert column.figures == ["average", "least", "most"]
    assert total("customers", "completeness", "average") == Decimal(50) / 2
    assert (state.totals, list(state.ignored)) == ({}, ["totals"])
    assert signed_in.get(reverse("lists:total", args=["customers", "completeness", "sum"])).status_code == 404
    assert (
        text_of(signed_in.get(reverse("lists:total", args=["customers", "completeness", "average"])))
        == "25 %"
    )


def define_amount(group: OrgUnit, key: str, **more: Any) -> None:
    values = FieldValues(key=key, name_zh="佣金", name_en="Fee", kind="money", **more)
    define_field("unit", values, org_unit=group, actor=SYSTEM, now=NOW)


def test_custom_amounts_are_summed_unless_they_are_sealed_or_hidden(company: OrgUnit, group: OrgUnit) -> None:
    define_amount(group, "fee")
    define_amount(group, "sealed", is_sensitive=True)
    define_amount(group, "hidden", view_roles=["auditor"])
    for number, fee in [("1", "10.50"), ("2", "0.25")]:
        home = make_home(company, number=number)
        Unit.objects.filter(pk=home.pk).update(custom={"fee": fee})
    reader = make_actor(company, "properties.view")

    summed = {column.key: bool(column.total) for column in lists["homes"].extended(reader).columns[-2:]}

    assert summed == {"custom_fee": True, "custom_sealed": False}
    assert total("homes", "custom_fee", "sum", reader) == Decimal("10.75")


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        (MONEY, Decimal("1234500.50"), "¥1,234,500.50"),
        (MONEY, Decimal(0), "¥0"),
        (NUMBER, Decimal("88.125"), "88.12"),
        (NUMBER, 7, "7"),
        (NUMBER, None, "—"),
        (PERCENT, Decimal("43.500"), "43.50 %"),
    ],
)
def test_a_figure_is_written_to_the_hundredth(kind: Any, value: Any, shown: str) -> None:
    assert show_total(kind, value) == shown


def test_the_foot_asks_for_the_figure_that_the_view_names(signed_in: Client, company: OrgUnit) -> None:
    make_home(company)

    shown = text_of(signed_in.get("/homes/units/?totals=area:average,price:sum"))
    plain = text_of(signed_in.get("/homes/units/"))

    assert "/lists/homes/totals/area/average/?totals=area:average,price:sum" in shown
    assert "/lists/homes/totals/price/sum/?totals=area:average,price:sum" in shown
    assert "/homes/units/?totals=area:average" in shown
    assert 'hx-get="/lists/homes/totals/' not in plain


def test_a_total_is_told_to_those_who_see_list_and_column(client: Client, company: OrgUnit) -> None:
    make_home(company)
    Unit.objects.update(floor_area=Decimal("88.50"))
    reader = sign_in(client, make_member(company, SIGNED_IN, "properties.view"))

    told = reader.get("/lists/homes/totals/area/sum/")
    others = [
        reader.get(f"/lists/{address}/").status_code
        for address in (
            "contracts/totals/total/sum",
            "homes/totals/layout/sum",
            "homes/totals/area/median",
            "homes/totals/mood/sum",
        )
    ]

    assert text_of(told).endswith("88.50")
    assert others == [404] * 4


@pytest.mark.parametrize("rows", [1, 3])
def test_a_total_costs_the_same_for_any_number_of_rows(
    signed_in: Client, company: OrgUnit, rows: int
) -> None:
    for _ in range(rows):
        make_home(company)

    assert count_queries(signed_in, "/lists/homes/totals/area/sum/") == 10


def test_too_many_rows_are_said_to_be_too_many(
    signed_in: Client, company: OrgUnit, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_home(company)

    def stop(*_given: Any) -> None:
        raise TookTooLong

    monkeypatch.setattr("hearth.lists.views.counts.total_of", stop)

    answer = signed_in.get("/lists/homes/totals/area/sum/")

    assert (answer.status_code, "—" in text_of(answer)) == (200, True)
    assert "请先缩小" in text_of(answer)
