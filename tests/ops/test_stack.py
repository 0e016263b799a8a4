"""Which database a command gets."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from hearth.ops.postgres import PostgresError
from hearth.ops.stack import open_database
from tests.ops.conftest import PROJECT

REPORT = """
import os, psycopg
for name in ["DATABASE_URL", "DATABASE_APP_URL"]:
    with psycopg.connect(os.environ[name]) as connection:
        print(connection.execute("SELECT current_user, current_setting('fsync')").fetchone())
raise SystemExit(7)
"""


def test_address_of_another_server_is_passed_on_and_nothing_is_started(server_folder: Path) -> None:
    environ = {"DATABASE_URL": "postgres://o@db/hearth", "DATABASE_APP_URL": "postgres://a@db/hearth"}

    with open_database(server_folder, environ) as database:
        pass

    assert database.environment == environ
    assert database.server is None
    assert not server_folder.exists()


def test_one_address_alone_serves_both_logins(server_folder: Path) -> None:
    with open_database(server_folder, {"DATABASE_URL": "postgresql://one@db/hearth"}) as database:
        pass

    assert database.app_url == database.owner_url == "postgresql://one@db/hearth"


def test_embedded_address_names_the_folder(server_folder: Path) -> None:
    environ = {"DATABASE_URL": f"embedded:{server_folder}"}

    with (
        open_database(Path("/nowhere"), environ) as database,
        psycopg.connect(database.app_url) as connection,
    ):
        user = connection.execute("SELECT current_user").fetchone()

    assert user == ("hearth_app",)
    assert database.server is not None
    assert not database.server.is_alive()


def test_other_addresses_are_refused() -> None:
    with (
        pytest.raises(PostgresError, match="must begin with postgres://"),
        open_database(Path("/nowhere"), {"DATABASE_URL": "mysql://db"}),
    ):
        pass


def test_command_runs_with_a_database_of_its_own_and_keeps_its_exit_code(server_folder: Path) -> None:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("DATABASE_")}
    command = [sys.executable, "-m", "hearth.ops.with_postgres", str(server_folder), "--"]

    done = subprocess.run(
        [*command, sys.executable, "-c", REPORT],
        cwd=PROJECT,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stdout == "('hearth_owner', 'off')\n('hearth_app', 'off')\n"
    assert done.returncode == 7


def test_command_without_a_separator_explains_its_use() -> None:
    command = [sys.executable, "-m", "hearth.ops.with_postgres", "folder", "true"]

    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)

    assert done.returncode == 2
    assert done.stderr.startswith("Usage: python -m hearth.ops.with_postgres FOLDER -- COMMAND")
