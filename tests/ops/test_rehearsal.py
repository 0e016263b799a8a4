"""The emergency, rehearsed: an installation is lost and comes back elsewhere, or goes back to a moment."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from hearth.config.environment import ROOT
from hearth.ops.backups.errors import BackupError
from hearth.ops.backups.manifest import read_manifest
from hearth.ops.backups.programs import Programs
from hearth.ops.binaries import package_folder, programs_in
from hearth.ops.postgres import EmbeddedServer
from tests.upgrade.rows import Row, list_tables, read_rows

pytestmark = pytest.mark.slow

HOUSEHOLDS = "60"
PASSPHRASE = "山高水长"
# What the application does first after an emergency: open what is sealed, read a file, record an act.
WORK = """
from django.utils import timezone
from hearth.core.actor import Actor
from hearth.core.models import EventRecord, StoredFile
from hearth.customers.models import ContactPoint
from hearth.organization.models import OrgUnit
from hearth.organization.services.units import rename_org_unit
opened = sorted(point.value for point in ContactPoint.objects.all())
stored = [len(one.file.read()) == one.size for one in StoredFile.objects.all()]
newest = max(EventRecord.objects.values_list("transaction", flat=True))
rename_org_unit(OrgUnit.objects.get(parent=None), actor=Actor.system("test"), name="新名", now=timezone.now())
event = EventRecord.objects.order_by("-position").first()
print("opened", len(opened), hash_of(opened))
print("stored", len(stored), all(stored))
print("next", event.transaction > newest)
"""
HASH = "import hashlib\ndef hash_of(words): return hashlib.sha256('|'.join(words).encode()).hexdigest()\n"
READ = (
    HASH
    + WORK[: WORK.index("newest =")].replace("from hearth.organization.services.units", "#")
    + ('print("opened", len(opened), hash_of(opened))\nprint("stored", len(stored), all(stored))\n')
)
RENAME = """
from django.utils import timezone
from hearth.core.actor import Actor
from hearth.organization.models import OrgUnit
from hearth.organization.services.units import rename_org_unit
rename_org_unit(OrgUnit.objects.get(parent=None), actor=Actor.system("test"), name="{}", now=timezone.now())
"""


@dataclass(frozen=True)
class Place:
    """One installation on its embedded server, driven by its command line."""

    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        inherited = {n: v for n, v in os.environ.items() if not n.startswith(("DATABASE_", "HEARTH_"))}
        return {**inherited, "HEARTH_VAR": str(self.folder)}

    def start(self, *words: str | Path) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "hearth", *map(str, words)],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def try_to(self, *words: str | Path) -> tuple[int, str, str]:
        running = self.start(*words)
        said, complained = running.communicate(timeout=200)
        return running.returncode, said, complained

    def run(self, *words: str | Path) -> str:
        code, said, complained = self.try_to(*words)
        assert code == 0, said + complained
        return said

    def shell(self, script: str) -> str:
        return self.run("manage", "shell", "--no-imports", "-c", script)

    @contextmanager
    def connected(self) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
        with (
            EmbeddedServer(self.folder / "postgres") as server,
            psycopg.connect(server.url("owner"), autocommit=True) as connection,
        ):
            yield connection

    def rows(self) -> dict[str, list[Row]]:
        with self.connected() as connection:
            return {
                table: sorted(read_rows(connection, table), key=json.dumps)
                for table in list_tables(connection)
            }

    def name_of_group(self) -> object:
        with self.connected() as connection:
            found = connection.execute(
                "SELECT name FROM organization_orgunit WHERE parent_id IS NULL"
            ).fetchone()
            return found and found[0]


@pytest.fixture(scope="module")
def around() -> Iterator[Path]:
    """A folder that the account of the database can reach, with the keys' passphrase in it."""
    folder = Path(tempfile.mkdtemp(prefix="hearth-test-", dir="/tmp"))
    folder.chmod(0o755)
    (folder / "passphrase").write_text(f"{PASSPHRASE}\n")
    yield folder
    shutil.rmtree(folder)


def make_place(around: Path, name: str) -> Place:
    (around / name).mkdir(mode=0o755)
    return Place(around / name)


@pytest.fixture(scope="module")
def lived_in(around: Path) -> Place:
    """An installation with people, homes, contracts, events and a stored file."""
    place = make_place(around, "lived-in")
    place.run("migrate")
    place.run("demo", "load", "--households", HOUSEHOLDS)
    return place


@pytest.fixture(scope="module")
def backup(around: Path, lived_in: Place) -> Path:
    """A backup of it, and its keys in a file apart."""
    words: list[str | Path] = ["--to", around / "backups", "--keys", around / "keys"]
    lived_in.run("backup", *words, "--passphrase-file", around / "passphrase")
    return next((around / "backups").glob("hearth-*"))


