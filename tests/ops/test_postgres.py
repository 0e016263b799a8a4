"""The embedded server: real ones, in folders of their own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from hearth.ops.account import Account
from hearth.ops.binaries import copy_programs, package_folder, programs_in
from hearth.ops.postgres import EmbeddedServer, PostgresError
from tests.ops.conftest import PROJECT, ends_soon, make_server_folder

pytestmark = pytest.mark.slow
QUICK = {"fsync": "off", "shared_buffers": "16MB"}
START_AND_WAIT = """
import sys, time
from pathlib import Path
from hearth.ops.postgres import EmbeddedServer
EmbeddedServer(Path(sys.argv[1]), {"fsync": "off", "shared_buffers": "16MB"}).start()
print("started", flush=True)
time.sleep(60)
"""


@pytest.fixture
def server(server_folder: Path) -> Iterator[EmbeddedServer]:
    with EmbeddedServer(server_folder, QUICK) as server:
        yield server


@pytest.fixture(scope="module")
def shared_server() -> Iterator[EmbeddedServer]:
    """A server for the tests that leave it as it was: making one costs a second."""
    with make_server_folder() as folder, EmbeddedServer(folder, QUICK) as server:
        yield server


def ask(server: EmbeddedServer, query: str, role: str = "owner") -> object:
    with psycopg.connect(server.url("owner" if role == "owner" else "app"), autocommit=True) as connection:
        answer = connection.execute(query.encode())
        row = answer.fetchone() if answer.description else None
        return row[0] if row else None


def postmaster_of(server: EmbeddedServer) -> int:
    return int((server.home.cluster / "postmaster.pid").read_text().splitlines()[0])


def start_in_other_process(folder: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", START_AND_WAIT, str(folder)], cwd=PROJECT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "started\n"
    process.stdout.close()
    return process


def test_rows_survive_a_stop_and_a_second_start(server: EmbeddedServer) -> None:
    with psycopg.connect(server.url("owner")) as connection:
        connection.execute("CREATE TABLE home AS SELECT '安居' AS name")

    server.stop()
    was_down = not server.is_alive()
    server.start()

    assert was_down
    assert ask(server, "SELECT name FROM home") == "安居"


def test_server_has_the_encoding_zone_and_tuning_it_is_given(shared_server: EmbeddedServer) -> None:
    names = ["server_encoding", "TimeZone", "jit", "random_page_cost", "max_wal_size", "listen_addresses"]

    found = [ask(shared_server, f"SELECT current_setting('{name}')") for name in names]

    assert found == ["UTF8", "UTC", "off", "1.1", "2GB", ""]


def test_folder_is_closed_to_everybody_else(shared_server: EmbeddedServer) -> None:
    found = shared_server.home.folder.stat()

    assert found.st_mode & 0o777 == 0o700
    assert found.st_uid == shared_server.home.account.uid != 0


def test_server_starts_again_after_its_main_process_was_killed(server: EmbeddedServer) -> None:
    ask(server, "CREATE TABLE kept (id int)")
    killed = postmaster_of(server)
    os.kill(killed, signal.SIGKILL)

    server.start()

    assert postmaster_of(server) != killed
    assert ask(server, "SELECT count(*) FROM kept") == 0


def test_lock_file_naming_a_stranger_does_not_prevent_a_start(server: EmbeddedServer) -> None:
    server.stop()
    lock_file = server.home.cluster / "postmaster.pid"
    lock_file.write_text(
        f"{os.getpid()}\n{server.home.cluster}\n0\n5432\n{server.home.folder}\n\n0 0\nready\n"
    )

    server.start()

    assert server.is_alive()


def test_server_runs_until_its_last_user_leaves(server: EmbeddedServer, server_folder: Path) -> None:
    second = EmbeddedServer(server_folder, QUICK)
    second.start()

    server.stop()
    alive_with_one = second.is_alive()
    second.stop()

    assert alive_with_one
    assert not second.is_alive()


def test_server_survives_the_death_of_the_process_that_started_it(server_folder: Path) -> None:
    starter = start_in_other_process(server_folder)
    with EmbeddedServer(server_folder, QUICK) as server:
        starter.kill()
        starter.wait()
        time.sleep(0.3)

        assert server.is_alive()
        assert ask(server, "SELECT 1") == 1


def test_server_stops_when_its_only_user_is_killed(server_folder: Path) -> None:
    starter = start_in_other_process(server_folder)
    server = EmbeddedServer(server_folder, QUICK)
    was_alive = server.is_alive()
    process = postmaster_of(server)

    starter.kill()
    starter.wait()

    assert was_alive
    assert ends_soon(process)


def test_interrupted_creation_is_begun_anew(server_folder: Path) -> None:
    server = EmbeddedServer(server_folder, QUICK)
    server.home.account.run("/bin/mkdir", "-p", server.home.folder / "data.new" / "base")
    (server.home.folder / "hearth.lock").touch()

    with server:
        assert ask(server, "SELECT 1") == 1


def test_app_login_owns_nothing_and_cannot_get_round_the_fence(shared_server: EmbeddedServer) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        ask(shared_server, "CREATE TABLE public.mine (id int)", role="app")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        ask(shared_server, "SET ROLE hearth_owner", role="app")
    rights = ask(
        shared_server,
        "SELECT array[rolsuper, rolbypassrls, rolcreatedb, rolcreaterole] "
        "FROM pg_roles WHERE rolname = current_user",
        role="app",
    )

    assert rights == [False, False, False, False]


def test_owner_creates_databases_and_looks_through_the_fence_without_being_superuser(
    shared_server: EmbeddedServer,
) -> None:
    ask(shared_server, "CREATE DATABASE test_hearth")
    with psycopg.connect(shared_server.url("owner", "test_hearth")) as connection:
        connection.execute("SET ROLE hearth_app")
        seen = connection.execute("SELECT current_user, current_database()").fetchone()
    is_superuser = ask(shared_server, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user")

    assert seen == ("hearth_app", "test_hearth")
    assert is_superuser is False


def test_folder_of_another_major_version_is_left_alone_and_says_how_to_upgrade(server_folder: Path) -> None:
    server = EmbeddedServer(server_folder, QUICK)
    server.start()
    server.stop()
    (server.home.cluster / "PG_VERSION").write_text("17\n")

    with pytest.raises(PostgresError, match=r"made by PostgreSQL 17.*brings 18.*hearth restore"):
        server.start()

    assert not server.is_alive()


def test_folder_with_other_files_is_refused(server_folder: Path) -> None:
    server_folder.mkdir()
    (server_folder / "letter.txt").write_text("mine")

    with pytest.raises(PostgresError, match="holds other files"):
        EmbeddedServer(server_folder)

    assert (server_folder / "letter.txt").read_text() == "mine"


def test_long_path_gets_a_short_closed_folder_for_its_socket(server_folder: Path) -> None:
    server = EmbeddedServer(server_folder / ("long" * 20), QUICK)
    with server:
        found = server.home.socket_folder.stat()
        answer = ask(server, "SELECT 1")
    server.home.socket_folder.rmdir()

    assert answer == 1
    assert server.home.socket_folder.parent == Path("/tmp")
    assert found.st_mode & 0o777 == 0o700


def test_short_socket_folder_of_somebody_else_is_refused(server_folder: Path) -> None:
    server = EmbeddedServer(server_folder / ("long" * 20), QUICK)
    server.home.socket_folder.mkdir(mode=0o777)
    server.home.socket_folder.chmod(0o777)

    with pytest.raises(PostgresError, match="belongs to somebody else"):
        server.start()

    server.home.socket_folder.rmdir()


def test_failed_start_shows_the_end_of_the_log(server_folder: Path) -> None:
    server = EmbeddedServer(server_folder, {**QUICK, "shared_buffers": "nonsense"})

    with pytest.raises(PostgresError, match=r'(?s)did not start.*"nonsense"'):
        server.start()

    assert not server.is_alive()


def test_account_runs_commands_without_the_callers_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGHOST", "elsewhere")
    account = Account("me", os.geteuid(), os.getegid())

    said = account.run("/bin/sh", "-c", 'echo "$PGHOST|$LC_ALL|$(pwd)"').stdout

    assert said == "|C|/\n"


def test_copied_programs_run_from_where_they_are(tmp_path: Path) -> None:
    package = package_folder()

    copy_programs(package, tmp_path / "copy")

    programs = programs_in(tmp_path / "copy" / package.name)
    said = [
        subprocess.run([programs / name, "--version"], capture_output=True, text=True, check=True).stdout
        for name in ("postgres", "psql", "pg_dump")
    ]
    assert [line.split(" (PostgreSQL) 18.")[0] for line in said] == ["postgres", "psql", "pg_dump"]
    assert (tmp_path / "copy").stat().st_mode & 0o777 == 0o755
