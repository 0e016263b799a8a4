"""Recording many customers at once, and writing what the analysis computed."""

from datetime import datetime
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hearth.core.actor import Actor
from hearth.core.extracts import extracts
from hearth.core.models import EventRecord
from hearth.customers.models import ContactPoint, Customer, CustomerPlace, CustomerProfile, Household
from hearth.customers.services import NewCustomer, ProfileValues, create_customers, write_profiles
from hearth.lib.identifiers import uuid7
from hearth.organization.models import OrgUnit
from tests.customers.builders import make_customer, make_home, make_profile, make_unit_role

pytestmark = pytest.mark.django_db


def new_customers(count: int) -> list[NewCustomer]:
    return [
        NewCustomer(name=f"王伟{i}", phones=(f"138{i:08d}",), household_key=f"h{i // 2}", note="a\tb\\n\n")
        for i in range(count)
    ]


@pytest.mark.parametrize("rows", [1, 3, 400])
def test_the_number_of_queries_does_not_grow_with_the_rows(
    company: OrgUnit, actor: Actor, now: datetime, rows: int
) -> None:
    create_customers([NewCustomer(name="王")], org_unit=company, actor=actor, now=now)

    with CaptureQueriesContext(connection) as queries:
        create_customers(new_customers(rows), org_unit=company, actor=actor, now=now)

    assert len(queries) <= 11


def test_many_rows_are_written_as_a_few_are(company: OrgUnit, actor: Actor, now: datetime) -> None:
    few = create_customers(new_customers(2), org_unit=company, actor=actor, now=now)

    many = create_customers(new_customers(401), org_unit=company, actor=actor, now=now)

    first, same = (Customer.objects.get(pk=rows[0].pk) for rows in (few, many))
    columns = ("name", "pinyin", "name_tokens", "note", "kind", "created_at", "identity_index", "birth_date")
    assert [getattr(first, column) for column in columns] == [getattr(same, column) for column in columns]
    assert same.contact_points.get().value == "+8613800000000"
    assert same.number == many[0].number
    assert Household.objects.count() == 1 + 201
    assert CustomerPlace.objects.filter(org_unit=company).count() == 403
    assert ContactPoint.objects.count() == 403
    assert EventRecord.objects.filter(type="customer.created").count() == 403


def test_rows_are_found_by_any_of_many_values(company: OrgUnit) -> None:
    zhang = make_customer(company, external_key="K'1", identity_number="11010519491231002X")
    make_customer(company, external_key="K2")

    by_key = Customer.objects.filter(external_key__any_of=["K'1", "K3", 'K"4'])
    by_index = Customer.objects.filter(identity_index__any_of=[zhang.identity_index, b"\\x00"])
    by_search = Customer.objects.filter(identity_index__looked_up=[zhang.identity_index, b"\\x00"])
    by_nothing = Customer.objects.filter(external_key__any_of=[], identity_index__looked_up=[])

    assert (list(by_key), list(by_index), list(by_search)) == ([zhang], [zhang], [zhang])
    assert list(by_nothing) == []


def test_profiles_are_written_and_replaced(company: OrgUnit, now: datetime) -> None:
    customer = make_customer(company)
    make_profile(customer, value_tier="medium")
    erased = uuid7()
    values = [
        ProfileValues(
            customer_id=customer_id,
            recency_days=None,
            purchase_recency_days=3,
            frequency=2,
            monetary_amount=Decimal("10.50"),
            contacts={"sms_30": 2},
            open_complaints=1,
            homes=0,
            owner_stage="pre_owner",
            value_tier="top",
            portfolio_action="retain",
            explanation={"homes": "none"},
        )
        for customer_id in (customer.pk, erased)
    ]

    written = write_profiles(values, now=now)

    profile = CustomerProfile.objects.get()
    assert written == 1
    assert (profile.value_tier, profile.recency_days, profile.monetary_amount) == (
        "top",
        None,
        Decimal("10.50"),
    )
    assert (profile.contacts, profile.explanation, profile.scored_at) == (
        {"sms_30": 2},
        {"homes": "none"},
        now,
    )


@pytest.mark.requirement("S50")
@pytest.mark.parametrize("name", ["customers", "customer_places", "customer_profiles", "unit_roles"])
def test_an_extract_gives_the_columns_it_says_and_no_personal_data(company: OrgUnit, name: str) -> None:
    customer = make_customer(company, name="张三丰", phone="13800001234")
    make_profile(customer)
    make_unit_role(customer, make_home(company))
    extract = extracts[name]

    with connection.cursor() as cursor:
        cursor.execute(extract.sql)
        columns = [column.name for column in cursor.description]
        rows = cursor.fetchall()

    assert columns == list(extract.columns)
    assert len(rows) == 1
    assert str(customer.pk) in rows[0]
    assert "张三丰" not in str(rows)
    assert "1380000" not in str(rows)
