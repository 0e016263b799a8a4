"""A PostgreSQL server of this application's own, for as long as somebody uses it.

It listens on a socket that nobody but its account and root can reach, knows people by their account
on this machine and not by passwords, and needs no privileges to install.
"""

import fcntl
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Literal, Self
from urllib.parse import quote

from hearth.ops.binaries import find_binaries
from hearth.ops.cluster import Cluster
from hearth.ops.errors import PostgresError
from hearth.ops.home import open_home

__all__ = ["DATABASE", "EmbeddedServer", "PostgresError", "Role"]

Role = Literal["owner", "app"]
DATABASE = "hearth"
# Users hold both shared. The first is tried only under the lock of the home, to learn whether anybody
# is left; the second is what the watcher waits for, so that its waiting never looks like a user.
USERS_LOCK = "users.lock"
PRESENCE_LOCK = "presence.lock"
WATCHER_LOCK = "watcher.lock"
WATCHER_SECONDS = 5.0

# The owner may act as the app, which is how tests look through the fence, but inherits nothing of it.
ROLES = """
DO $$
BEGIN
    IF to_regrole('hearth_owner') IS NULL THEN
        CREATE ROLE hearth_owner LOGIN CREATEDB CREATEROLE;
    END IF;
    IF to_regrole('hearth_app') IS NULL THEN
        CREATE ROLE hearth_app LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
        GRANT hearth_app TO hearth_owner WITH SET TRUE, INHERIT FALSE;
    END IF;
END $$;
SELECT 'CREATE DATABASE hearth OWNER hearth_owner'
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'hearth')
\\gexec
"""

# Behind a row's fence PostgreSQL uses an index only for comparisons that are declared to tell nothing of the values
# they compare. These tell nothing, but are not declared; only a superuser may. New databases copy them from template1.
UNREVEALING = """
ALTER FUNCTION ts_match_vq(tsvector, tsquery) LEAKPROOF;
ALTER FUNCTION textlike(text, text) LEAKPROOF;
ALTER FUNCTION arraycontains(anyarray, anyarray) LEAKPROOF;
ALTER FUNCTION arrayoverlap(anyarray, anyarray) LEAKPROOF;
ALTER FUNCTION numeric_eq(numeric, numeric) LEAKPROOF;
ALTER FUNCTION numeric_lt(numeric, numeric) LEAKPROOF;
ALTER FUNCTION numeric_le(numeric, numeric) LEAKPROOF;
ALTER FUNCTION numeric_gt(numeric, numeric) LEAKPROOF;
ALTER FUNCTION numeric_ge(numeric, numeric) LEAKPROOF;
"""
SETUP = f"{ROLES}\\connect template1\n{UNREVEALING}\\connect hearth\n{UNREVEALING}"


class EmbeddedServer:
    """The server of one folder, as seen by one of the processes that use it.

    The first user starts it and the last one stops it. A user that dies without a word counts as gone:
    a watcher process, independent of all of them, then stops the server.
    """

    def __init__(self, folder: Path, settings: Mapping[str, str] | None = None) -> None:
        """Prepare the folder and find the programs; nothing runs yet.

        :param settings: of `postgresql.conf`; they count for whoever starts the server
        :raises PostgresError: if the folder or this machine does not allow it
        """
        self._asked_folder = folder
        self._settings = dict(settings or {})
        self._membership: list[int] = []
        self.home = open_home(folder)
        self.binaries = find_binaries(self.home.account)
        self._cluster = Cluster(self.home, self.binaries)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Become a user of the server and start it where it does not run. May be repeated.

        :raises PostgresError: if it does not come up
        """
        with self.home.locked():
            joined_before = bool(self._membership)
            self._join()
            try:
                if not self._cluster.is_ready():
                    self._cluster.launch(self._settings)
                self._cluster.execute(SETUP)
                self._ensure_watcher()
            except BaseException:
                if not joined_before:
                    self._leave()
                raise

    def stop(self) -> None:
        """Stop using the server; the last user waits until it is down. May be repeated."""
        if not self._membership:
            return
        with self.home.locked():
            self._leave()
            stopped = self._stop_if_unused()
        if stopped:
            self._await_watcher()

    def is_alive(self) -> bool:
        """Say whether the server answers now. Costs a short process."""
        return self._cluster.is_ready()

    def url(self, role: Role, database: str = DATABASE) -> str:
        """Return the address for one of the two logins: `owner` migrates, `app` serves.

        The socket's folder is a parameter, because readers of addresses turn host names to lower case.
        """
        return f"postgres://hearth_{role}@/{quote(database)}?host={quote(str(self.home.socket_folder))}"

    def watch(self, watcher_lock: int) -> None:
        """Wait until the last user is gone, however it went, and stop the server.

        :param watcher_lock: the descriptor of the watcher's lock, already held
        """
        while True:
            presence = self.home.open_lock(PRESENCE_LOCK)
            fcntl.flock(presence, fcntl.LOCK_EX)
            os.close(presence)
            with self.home.locked():
                if self._stop_if_unused():
                    os.close(watcher_lock)
                    return

    def _join(self) -> None:
        if self._membership:
            return
        for name in (USERS_LOCK, PRESENCE_LOCK):
            lock = self.home.open_lock(name)
            fcntl.flock(lock, fcntl.LOCK_SH)
            self._membership.append(lock)

    def _leave(self) -> None:
        while self._membership:
            os.close(self._membership.pop())

    def _stop_if_unused(self) -> bool:
        alone = self.home.try_lock(USERS_LOCK)
        if alone is None:
            return False
        try:
            self._cluster.shut_down()
        finally:
            os.close(alone)
        return True

    def _ensure_watcher(self) -> None:
        """Start the watcher where there is none, handing it the lock that says there is one."""
        lock = self.home.try_lock(WATCHER_LOCK)
        if lock is None:
            return
        packages = str(Path(__file__).parents[2])
        try:
            subprocess.run(
                [sys.executable, "-m", "hearth.ops.postgres_watch", self._asked_folder.absolute(), str(lock)],
                pass_fds=[lock],
                start_new_session=True,
                cwd="/",
                env={**os.environ, "PYTHONPATH": packages},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                check=True,
            )
        except (OSError, subprocess.CalledProcessError) as error:
            raise PostgresError(f"The watcher of the embedded PostgreSQL did not start: {error}") from error
        finally:
            os.close(lock)

    def _await_watcher(self) -> None:
        deadline = time.monotonic() + WATCHER_SECONDS
        while time.monotonic() < deadline:
            lock = self.home.try_lock(WATCHER_LOCK)
            if lock is not None:
                os.close(lock)
                return
            time.sleep(0.01)
