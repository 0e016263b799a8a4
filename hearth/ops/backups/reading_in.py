"""Reading a dump into an empty database, and proving that it is what was backed up."""

import subprocess
import tempfile
from pathlib import Path

from psycopg import sql

from hearth.ops.backups.database import (
    APPLICATION_ROLE,
    Connection,
    connect,
    count_rows,
    read_transaction,
    sum_grants,
    value,
)
from hearth.ops.backups.errors import BackupError
from hearth.ops.backups.manifest import Manifest
from hearth.ops.backups.programs import Programs, Say

NUMBERS_AT_ONCE = 50_000
ROLE = f"""
DO $$
BEGIN
    IF to_regrole('{APPLICATION_ROLE}') IS NULL THEN
        CREATE ROLE {APPLICATION_ROLE} NOLOGIN NOSUPERUSER NOBYPASSRLS;
    END IF;
    IF NOT pg_has_role(current_user, '{APPLICATION_ROLE}', 'MEMBER') THEN
        EXECUTE format('GRANT {APPLICATION_ROLE} TO %I', current_user);
    END IF;
END $$
"""
# What tables to come grant belongs to whoever makes them, and that may be another owner than before.
DEFAULT_RIGHTS = f"""
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {APPLICATION_ROLE};
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {APPLICATION_ROLE};
"""


def read_dump(url: str, dump: Path, manifest: Manifest, programs: Programs, *, say: Say) -> None:
    """Read the rows into an empty database and compare it with what the backup says of itself.

    :raises BackupError: if it cannot be read or differs
    """
    with connect(url) as connection:
        connection.execute(ROLE)
        owner = str(value(connection, "SELECT current_user"))
        _run_restore(programs, url, dump, is_same_owner=owner == manifest.owner)
        if owner != manifest.owner:
            connection.execute(DEFAULT_RIGHTS)
        compare(connection, manifest)
        say(f"  database: {sum(manifest.rows.values()):,} rows in {len(manifest.rows)} tables, compared")
        connection.execute("ANALYZE")
        pass_transactions(connection, manifest.transaction, say=say)


def _run_restore(programs: Programs, url: str, dump: Path, *, is_same_owner: bool) -> None:
    words = ["--no-owner", "--exit-on-error", "--jobs=2"]
    if is_same_owner:
        programs.run("pg_restore", url, *words, dump, folder=dump.parent)
        return
    listing = subprocess.run(
        [programs.path("pg_restore"), "--list", dump], capture_output=True, text=True, check=True
    ).stdout
    with tempfile.NamedTemporaryFile("w") as kept:
        kept.writelines(f"{line}\n" for line in listing.splitlines() if " DEFAULT ACL " not in line)
        kept.flush()
        programs.run("pg_restore", url, *words, f"--use-list={kept.name}", dump, folder=dump.parent)


def compare(connection: Connection, manifest: Manifest) -> None:
    """Compare tables, rows and rights with the manifest.

    :raises BackupError: naming what differs
    """
    rows = count_rows(connection)
    other = sorted(
        table for table in rows.keys() | manifest.rows if rows.get(table) != manifest.rows.get(table)
    )
    if other:
        raise BackupError(
            f"After restoring, these tables have other rows than the backup: {', '.join(other)}."
        )
    if sum_grants(connection) != manifest.grants:
        raise BackupError(
            "After restoring, the rights of the application's role are not those of the backup."
        )


def pass_transactions(connection: Connection, beyond: int, *, say: Say) -> None:
    """Use up transaction numbers until new ones lie beyond those of the restored rows.

    Events keep the number of their transaction, and whoever follows them asks for those beyond the last one seen:
    on a server that counts lower, they would not hear of new ones for a long time.
    """
    here = read_transaction(connection)
    if here > beyond:
        return
    say(
        f"  database: passing {beyond - here + 1:,} transaction numbers, so that programs that follow events miss none"
    )
    connection.execute("SET synchronous_commit = off")
    while here <= beyond:
        number = min(beyond - here + 1, NUMBERS_AT_ONCE)
        connection.execute(
            sql.SQL(
                "DO $$ BEGIN FOR i IN 1..{} LOOP PERFORM pg_current_xact_id(); COMMIT; END LOOP; END $$"
            ).format(sql.Literal(number))
        )
        here = read_transaction(connection)
    connection.execute("RESET synchronous_commit")
