"""An installation of the first version, with rows in every table, comes to the latest whole."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from psycopg import sql

from hearth.config.environment import ROOT
from tests.upgrade.rows import Connection, Row, insert_rows, list_keys, list_tables, load_rows, read_rows

pytestmark = pytest.mark.slow

Rows = dict[str, dict[str, Row]]
HERE = Path(__file__).parent
# Columns that a later version computes anew or moves elsewhere, each with the reason in its migration.
# Each migration ships the roles as they are by then: rights are added to those that a group left as they came.
CHANGED_ON_PURPOSE: dict[str, set[str]] = {"organization_role": {"permissions", "shipped"}}
# The application at work on what came over: reads, opens what is sealed, records, changes.
WORK = """
import django; django.setup()
from django.utils import timezone
from hearth.core.actor import Actor
from hearth.core.attribution import this_process_acts
from hearth.core.models import EventRecord
from hearth.customers.models import ContactPoint, Customer
from hearth.organization.models import OrgUnit
from hearth.organization.services.units import rename_org_unit
this_process_acts("test")
point = ContactPoint.objects.order_by("id").first()
print(bool(point.value))
before = EventRecord.objects.count()
place = OrgUnit.objects.order_by("id").first()
rename_org_unit(place, actor=Actor.system("test"), name="新名", now=timezone.now())
print(EventRecord.objects.count() - before)
"""


@dataclass(frozen=True)
class Upgraded:
    """An installation that came from the first version to the latest, with its rows before and after."""

    environment: dict[str, str]
    before: Rows
    after: Rows
    said: str


@pytest.fixture(scope="module")
def server_address() -> str:
    return os.environ["DATABASE_URL"]


@contextmanager
def new_database(server_address: str, name: str) -> Iterator[str]:
    """An empty database of its own on the server of the tests."""
    with psycopg.connect(server_address, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield urlunsplit(urlsplit(server_address)._replace(path=f"/{name}"))
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def environment_for(address: str, folder: Path) -> dict[str, str]:
    inherited = {n: value for n, value in os.environ.items() if not n.startswith(("DATABASE_", "HEARTH_"))}
    return {
        **inherited,
        "DATABASE_URL": address,
        "HEARTH_VAR": str(folder),
        "HEARTH_KEY_RING": str(HERE / "keys.json"),
        "DJANGO_SETTINGS_MODULE": "hearth.config.settings",
    }


@pytest.fixture(scope="module")
def upgraded(server_address: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Upgraded]:
    with new_database(server_address, f"hearth_upgrade_{os.getpid()}") as address:
        environment = environment_for(address, tmp_path_factory.mktemp("upgrade"))
        call(environment, "-m", "tests.upgrade.first_state")
        with psycopg.connect(address, autocommit=True) as connection:
            insert_rows(connection, load_rows(HERE / "first_rows.jsonl"))
            before = rows_by_key(connection)
            said = call(environment, "-m", "hearth", "migrate")
            yield Upgraded(environment, before, rows_by_key(connection), said)


def call(environment: dict[str, str], *words: str) -> str:
    done = subprocess.run(
        [sys.executable, *words], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def rows_by_key(connection: Connection) -> Rows:
    keys = list_keys(connection)
    return {
        table: {str([row[column] for column in keys[table]]): row for row in read_rows(connection, table)}
        for table in list_tables(connection)
    }


# Tables of a kept library that the first version did not ask for.
CAME_LATER = {"socialaccount_socialaccount", "socialaccount_socialapp", "socialaccount_socialtoken"}


def test_the_first_version_is_tried_with_rows_in_every_table(upgraded: Upgraded) -> None:
    empty = [table for table, rows in upgraded.before.items() if not rows]

    assert set(empty) == {"procrastinate_workers", *CAME_LATER}


def test_every_row_comes_over_with_every_value(upgraded: Upgraded) -> None:
    before, after = upgraded.before, upgraded.after

    lost = {(table, key) for table, rows in before.items() for key in rows if key not in after[table]}
    changed = {
        (table, column)
        for table, rows in before.items()
        for key, row in rows.items()
        for column, value in row.items()
        if column not in CHANGED_ON_PURPOSE.get(table, set()) and after[table][key].get(column) != value
    }

    assert lost == set()
    assert changed == set()


def test_every_constraint_holds_for_the_rows_that_came_over(upgraded: Upgraded) -> None:
    with psycopg.connect(upgraded.environment["DATABASE_URL"]) as connection:
        not_proven = connection.execute(
            "SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE NOT convalidated"
        ).fetchall()

    assert not_proven == []


def test_the_upgraded_database_is_what_the_models_say(upgraded: Upgraded) -> None:
    said = call(upgraded.environment, "-m", "hearth", "manage", "makemigrations", "--check", "--dry-run")

    assert said == "No changes detected\n"


def test_each_step_is_told_and_a_second_run_finds_nothing_to_do(upgraded: Upgraded) -> None:
    again = call(upgraded.environment, "-m", "hearth", "migrate")

    steps = [line for line in upgraded.said.splitlines() if re.match(r"  \d+/\d+ \w+\.\w+ \(", line)]
    assert re.match(rf"Bringing the database to this version, steps: {len(steps)}\n", upgraded.said)
    assert again == "The database is up to date.\n"


def test_the_application_works_on_what_came_over(upgraded: Upgraded) -> None:
    said = call({**upgraded.environment, "HEARTH_AS_APPLICATION": "1"}, "-c", WORK)

    assert said.split() == ["True", "1"]


def test_two_starts_at_once_make_one_database(server_address: str, tmp_path: Path) -> None:
    with new_database(server_address, f"hearth_two_starts_{os.getpid()}") as address:
        environment = environment_for(address, tmp_path)
        starts = [
            subprocess.Popen(
                [sys.executable, "-m", "hearth", "migrate"],
                cwd=ROOT,
                env=environment,
                stdout=subprocess.PIPE,
                text=True,
            )
            for _start in range(2)
        ]
        said = [start.communicate(timeout=120)[0] for start in starts]

    assert [start.returncode for start in starts] == [0, 0]
    assert sorted("Making the database" in words for words in said) == [False, True]