@pytest.fixture
def other(around: Path) -> Iterator[Place]:
    """A new machine, as it were."""
    place = make_place(around, f"other-{time.monotonic_ns()}")
    yield place
    shutil.rmtree(place.folder)


def test_everything_comes_back_elsewhere(around: Path, lived_in: Place, backup: Path, other: Place) -> None:
    keys: list[str | Path] = ["--keys", around / "keys", "--passphrase-file", around / "passphrase"]

    said = other.run("restore", backup, *keys)

    assert f"{sum(map(len, lived_in.rows().values())):,} rows" in said
    assert other.rows() == lived_in.rows()
    assert other.shell(READ) == lived_in.shell(READ)
    assert other.run("migrate") == "The database is up to date.\n"
    assert "next True" in other.shell(HASH + WORK)


def test_the_rights_of_the_application_come_back(around: Path, backup: Path, other: Place) -> None:
    other.run("restore", backup, "--keys", around / "keys", "--passphrase-file", around / "passphrase")

    with other.connected() as connection:
        connection.execute("SET ROLE hearth_app")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("DELETE FROM core_eventrecord")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("CREATE TABLE public.mine ()")
        connection.execute("UPDATE customers_customer SET updated_at = updated_at")
        connection.execute("RESET ROLE")
        connection.execute("CREATE TABLE later ()")
        allowed = connection.execute("SELECT has_table_privilege('hearth_app', 'later', 'INSERT')").fetchone()

    assert allowed == (True,)


