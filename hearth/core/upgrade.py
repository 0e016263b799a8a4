"""Bringing the database to the version of the code, one process at a time, and never backwards."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.core.management import call_command
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from hearth.core.installation import prepare_installation
from hearth.core.management.commands.migrate import Command

LOCK = "hashtext('hearth.migrate')"
Say = Callable[[str], None]


class SchemaNewer(Exception):
    """The database was brought to a version that this code does not know."""


class SchemaOlder(Exception):
    """The database waits for steps of this code."""


@dataclass(frozen=True)
class SchemaState:
    """How the database stands beside the code; names are `app.migration`."""

    pending: tuple[str, ...]
    unknown: tuple[str, ...]
    is_new: bool
    """Nothing was ever applied."""


def read_state() -> SchemaState:
    """Compare what the database went through with what the code brings; a few queries."""
    loader = MigrationLoader(connection)
    applied = set(loader.applied_migrations)
    replaced = {key for migration in loader.disk_migrations.values() for key in migration.replaces}
    ours = {app for app, _name in loader.disk_migrations}
    unknown = [key for key in applied - set(loader.disk_migrations) - replaced if key[0] in ours]
    plan = MigrationExecutor(connection).migration_plan(loader.graph.leaf_nodes())
    return SchemaState(
        tuple(f"{migration.app_label}.{migration.name}" for migration, _backwards in plan),
        tuple(sorted(f"{app}.{name}" for app, name in unknown)),
        is_new=not applied,
    )


def unknown_among(migrations: set[str]) -> list[str]:
    """Return which of these `app.migration` names the code does not know; needs no table."""
    loader = MigrationLoader(None)
    known = {f"{app}.{name}" for app, name in loader.disk_migrations}
    known |= {
        f"{app}.{name}" for migration in loader.disk_migrations.values() for app, name in migration.replaces
    }
    return sorted(migrations - known)


def refuse_other_schema() -> None:
    """Check, before serving, that the database is exactly of this version.

    :raises SchemaNewer: if it went through steps the code does not know
    :raises SchemaOlder: if steps are waiting
    """
    state = read_state()
    if state.unknown:
        raise SchemaNewer(", ".join(state.unknown))
    if state.pending:
        raise SchemaOlder(str(len(state.pending)))


def upgrade_database(now: datetime, *, say: Say) -> None:
    """Apply what is waiting and prepare the installation, telling each step. May be repeated.

    Waits while another process does the same, and then finds nothing left to do.

    :raises SchemaNewer: before anything is changed
    :raises KeyRingMissing: if sealed values exist and their keys do not
    """
    with one_at_a_time(say):
        state = read_state()
        if state.unknown:
            raise SchemaNewer(", ".join(state.unknown))
        _apply(state, say)
        prepare_installation(now)


@contextmanager
def one_at_a_time(say: Say) -> Iterator[None]:
    """Let no other process migrate meanwhile; the lock goes with its connection, however that ends."""
    holder: BaseDatabaseWrapper = connection.copy()
    try:
        with holder.cursor() as cursor:
            cursor.execute(f"SELECT pg_try_advisory_lock({LOCK})")
            if not cursor.fetchone()[0]:
                say("Another process is migrating this database; waiting for it.")
                cursor.execute(f"SELECT pg_advisory_lock({LOCK})")
        yield
    finally:
        holder.close()


class _Migrate(Command):
    """The command, telling each step in our words."""

    def __init__(self, total: int, say: Say) -> None:
        super().__init__()
        self._total, self._say = total, say
        self._done = 0
        self._step_started = time.perf_counter()

    def migration_progress_callback(
        self, action: str, migration: Migration | None = None, fake: bool = False
    ) -> None:
        if action == "apply_start":
            self._step_started = time.perf_counter()
        if action == "apply_success" and migration:
            self._done += 1
            seconds = time.perf_counter() - self._step_started
            self._say(
                f"  {self._done}/{self._total} {migration.app_label}.{migration.name} ({seconds:.1f} s)"
            )


def _apply(state: SchemaState, say: Say) -> None:
    """Run Django's command also where nothing waits: it keeps its own tables in step with the models."""
    steps, started = len(state.pending), time.perf_counter()
    if state.is_new:
        say(f"Making the database, steps: {steps}")
    elif steps:
        say(f"Bringing the database to this version, steps: {steps}")
    # A new database has nothing that a step could harm: their names would only fill the first screen.
    command = _Migrate(steps, _silent if state.is_new else say)
    call_command(command, interactive=False, verbosity=0)
    taken = f" after {time.perf_counter() - started:.1f} s" if steps else ""
    say(f"The database is up to date{taken}.")


def _silent(_line: str) -> None:
    """Tell nobody."""
