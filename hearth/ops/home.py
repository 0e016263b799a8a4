"""The folder of an embedded server, and the locks in it that its users hold."""

import fcntl
import hashlib
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from hearth.ops.account import ROOT_UID, Account, account_of, choose_account
from hearth.ops.errors import PostgresError

SYSTEM_FOLDER = Path("/var/lib")
SOCKET_NAME = ".s.PGSQL.5432"
SOCKET_PATH_LIMIT = 107 if sys.platform == "linux" else 103
MARK = "hearth.lock"


@dataclass(frozen=True)
class Home:
    """A folder with one database cluster, and the account it belongs to."""

    folder: Path
    account: Account

    @property
    def cluster(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> Path:
        return self.folder / "log"

    @property
    def socket_folder(self) -> Path:
        """The folder of the socket: this one, or a short one where its path would be too long."""
        if len(os.fsencode(self.folder / SOCKET_NAME)) <= SOCKET_PATH_LIMIT:
            return self.folder
        return Path("/tmp") / f"hearth-{self.account.uid}-{_short_hash(self.folder)}"  # noqa: S108 - owner checked

    def make_socket_folder(self) -> None:
        """Make the folder of the socket.

        :raises PostgresError: if somebody else was there first
        """
        folder = self.socket_folder
        if folder == self.folder:
            return
        self.account.run("/bin/mkdir", "-m", "700", folder)
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != self.account.uid or found.st_mode & 0o077:
            raise PostgresError(
                f"{folder} belongs to somebody else. Remove it, or use a shorter path for the database."
            )

    def open_lock(self, name: str) -> int:
        """Open a lock file and return its descriptor, which a child does not inherit."""
        try:
            opened = os.open(self.folder / name, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        except OSError as error:
            raise PostgresError(f"{self.folder / name} cannot be opened: {error.strerror}") from error
        if not self.account.is_current:
            os.fchown(opened, self.account.uid, self.account.gid)
        return opened

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Let nobody else start or stop this server meanwhile; waits for its turn."""
        lock = self.open_lock(MARK)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    def try_lock(self, name: str) -> int | None:
        """Return a descriptor holding the lock, or None where somebody else holds it."""
        lock = self.open_lock(name)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            return None
        return lock


def open_home(folder: Path) -> Home:
    """Return the home of the server of this folder, making it where needed.

    For root this may be another folder, under /var/lib: the account that runs the server must reach
    it, and the rights of folders above are nobody's to change.

    :raises PostgresError: if the folder belongs to somebody else or holds something else
    """
    folder = folder.absolute()
    if os.geteuid() != ROOT_UID:
        account = choose_account()
        return Home(_claim(folder, account), account)
    return _open_home_for_root(folder)


def _open_home_for_root(folder: Path) -> Home:
    beside = SYSTEM_FOLDER / f"hearth-{_short_hash(folder)}"
    for known in (folder, beside):
        # Whoever made the cluster goes on running it, also where root comes later.
        if (known / MARK).exists() and known.stat().st_uid != ROOT_UID:
            return Home(known, account_of(known.stat().st_uid))
    account = choose_account()
    claimed = _claim(folder, account)
    if account.can_enter(claimed):
        return Home(claimed, account)
    with suppress(OSError):
        claimed.rmdir()
    return Home(_claim(beside, account), account)


def _claim(folder: Path, account: Account) -> Path:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.stat()
        is_ours = found.st_uid in (account.uid, os.geteuid())
        is_free = (folder / MARK).exists() or not any(folder.iterdir())
    except OSError as error:
        raise PostgresError(f"{folder} cannot be used for the database: {error.strerror}.") from error
    if not is_ours:
        raise PostgresError(
            f"{folder} belongs to another account. Start as that account or as root, or use another folder."
        )
    if not is_free:
        raise PostgresError(f"{folder} holds other files. Give the database an empty folder.")
    folder.chmod(0o700)
    if not account.is_current:
        os.chown(folder, account.uid, account.gid)
    return folder


def _short_hash(folder: Path) -> str:
    return hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
