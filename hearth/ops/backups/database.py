"""Reading a database for a backup: all facts and all rows as of one moment."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from hearth.ops.backups.errors import BackupError
from hearth.ops.backups.manifest import sum_of_lines
from hearth.ops.backups.programs import Programs, Say

Connection = psycopg.Connection[tuple[Any, ...]]
APPLICATION_ROLE = "hearth_app"
SECONDS_BETWEEN_LINES = 5.0
TABLES = """
SELECT c.relname FROM pg_class c
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
ORDER BY c.relname
"""
GRANTS = """
SELECT c.relkind::text || ' ' || c.relname || ' ' || a.privilege_type
FROM pg_class c, aclexplode(c.relacl) a
WHERE c.relnamespace = 'public'::regnamespace AND a.grantee = to_regrole(%(role)s)
UNION ALL
SELECT 'f ' || p.oid::regprocedure || ' ' || a.privilege_type
FROM pg_proc p, aclexplode(p.proacl) a
WHERE p.pronamespace = 'public'::regnamespace AND a.grantee = to_regrole(%(role)s)
UNION ALL
SELECT 'n ' || n.nspname || ' ' || a.privilege_type
FROM pg_namespace n, aclexplode(n.nspacl) a
WHERE n.nspname = 'public' AND a.grantee = to_regrole(%(role)s)
ORDER BY 1
"""
# Whoever works with the database, apart from the asking connection and the server's own processes.
OTHERS = """
SELECT coalesce(nullif(application_name, ''), usename), count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
GROUP BY 1 ORDER BY 1
"""


@dataclass(frozen=True)
class Facts:
    """What a manifest keeps of a database."""

    version: int
    owner: str
    migrations: list[str]
    rows: dict[str, int]
    grants: str
    transaction: int

    @property
    def version_in_words(self) -> str:
        return f"{self.version // 10_000}.{self.version % 10_000}"


@contextmanager
def connect(url: str) -> Iterator[Connection]:
    """Open a connection that commits each statement.

    :raises BackupError: if the server does not let us in
    """
    try:
        connection = psycopg.connect(url, autocommit=True, application_name="hearth backup")
    except psycopg.OperationalError as error:
        raise BackupError(f"The database cannot be reached: {str(error).strip()}") from error
    with connection:
        yield connection


@contextmanager
def one_moment(url: str) -> Iterator[tuple[Connection, str]]:
    """Give a connection that sees one moment, and the name under which others can see the same."""
    with connect(url) as connection:
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield connection, str(value(connection, "SELECT pg_export_snapshot()"))
        connection.execute("COMMIT")


def value(connection: Connection, query: str) -> Any:
    """Return the first column of the first row."""
    row = connection.execute(query.encode()).fetchone()
    return row[0] if row else None


def list_tables(connection: Connection) -> list[str]:
    """Name the tables, each partitioned one once."""
    return [name for (name,) in connection.execute(TABLES)]


def read_facts(connection: Connection) -> Facts:
    """Read what the connection sees; counts every row.

    :raises BackupError: if there is nothing of Hearth in the database
    """
    if value(connection, "SELECT to_regclass('public.django_migrations')") is None:
        raise BackupError(
            "There is nothing to back up: the database has no tables. Run hearth migrate first."
        )
    done = connection.execute("SELECT app || '.' || name FROM django_migrations ORDER BY 1").fetchall()
    return Facts(
        version=connection.info.server_version,
        owner=str(value(connection, "SELECT current_user")),
        migrations=[name for (name,) in done],
        rows=count_rows(connection),
        grants=sum_grants(connection),
        transaction=read_transaction(connection),
    )


def read_transaction(connection: Connection) -> int:
    """Return a number above that of every transaction so far."""
    return int(value(connection, "SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint"))


def count_rows(connection: Connection) -> dict[str, int]:
    counts = {}
    for table in list_tables(connection):
        query = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))
        counts[table] = int((connection.execute(query).fetchone() or (0,))[0])
    return counts


def sum_grants(connection: Connection) -> str:
    """Sum up the rights of the application's role on every table, sequence and function."""
    return sum_of_lines(line for (line,) in connection.execute(GRANTS, {"role": APPLICATION_ROLE}))


def refuse_company(connection: Connection) -> None:
    """Check that nobody else works with the database.

    :raises BackupError: naming who does
    """
    others = connection.execute(OTHERS).fetchall()
    if others:
        named = ", ".join(f"{name} ({number})" for name, number in others)
        raise BackupError(f"Others work with this database: {named}. Stop Hearth first.")


def dump(programs: Programs, url: str, snapshot: str, target: Path, *, tables: int, say: Say) -> None:
    """Write all rows and definitions as of the snapshot to a compressed file."""
    progress = _Progress(tables, say)
    programs.run(
        "pg_dump",
        url,
        *("--format=custom", "--compress=gzip:1", "--verbose", f"--snapshot={snapshot}"),
        f"--file={target}",
        folder=target.parent,
        heed=progress.heed,
    )


@dataclass
class _Progress:
    """Tells now and then which table is being written."""

    total: int
    say: Say
    done: int = 0
    told_at: float = 0.0

    def heed(self, line: str) -> None:
        found = re.search(r'dumping contents of table "public\.(\w+)"', line)
        if not found:
            return
        self.done += 1
        now = time.monotonic()
        self.told_at = self.told_at or now
        if now - self.told_at >= SECONDS_BETWEEN_LINES:
            self.told_at = now
            self.say(f"  database: {found[1]}, {self.done} of about {max(self.total, self.done)} tables")
