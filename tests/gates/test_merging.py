"""Every app says what becomes of its rows when records of one customer become one."""

from typing import Any

import pytest
from django.db import connection, models

from hearth.customers.following import followings
from hearth.customers.models import Customer
from tests.gates.test_foreign_keys import list_own_models


def names_a_customer(field: "models.Field[Any, Any]") -> bool:
    if isinstance(field, models.ForeignKey):
        return field.related_model is Customer
    return field.name.endswith("customer_id") or field.name.endswith("customer_ids")


def test_every_column_that_names_a_customer_says_how_it_follows_a_merge() -> None:
    columns = {
        f"{model._meta.label}.{field.name}"
        for model in list_own_models()
        for field in model._meta.local_fields
        if names_a_customer(field)
    }

    undeclared = sorted(columns - set(followings))

    assert undeclared == [], "say rows_follow or rows_stay in the app's registrations"


def test_no_declaration_speaks_of_a_column_that_is_gone() -> None:
    stale = [
        following.key
        for following in followings.values()
        if not any(field.name == following.column for field in following.model._meta.local_fields)
    ]

    assert stale == []


def test_rows_that_stay_say_why() -> None:
    silent = [
        following.key for following in followings.values() if not following.moves and not following.because
    ]

    assert silent == []


def test_yielding_names_constraints_that_exist() -> None:
    unknown = [
        f"{following.key}: {name}"
        for following in followings.values()
        for name in set(following.yielding) - {rule.name for rule in following.unique_constraints()}
    ]

    assert unknown == []


@pytest.mark.django_db
def test_no_table_of_the_database_names_a_customer_unseen_by_a_model() -> None:
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT constrained.relname || '.' || attribute.attname
            FROM pg_constraint AS rule
            JOIN pg_class AS constrained ON constrained.oid = rule.conrelid
            JOIN pg_attribute AS attribute
                ON attribute.attrelid = rule.conrelid AND attribute.attnum = rule.conkey[1]
            WHERE rule.contype = 'f' AND rule.confrelid = 'customers_customer'::regclass
            UNION
            SELECT columns.table_name || '.' || columns.column_name
            FROM information_schema.columns AS columns
            JOIN information_schema.tables AS tables USING (table_schema, table_name)
            WHERE tables.table_schema = 'public' AND tables.table_type = 'BASE TABLE'
                AND columns.column_name ~ 'customer_ids?$' AND columns.table_name !~ '^core_eventrecord_'
        """)
        columns = {name for (name,) in cursor.fetchall()}

    declared = {f"{item.model._meta.db_table}.{item.attname}" for item in followings.values()}
    assert sorted(columns - declared) == []
