"""PostgreSQL's own programs, run for a database without its password showing in the list of processes."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from hearth.ops.backups.errors import FULL_IN_WORDS, BackupError, disk_full

Say = Callable[[str], None]


@dataclass(frozen=True)
class Programs:
    """The folder of the programs that fit a server."""

    folder: Path

    def path(self, name: str) -> Path:
        return self.folder / name

    def run(self, name: str, url: str, *words: str | Path, folder: Path, heed: Say | None = None) -> None:
        """Run a program on a database and wait; `heed` gets each line it says meanwhile.

        :param folder: what it writes to, for the message where the disk is full
        :raises BackupError: with its last words if it fails
        """
        address, environment = _without_password(url)
        command = [str(self.path(name)), f"--dbname={address}", *map(str, words)]
        last: list[str] = []
        with subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        ) as running:
            try:
                for line in running.stderr or ():
                    last = [*last[-9:], line.rstrip()]
                    if heed:
                        heed(line)
            except BaseException:
                running.kill()
                raise
        if running.returncode:
            said = "\n".join(last)
            if FULL_IN_WORDS in said:
                raise disk_full(folder)
            raise BackupError(f"{name} failed:\n{said}")


def find_on_path(server_version: int) -> Programs:
    """Return the installed programs, if they are not older than the server.

    :param server_version: as PostgreSQL numbers it, 180004 for 18.4
    :raises BackupError: if there are none or they are too old
    """
    wanted = server_version // 10_000
    found = shutil.which("pg_dump")
    if found is None:
        raise BackupError(
            f"pg_dump is not on the PATH. Install the client programs of PostgreSQL {wanted} or newer."
        )
    # A distribution puts a chooser there; the programs themselves say which version they are.
    said = subprocess.run([found, "--version"], capture_output=True, text=True, check=False).stdout
    version = re.search(r"(\d+)", said)
    if version is None or int(version[1]) < wanted:
        raise BackupError(
            f"{found} is {said.strip() or 'of an unknown version'}, the server is PostgreSQL {wanted}: "
            f"older programs cannot read it. Put those of {wanted} or newer first on the PATH."
        )
    return Programs(Path(found).parent)


def _without_password(url: str) -> tuple[str, dict[str, str]]:
    parts: dict[str, str] = {key: str(value) for key, value in conninfo_to_dict(url).items()}
    environment = {**os.environ, "LC_ALL": "C"}
    if "password" in parts:
        environment["PGPASSWORD"] = parts.pop("password")
    return make_conninfo("", **parts), environment
