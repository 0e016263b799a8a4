"""The tables that apps offer, asked of one customer."""

from uuid import UUID

import pytest
from django.db import connection

from hearth.core.extracts import extracts
from hearth.segments.catalogue import available_behaviours, available_fields
from hearth.segments.postgres import IDS, narrow_extract

pytestmark = pytest.mark.django_db
NOBODY = UUID(int=0)


def test_every_table_of_customers_can_be_narrowed_to_one_by_the_identifier_itself() -> None:
    narrowed = {
        name: narrow_extract(extract) for name, extract in extracts.items() if extract.customer_column
    }

    with connection.cursor() as cursor:
        for sql in narrowed.values():
            cursor.execute(sql, {IDS[2:-2]: [NOBODY]})
            assert cursor.fetchall() == []

    assert [name for name, sql in narrowed.items() if "::uuid = ANY" in sql] == []


def test_the_catalogue_offers_what_is_registered() -> None:
    offered = {field.table for field in available_fields()} | {item.table for item in available_behaviours()}

    assert offered <= set(extracts)
    assert "events" in offered
