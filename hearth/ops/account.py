"""The operating-system account that PostgreSQL runs as.

PostgreSQL refuses to run as root. Who is not root runs it as themselves; root runs it as an account
that can do nothing else.
"""

import os
import pwd
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from hearth.ops.errors import PostgresError

SERVICE_ACCOUNT = "hearth-postgres"
ROOT_UID = 0


@dataclass(frozen=True)
class Account:
    """A user of this machine."""

    name: str
    uid: int
    gid: int

    @property
    def is_current(self) -> bool:
        return self.uid == os.geteuid()

    def run(
        self, *argv: str | Path, text: str = "", env: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a command as this account, in `/` and with a bare environment, and return what it said.

        The caller's environment stays out: locale and `PG*` variables would change what the
        PostgreSQL programs do.
        """
        return subprocess.run(
            [str(part) for part in argv],
            input=text,
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", **(env or {})},
            user=None if self.is_current else self.uid,
            group=None if self.is_current else self.gid,
            extra_groups=None if self.is_current else [],
        )

    def feed(self, source: Path, *argv: str | Path) -> subprocess.CompletedProcess[bytes]:
        """Run a command as this account that reads a file which the account itself may not open."""
        with source.open("rb") as opened:
            return subprocess.run(
                [str(part) for part in argv],
                stdin=opened,
                capture_output=True,
                check=False,
                cwd="/",
                env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
                user=None if self.is_current else self.uid,
                group=None if self.is_current else self.gid,
                extra_groups=None if self.is_current else [],
            )

    def can_enter(self, folder: Path) -> bool:
        """Say whether the account reaches the folder, whatever the rights of those above it are."""
        return self.run("/bin/sh", "-c", 'cd "$0"', folder).returncode == 0

    def can_execute(self, program: Path) -> bool:
        return self.run("/bin/sh", "-c", 'test -x "$0"', program).returncode == 0

    def write(self, path: Path, text: str) -> None:
        """Write a private file as this account, whole or not at all.

        Root must not open files by name in a folder that another account can rearrange.

        :raises PostgresError: if the file cannot be written
        """
        script = 'umask 077; cat > "$0.new" && mv -f "$0.new" "$0"'
        done = self.run("/bin/sh", "-c", script, path, text=text)
        if done.returncode != 0:
            raise PostgresError(f"{path} cannot be written: {done.stderr.strip()}")


def account_of(uid: int) -> Account:
    """Return the account with this number.

    :raises PostgresError: if it has no name, as in a container started with a bare number
    """
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        raise PostgresError(
            f"User number {uid} has no name on this machine, which PostgreSQL needs. "
            "Add a line for it to /etc/passwd, or set DATABASE_URL to another server."
        ) from None
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def choose_account() -> Account:
    """Return the account a new server shall run as, making it where root has none to offer.

    :raises PostgresError: if there is none and none can be made
    """
    if os.geteuid() != ROOT_UID:
        return account_of(os.geteuid())
    existing = _find_account("postgres") or _find_account(SERVICE_ACCOUNT)
    return existing or _create_account()


def _find_account(name: str) -> Account | None:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def _create_account() -> Account:
    useradd = shutil.which("useradd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if useradd is not None:
        command = [useradd, "--system", "--no-create-home", "--home-dir", "/nonexistent"]
        command += ["--shell", "/usr/sbin/nologin", SERVICE_ACCOUNT]
        # Two starts at once may both come here: what counts is that the account is there afterwards.
        subprocess.run(command, capture_output=True, check=False)
    created = _find_account(SERVICE_ACCOUNT)
    if created is None:
        raise PostgresError(
            "PostgreSQL does not run as root and there is no account for it. "
            f"Make one named {SERVICE_ACCOUNT}, start as an ordinary user, or set DATABASE_URL."
        )
    return created
