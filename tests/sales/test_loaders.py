"""Contracts and payments from files."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hearth.core.actor import Actor
from hearth.imports.kinds import ImportContext, Loader, Row, import_kinds
from hearth.lib.identifiers import uuid7
from hearth.organization.models import OrgUnit
from hearth.properties.models import Unit
from hearth.sales.models import Contract, Payment
from tests.customers.builders import make_customer, make_home
from tests.imports.builders import outcomes_of
from tests.sales.builders import NOW, make_contract

pytestmark = pytest.mark.django_db


def loader_of(kind: str, company: OrgUnit) -> Loader:
    return import_kinds[kind].loader(ImportContext(uuid7(), company, Actor.system(), NOW, {}))


def contract_row(number: int = 2, **changes: Any) -> Row:
    values = {
        "number": f"C{number}",
        "customer_key": "K1",
        "unit_key": None,
        "project": "金色家园",
        "building": "7栋",
        "room": "1203",
        "signed_date": date(2025, 5, 1),
        "total_amount": Decimal(3_000_000),
    }
    return Row(number, values | changes)


@pytest.fixture
def known(company: OrgUnit) -> OrgUnit:
    """A company that knows one customer and two homes."""
    make_customer(company, external_key="K1", phone="13900001111")
    make_home(company, number="1203")
    make_home(company, number="1204")
    return company


def test_a_good_row_becomes_a_contract_with_its_handover(known: OrgUnit) -> None:
    loader = loader_of("contracts", known)
    rows = [contract_row(handover_date=date(2025, 12, 1))]

    problems = list(loader.check(rows))
    outcomes = loader.write(rows)

    assert (problems, outcomes_of(outcomes)) == ([], ["created"])
    unit = Unit.objects.get(number="1203")
    assert (unit.state, unit.handover_date) == (Unit.State.DELIVERED, date(2025, 12, 1))
    assert Contract.objects.get().customer.external_key == "K1"


def test_the_customer_is_also_found_by_phone(known: OrgUnit) -> None:
    row = contract_row(customer_key=None, customer_phone=["+8613900001111"])

    assert list(loader_of("contracts", known).check([row])) == []


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"customer_key": "K9"}, "customer_key", "customer_unknown"),
        ({"customer_key": None}, "customer_key", "customer_missing"),
        ({"room": "9999"}, "room", "unit_unknown"),
        ({"room": None}, "room", "unit_missing"),
        ({"unit_key": "U9"}, "unit_key", "unit_unknown"),
        ({"signed_date": date(2026, 4, 1)}, "signed_date", "date_in_future"),
        ({"handover_date": date(2025, 4, 1)}, "handover_date", "handover_before_signing"),
        ({"total_amount": Decimal(-1)}, "total_amount", "amount_not_positive"),
    ],
)
def test_what_is_wrong_is_named(known: OrgUnit, changes: dict[str, Any], field: str, code: str) -> None:
    problems = list(loader_of("contracts", known).check([contract_row(**changes)]))

    assert [(problem.row, problem.field_name, problem.code) for problem in problems] == [(2, field, code)]
    assert code in import_kinds["contracts"].messages


def test_doubled_numbers_and_homes_are_named_across_batches(known: OrgUnit) -> None:
    loader = loader_of("contracts", known)

    first = list(loader.check([contract_row()]))
    second = list(loader.check([Row(3, contract_row().values)]))

    assert first == []
    assert {problem.code for problem in second} == {"doubled_in_file", "unit_sold_in_row"}


def test_a_sold_home_and_a_known_number_are_refused(known: OrgUnit) -> None:
    make_contract(Unit.objects.get(number="1203"), make_customer(known), number="C2")

    problems = list(loader_of("contracts", known).check([contract_row()]))

    assert {problem.code for problem in problems} == {"contract_number_taken", "unit_already_sold"}


def test_the_number_of_queries_does_not_grow_with_the_rows(known: OrgUnit) -> None:
    rows = [contract_row(number, room=room) for number, room in ((2, "1203"), (3, "1204"))]
    counts = []

    for some in (rows[:1], rows):
        with CaptureQueriesContext(connection) as queries:
            assert list(loader_of("contracts", known).check(some)) == []
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_payments_find_their_contract(known: OrgUnit) -> None:
    make_contract(Unit.objects.get(number="1203"), make_customer(known), number="A-7")
    loader = loader_of("payments", known)
    good = {
        "number": "A-7",
        "receipt_number": "R1",
        "paid_date": date(2025, 7, 1),
        "amount": Decimal("12.50"),
    }
    rows = [Row(2, good), Row(3, good | {"number": "A-8", "receipt_number": "R2"})]

    problems = list(loader.check(rows))
    loader.write(rows[:1])

    assert [(problem.row, problem.code) for problem in problems] == [(3, "contract_unknown")]
    assert list(Payment.objects.values_list("contract__number", "amount")) == [("A-7", Decimal("12.50"))]
