"""Every table is watched by the audit log, or an app says why not."""

import pytest
from django.db import connection

from hearth.audit.coverage import exemptions, left_out_columns, watched_models
from hearth.audit.names import TABLE_NAMES

pytestmark = pytest.mark.django_db


def test_every_table_is_watched_by_the_database_or_left_out_with_a_reason() -> None:
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT event_object_table, count(DISTINCT trigger_name) FROM information_schema.triggers
            WHERE trigger_name IN ('audit_insert', 'audit_update', 'audit_delete') GROUP BY 1
        """)
        watched = dict(cursor.fetchall())

    assert watched == {model._meta.db_table: 3 for model in watched_models()}
    assert not set(exemptions) & set(watched)
    assert all(reason.strip() for reason in exemptions.values())


def test_no_exemption_speaks_of_a_table_that_is_gone() -> None:
    assert set(exemptions) <= set(connection.introspection.table_names())


def test_no_entry_holds_a_password_or_a_secret() -> None:
    left_out = {model._meta.db_table: left_out_columns(model) for model in watched_models()}

    assert "password" in left_out["accounts_user"]
    assert "digest" in left_out["accounts_apitoken"]
    assert "data" in left_out["mfa_authenticator"]
    assert {"identity_index", "name_tokens"} <= set(left_out["customers_customer"])


def test_every_watched_table_has_a_name_for_people() -> None:
    watched = {model._meta.db_table for model in watched_models()}

    assert sorted(watched ^ set(TABLE_NAMES)) == []
