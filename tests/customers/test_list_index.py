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


def test_the_least_complete_are_found_along_the_index_of_completeness(company: OrgUnit, actor: Actor) -> None:
    made = [make_customer(company, source=source) for source in ("web", "")]

    with CaptureQueriesContext(connection) as queries:
        page = customer_page_rows(actor, CustomerFilters(), order="completeness")

    assert [row.customer for row in page.rows] == made[::-1]
    chosen = queries.captured_queries[0]["sql"]
    assert 'INNER JOIN "customers_customercompleteness"' in chosen
    assert chosen.startswith('SELECT "customers_customer"."id", "customers_customercompleteness"."percent"')