def test_no_key_is_in_the_backup(around: Path, lived_in: Place, backup: Path) -> None:
    ring = json.loads((lived_in.folder / "keys.json").read_text())
    secrets = [*ring["keys"].values(), ring["index_key"], (lived_in.folder / "secret_key").read_text()]

    unpacked = subprocess.run(
        [programs_in(package_folder()) / "pg_restore", "--file=-", backup / "database.dump"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    texts = [
        unpacked,
        *(p.read_text(errors="replace") for p in backup.iterdir()),
        (around / "keys").read_text(),
    ]

    assert [secret for secret in secrets for text in texts if secret in text] == []


def test_without_its_keys_a_backup_is_not_restored(backup: Path, other: Place) -> None:
    code, _said, complained = other.try_to("restore", backup)

    assert code == 1
    assert "Give the exported keys with --keys FILE." in complained


def test_a_wrong_passphrase_is_refused(around: Path, backup: Path, other: Place) -> None:
    (around / "wrong").write_text("wrong")

    code, _said, complained = other.try_to(
        "restore", backup, "--keys", around / "keys", "--passphrase-file", around / "wrong"
    )

    assert (code, "The passphrase does not open" in complained) == (1, True)


def test_keys_are_never_written_among_the_backups(around: Path, lived_in: Place) -> None:
    code, _said, complained = lived_in.try_to(
        "backup", "--to", around / "backups", "--keys", around / "backups" / "keys"
    )

    assert (code, "lies among the backups" in complained) == (1, True)
    assert not (around / "backups" / "keys").exists()


def test_an_installation_in_use_is_replaced_only_by_force_and_set_aside(
    around: Path, lived_in: Place, backup: Path
) -> None:
    lived_in.shell(RENAME.format("后来"))

    refused = lived_in.try_to("restore", backup)
    said = lived_in.run("restore", backup, "--force")

    assert (refused[0], "This installation is not empty." in refused[2]) == (1, True)
    assert lived_in.name_of_group() != "后来"
    aside = next(line.split()[-1] for line in said.splitlines() if "set aside: database" in line)
    with lived_in.connected() as connection:
        kept = connection.execute("SELECT count(*) FROM pg_database WHERE datname = %s", [aside]).fetchone()
    assert kept == (1,)


def test_nothing_is_restored_under_people_at_work(lived_in: Place, backup: Path) -> None:
    before = lived_in.rows()

    with lived_in.connected():
        code, _said, complained = lived_in.try_to("restore", backup, "--force")

    assert (code, "Others work with this database" in complained) == (1, True)
    assert lived_in.rows() == before


def test_a_damaged_backup_changes_nothing(around: Path, lived_in: Place, backup: Path) -> None:
    damaged = around / "damaged"
    shutil.copytree(backup, damaged)
    content = bytearray((damaged / "database.dump").read_bytes())
    content[len(content) // 2] ^= 1
    (damaged / "database.dump").write_bytes(content)
    before = lived_in.rows()

    code, _said, complained = lived_in.try_to("restore", damaged, "--force")

    assert (code, "database.dump is damaged" in complained) == (1, True)
    assert lived_in.rows() == before


def test_a_backup_of_a_newer_version_is_refused(around: Path, lived_in: Place, backup: Path) -> None:
    newer = around / "newer"
    shutil.copytree(backup, newer)
    content = json.loads((newer / "manifest.json").read_text())
    content["migrations"].append("customers.9999_of_tomorrow")
    (newer / "manifest.json").write_text(json.dumps(content))

    code, _said, complained = lived_in.try_to("restore", newer, "--force")

    assert (code, "customers.9999_of_tomorrow" in complained) == (1, True)


def test_a_backup_that_is_killed_leaves_nothing_that_looks_whole(
    around: Path, lived_in: Place, other: Place
) -> None:
    to = around / "killed"
    running = lived_in.start("backup", "--to", to)
    while not list(to.glob(".unfinished-*")):
        assert running.poll() is None
        time.sleep(0.001)
    running.send_signal(signal.SIGKILL)
    running.communicate()

    code, _said, complained = other.try_to("restore", to)
    lived_in.run("backup", "--to", to)

    assert (code, "no finished backup" in complained) == (1, True)
    assert [path.name for path in to.iterdir() if path.name.startswith(".unfinished")] == []
    assert len(list(to.glob("hearth-*"))) == 1


def test_old_backups_go_when_new_ones_are_written(around: Path, lived_in: Place) -> None:
    to = around / "kept"
    names = []
    for _day in range(3):
        lived_in.run("backup", "--to", to, "--keep", "2")
        names.append(max(path.name for path in to.glob("hearth-*")))
        time.sleep(1)

    assert sorted(path.name for path in to.glob("hearth-*")) == names[1:]


def test_a_server_of_ones_own_is_backed_up_and_restored(
    around: Path, backup: Path, lived_in: Place, other: Place
) -> None:
    """The embedded server plays the part, reached by its address and with its programs on the PATH."""
    with EmbeddedServer(other.folder / "postgres") as server:
        environment = {
            **other.environment,
            "DATABASE_URL": server.url("owner"),
            "PATH": f"{programs_in(package_folder())}:{os.environ['PATH']}",
        }
        words = ["--keys", str(around / "keys"), "--passphrase-file", str(around / "passphrase")]
        for command in (["restore", str(backup), *words], ["backup", "--to", str(other.folder / "again")]):
            done = subprocess.run(
                [sys.executable, "-m", "hearth", *command],
                cwd=ROOT,
                env=environment,
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, done.stdout + done.stderr

    again = next((other.folder / "again").glob("hearth-*"))
    assert read_manifest(again).rows == read_manifest(backup).rows
    assert other.rows() == lived_in.rows()


def test_a_full_disk_is_explained(lived_in: Place) -> None:
    with EmbeddedServer(lived_in.folder / "postgres") as server, pytest.raises(BackupError, match="is full"):
        Programs(server.binaries.folder).run(
            "pg_dump", server.url("owner"), "--format=plain", "--file=/dev/full", folder=Path("/dev/full")
        )


def test_a_moment_between_two_acts_has_the_first_and_not_the_second(around: Path, other: Place) -> None:
    to = around / "continuous"
    other.run("migrate")
    other.run("demo", "load", "--households", HOUSEHOLDS)
    other.run("backup", "--continuous", "--to", to)
    other.shell(RENAME.format("甲"))
    time.sleep(1.1)
    between = datetime.now(UTC).isoformat()
    time.sleep(1.1)
    other.shell(RENAME.format("乙"))
    with other.connected() as connection:
        newest = connection.execute("SELECT max(transaction) FROM core_eventrecord").fetchone()

    other.run("restore", to, "--at", between, "--force")

    assert other.name_of_group() == "甲"
    other.shell(RENAME.format("丙"))
    with other.connected() as connection:
        later = connection.execute(
            "SELECT transaction FROM core_eventrecord ORDER BY position DESC LIMIT 1"
        ).fetchone()
    assert newest
    assert later
    assert int(str(later[0])) > int(str(newest[0]))


def test_a_lost_server_comes_back_elsewhere_with_everything_in_its_log(
    around: Path, lived_in: Place, other: Place
) -> None:
    to = around / "elsewhere"
    lived_in.run("backup", "--continuous", "--to", to, "--keys", around / "plain-keys")
    lived_in.shell(RENAME.format("最后"))
    before = lived_in.rows()

    other.run("restore", to, "--keys", around / "plain-keys")

    assert other.rows() == before
    assert other.name_of_group() == "最后"
    assert other.shell(READ) == lived_in.shell(READ)
