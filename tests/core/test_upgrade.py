"""When the database is brought to this version, and when it is refused."""

import threading
import time
from datetime import datetime

import pytest
from django.db import connection

from hearth.core.upgrade import (
    SchemaNewer,
    SchemaOlder,
    one_at_a_time,
    read_state,
    refuse_other_schema,
    unknown_among,
    upgrade_database,
)

pytestmark = pytest.mark.django_db


def note(app: str, name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES (%s, %s, now())", [app, name]
        )


def test_a_database_of_this_version_has_nothing_pending_and_nothing_unknown() -> None:
    state = read_state()

    refuse_other_schema()

    assert (state.pending, state.unknown, state.is_new) == ((), (), False)


def test_a_database_of_a_newer_version_is_left_alone(now: datetime) -> None:
    note("customers", "9999_of_tomorrow")
    said: list[str] = []

    with pytest.raises(SchemaNewer, match=r"customers\.9999_of_tomorrow"):
        upgrade_database(now, say=said.append)
    with pytest.raises(SchemaNewer, match=r"customers\.9999_of_tomorrow"):
        refuse_other_schema()

    assert said == []


def test_steps_of_an_app_that_was_removed_are_no_newer_version() -> None:
    note("left_long_ago", "0001_initial")

    refuse_other_schema()

    assert read_state().unknown == ()


def test_serving_waits_for_the_steps_of_this_version() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'sales'")

    with pytest.raises(SchemaOlder):
        refuse_other_schema()

    assert "sales.0001_initial" in read_state().pending


def test_names_of_a_backup_are_compared_without_a_table() -> None:
    assert unknown_among({"core.0001_roles", "core.9999_of_tomorrow"}) == ["core.9999_of_tomorrow"]


def test_the_second_start_waits_for_the_first_and_says_so() -> None:
    said: list[str] = []
    entered = threading.Event()

    def start() -> None:
        with one_at_a_time(said.append):
            entered.set()
        connection.close()

    second = threading.Thread(target=start)
    with one_at_a_time(said.append):
        second.start()
        deadline = time.monotonic() + 10
        while not said and time.monotonic() < deadline:
            time.sleep(0.01)
        was_inside = entered.is_set()
    second.join(timeout=10)

    assert said == ["Another process is migrating this database; waiting for it."]
    assert not was_inside
    assert entered.is_set()
