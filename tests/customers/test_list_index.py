"""The list finds its rows by an index alone."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hearth.core.actor import Actor
from hearth.customers.selectors import CustomerFilters, customer_page_rows
from hearth.organization.models import OrgUnit
from tests.customers.builders import make_customer

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("order", "column"), [("change", "updated_at"), ("name", "pinyin")])
def test_a_page_is_found_by_columns_that_the_index_of_its_order_holds(
    company: OrgUnit, actor: Actor, order: str, column: str
) -> None:
    make_customer(company)

    with CaptureQueriesContext(connection) as queries:
        customer_page_rows(actor, CustomerFilters(), order=order)

    chosen = queries.captured_queries[0]["sql"].partition(" FROM ")[0]
    assert chosen == f'SELECT "customers_customer"."id", "customers_customer"."{column}"'
