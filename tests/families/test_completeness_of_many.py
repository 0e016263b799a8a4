"""How complete many records are that come at once: measured together, along their own rows only."""

from datetime import datetime

import psycopg
import pytest
from django.db import connection

from hearth.core.actor import Actor
from hearth.customers.models import ContactPoint, Customer, CustomerCompleteness, CustomerPlace
from hearth.customers.services import NewCustomer, create_customers
from hearth.organization.models import OrgUnit
from tests.customers.builders import make_customer
from tests.families.test_completeness_kept import computed, kept

pytestmark = pytest.mark.django_db
MEASURED = (CustomerPlace, Customer, ContactPoint, CustomerCompleteness)


def test_many_who_come_at_once_are_measured_once_with_and_without_contacts(
    company: OrgUnit, actor: Actor, now: datetime
) -> None:
    news = [NewCustomer(name=f"新客{number}", phones=(f"138{number:08d}",)) for number in range(250)]
    news += [NewCustomer(name="无名氏", source="web")]

    create_customers(news, org_unit=company, actor=actor, now=now)
    alone = make_customer(company, phones=())

    assert kept() == computed()
    assert len(kept()) == 252
    assert kept()[f"#{alone.number}"] == 0


def test_measuring_reads_the_records_measured_and_no_others(
    company: OrgUnit, actor: Actor, now: datetime
) -> None:
    """Also in the middle of a large file, where the database counts what is not committed yet as nothing."""

    def rows_read_for(count: int) -> int:
        before = rows_read()
        news = [NewCustomer(name="新客", phones=(f"139{before + each:08d}",)) for each in range(count)]
        create_customers(news, org_unit=company, actor=actor, now=now)
        return rows_read() - before

    rows_read_for(1_000)
    count_rows_from_outside()

    assert rows_read_for(1_000) <= 5 * 1_000
    assert kept() == computed()


def rows_read() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)) FROM pg_stat_xact_user_tables"
            " WHERE relname = ANY (%s)",
            [[model._meta.db_table for model in MEASURED]],
        )
        return int(cursor.fetchone()[0] or 0)


def count_rows_from_outside() -> None:
    """Do what the server does by itself once a minute."""
    with psycopg.connect(**connection.get_connection_params(), autocommit=True) as other:
        for model in MEASURED:
            other.execute(f"ANALYZE {model._meta.db_table}")
