"""Every table is fenced in the database, or says why it need not be; and what stands is what was declared."""

import pytest
from django.apps import apps
from django.db import connection, models

from hearth.core.fence import POLICY, fences, unfenced
from tests.gates.tree import ROOT


def managed_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]


@pytest.mark.parametrize("model", managed_models(), ids=lambda model: model._meta.label)
def test_a_table_is_fenced_or_says_why_not(model: type[models.Model]) -> None:
    declared = [model._meta.db_table in fences, model._meta.db_table in unfenced]

    assert declared.count(True) == 1, (
        "declare it in the app's fences.py: fence(…) or leave_open(…, because=…)"
    )


def test_no_reason_is_empty() -> None:
    assert [table for table, reason in unfenced.items() if len(reason) < 20] == []


@pytest.mark.django_db
def test_what_stands_is_what_was_declared() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"""
            SELECT c.relname FROM pg_class c
            JOIN pg_policy p ON p.polrelid = c.oid AND p.polname = '{POLICY}' AND p.polcmd = '*'
            WHERE c.relrowsecurity AND p.polroles = ARRAY[to_regrole('hearth_app')::oid]
        """)
        standing = {name for (name,) in cursor.fetchall()}
        cursor.execute("""
            SELECT child.relname FROM pg_inherits JOIN pg_class child ON child.oid = inhrelid
            JOIN pg_class parent ON parent.oid = inhparent
            WHERE child.relkind = 'r' AND parent.relrowsecurity AND NOT child.relrowsecurity
        """)
        open_partitions = cursor.fetchall()

    assert standing == set(fences)
    assert open_partitions == []


@pytest.mark.requirement("S60")
@pytest.mark.django_db
def test_no_view_of_the_database_leads_round_the_fence() -> None:
    """A view reads as its owner does, and a function of the owner with the owner's eyes: both are named here."""
    known = {
        "audit_block_digest",
        "audit_close_block",
        "audit_ensure_month",
        "audit_erase_values",
        "audit_note",
        "audit_sign_block",
        "core_ensure_event_month",
        "core_remove_sample_events",
        "families_measure",
        "families_measure_changed",
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT viewname FROM pg_views WHERE schemaname = 'public'")
        views = cursor.fetchall()
        cursor.execute("SELECT matviewname FROM pg_matviews WHERE schemaname = 'public'")
        views += cursor.fetchall()
        cursor.execute(
            "SELECT proname FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace"
        )
        functions = {name for (name,) in cursor.fetchall()}

    assert views == []
    assert functions <= known


def test_only_what_serves_starts_in_the_application_s_role_without_saying_who_acts() -> None:
    """A command that is told nobody would find nothing behind the fence, and say that there is nothing."""
    starts = {
        path.name for path in (ROOT / "hearth/cli").glob("*.py") if "as_application=True" in path.read_text()
    }

    assert starts == {"database.py", "serve.py"}
