"""The database cluster on disk: made, configured, started, stopped, freed of what a crash left."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from hearth.ops.binaries import Binaries
from hearth.ops.errors import PostgresError
from hearth.ops.home import SOCKET_NAME, Home

SUPERUSER = "postgres"
PORT = 5432
USER_MAP = "hearth"
ARCHIVE_SETTINGS = "archive.conf"
START_SECONDS = 60
END_SECONDS = 5.0

SETTINGS = {
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "default_text_search_config": "pg_catalog.simple",
    "max_connections": "100",
    # Keeping the log for restoring to a moment is then switched on and off without a restart.
    "archive_mode": "on",
    "archive_command": "true",
    # Statements and the details of a failed constraint hold names and telephone numbers.
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_line_prefix": "%m [%p] ",
}


@dataclass(frozen=True)
class Cluster:
    """One cluster and the programs that serve it. Callers hold the lock of its home."""

    home: Home
    binaries: Binaries

    @property
    def folder(self) -> Path:
        return self.home.cluster

    def is_ready(self) -> bool:
        """Say whether the server answers; a process number alone proves nothing."""
        return self._ask_server() == 0

    def launch(self, settings: Mapping[str, str]) -> None:
        """Start the server, making the cluster first where there is none.

        :raises PostgresError: if it is of another major version, or does not come up
        """
        self._create_if_missing()
        self._check_version()
        self.home.make_socket_folder()
        if self._recover_running():
            return
        self._clear_remains()
        self._configure(settings)
        self._control("start", "-l", str(self.home.log))

    def shut_down(self) -> None:
        """Stop the server, ending its connections; does nothing where it does not run.

        Returns when its last process is gone: pg_ctl returns a little before.
        """
        if self._live_processes() or self.is_ready():
            self._control("stop", "-m", "fast")
            self._wait_for_processes_to_end()

    def execute(self, script: str, database: str = SUPERUSER) -> str:
        """Run SQL as the superuser and return what it printed.

        :raises PostgresError: if a statement fails
        """
        done = self.home.account.run(
            self.binaries.program("psql"),
            *("--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1"),
            *(f"--host={self.home.socket_folder}", f"--port={PORT}", f"--username={SUPERUSER}"),
            f"--dbname={database}",
            text=script,
        )
        if done.returncode != 0:
            raise PostgresError(f"The embedded PostgreSQL refused its set-up: {done.stderr.strip()}")
        return done.stdout.strip()

    def _ask_server(self) -> int:
        """Return 0 if it answers, 1 if it is starting up or shutting down, else another number."""
        program = self.binaries.program("pg_isready")
        where = (f"--host={self.home.socket_folder}", f"--port={PORT}")
        return self.home.account.run(program, "--quiet", "--timeout=3", *where).returncode

    def _control(self, action: str, *options: str) -> None:
        done = self.home.account.run(
            self.binaries.program("pg_ctl"),
            action,
            *("-D", self.folder, "-w", "-t", str(START_SECONDS), "-s"),
            *options,
        )
        if done.returncode != 0:
            said = (done.stderr or done.stdout).strip()
            raise PostgresError(
                f"The embedded PostgreSQL did not {action}: {said}\n"
                f"The end of its log {self.home.log}:\n{self._end_of_log()}"
            )

    def _end_of_log(self) -> str:
        return self.home.account.run("/usr/bin/tail", "-n", "10", self.home.log).stdout.rstrip()

    def _create_if_missing(self) -> None:
        if (self.folder / "PG_VERSION").exists():
            return
        unfinished = self.folder.with_name("data.new")
        self.home.account.run("/bin/rm", "-rf", unfinished)
        done = self.home.account.run(
            self.binaries.program("initdb"),
            *("-D", unfinished, "-U", SUPERUSER, "-E", "UTF8", "--locale=C"),
            *("--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
            *("--auth-local=peer", "--auth-host=scram-sha-256"),
        )
        if done.returncode != 0:
            raise PostgresError(f"The database could not be created in {self.folder}: {done.stderr.strip()}")
        unfinished.rename(self.folder)

    def _check_version(self) -> None:
        found = (self.folder / "PG_VERSION").read_text().strip()
        if found != str(self.binaries.major):
            raise PostgresError(
                f"{self.folder} was made by PostgreSQL {found}, this version of Hearth brings "
                f"{self.binaries.major}. Nothing was changed. To upgrade: with the version of Hearth that "
                "made it, hearth backup; move the folder away; with this version, hearth restore."
            )

    def _configure(self, settings: Mapping[str, str]) -> None:
        """Write the configuration anew at each start, so that it follows the code and the folder."""
        values = {
            **SETTINGS,
            **settings,
            "listen_addresses": "",
            "port": str(PORT),
            "unix_socket_directories": str(self.home.socket_folder),
            "unix_socket_permissions": "0700",
        }
        lines = [f"{name} = {quote_setting(value)}" for name, value in values.items()]
        write = self.home.account.write
        write(self.folder / "hearth.conf", "\n".join(lines) + "\n")
        # What an administrator wants otherwise goes into a file of its own, read last.
        write(
            self.folder / "postgresql.conf",
            f"include 'hearth.conf'\ninclude_if_exists '../{ARCHIVE_SETTINGS}'\n"
            "include_if_exists '../postgresql.conf'\n",
        )
        write(
            self.folder / "pg_hba.conf",
            f"local all all peer map={USER_MAP}\nlocal replication {SUPERUSER} peer map={USER_MAP}\n",
        )
        users = [quote_setting(name, mark='"') for name in {self.home.account.name, "root"}]
        roles = [SUPERUSER, "hearth_owner", "hearth_app"]
        entries = [f"{USER_MAP} {user} {role}" for user in users for role in roles]
        write(self.folder / "pg_ident.conf", "\n".join(entries) + "\n")

    def _recover_running(self) -> bool:
        """Wait for a server that is still coming up; end one that does not answer at all."""
        deadline = time.monotonic() + START_SECONDS
        while self._postmaster() in self._live_processes() and time.monotonic() < deadline:
            if self.is_ready():
                return True
            time.sleep(0.1)
        if self._postmaster() in self._live_processes():
            self._control("stop", "-m", "immediate")
        return False

    def _clear_remains(self) -> None:
        """Remove the lock files of a server that was killed.

        Where nothing collects dead processes the killed server stays a zombie, and after a restart of
        a container its number may be somebody else's; PostgreSQL takes either for a running server.
        Its lock file also guards against its orphaned children, so these must be gone first.
        """
        if not Path("/proc/self/stat").exists():
            return
        for signal_name in ("QUIT", "KILL"):
            if self._wait_for_processes_to_end():
                break
            self.home.account.run("/bin/kill", f"-{signal_name}", *map(str, self._live_processes()))
        if not self._wait_for_processes_to_end():
            left = " ".join(map(str, self._live_processes()))
            raise PostgresError(
                f"A killed PostgreSQL left processes in {self.folder}. End them: kill -9 {left}"
            )
        socket = self.home.socket_folder / SOCKET_NAME
        for remains in (self.folder / "postmaster.pid", socket, socket.with_name(f"{SOCKET_NAME}.lock")):
            remains.unlink(missing_ok=True)

    def _wait_for_processes_to_end(self) -> bool:
        deadline = time.monotonic() + END_SECONDS
        while self._live_processes():
            if time.monotonic() > deadline:
                return False
            time.sleep(0.05)
        return True

    def _postmaster(self) -> int | None:
        try:
            return int((self.folder / "postmaster.pid").read_text().split("\n", 1)[0])
        except (OSError, ValueError):
            return None

    def _live_processes(self) -> list[int]:
        """Return the PostgreSQL processes that work in the cluster's folder; a zombie is in none.

        Asked as the server's account: inside a container even root may not look.
        """
        script = (
            'for p in /proc/[0-9]*; do read -r c < "$p/comm" && [ "$c" = postgres ] '
            '&& [ "$p/cwd" -ef "$0" ] && echo "${p#/proc/}"; done'
        )
        return [
            int(pid) for pid in self.home.account.run("/bin/sh", "-c", script, self.folder).stdout.split()
        ]


def quote_setting(value: str, mark: str = "'") -> str:
    """Return a value as the server's configuration files want it."""
    return mark + value.replace(mark, mark * 2) + mark
