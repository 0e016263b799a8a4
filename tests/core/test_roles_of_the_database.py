"""The owner and the application's role."""

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from hearth.core.installation import UnsafeRole, refuse_unsafe_role

pytestmark = pytest.mark.django_db


def test_the_application_s_role_exists_before_any_table() -> None:
    graph = MigrationLoader(connection).graph

    without = [
        key
        for key in graph.nodes
        if key != ("core", "0001_roles") and ("core", "0001_roles") not in graph.forwards_plan(key)
    ]

    assert without == []


def test_the_application_may_work_with_every_table_but_not_change_events_the_audit_log_or_tables() -> None:
    with connection.cursor() as cursor:
        cursor.execute("""
            SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND c.relname <> 'django_migrations'
            AND c.relname NOT LIKE 'audit_audit%'
            AND NOT (has_table_privilege('hearth_app', c.oid, 'SELECT')
                AND has_table_privilege('hearth_app', c.oid, 'INSERT')
                AND (has_table_privilege('hearth_app', c.oid, 'UPDATE') <> (c.relname LIKE 'core_eventrecord%')))
        """)
        assert cursor.fetchall() == []
        cursor.execute("""
            SELECT c.relname FROM pg_class c WHERE c.relname LIKE 'audit_audit%' AND c.relkind IN ('r', 'p')
            AND (NOT has_table_privilege('hearth_app', c.oid, 'SELECT')
                OR has_table_privilege('hearth_app', c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE'))
        """)
        assert cursor.fetchall() == []
        cursor.execute("SELECT has_schema_privilege('hearth_app', 'public', 'CREATE')")
        assert cursor.fetchone() == (False,)


def test_a_login_that_could_bypass_the_rules_is_refused() -> None:
    with pytest.raises(UnsafeRole):
        refuse_unsafe_role()

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE hearth_app")
        with pytest.raises(UnsafeRole, match="owner"):
            refuse_unsafe_role()
        refuse_unsafe_role(may_share_login=True)
        cursor.execute("RESET ROLE")
