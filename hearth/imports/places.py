"""The folders that files are picked up from: on this server, or over SFTP."""

import asyncio
import shutil
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeVar

from django.conf import settings

from hearth.imports.errors import FolderOutside, PlaceUnreachable, ServerInside
from hearth.imports.models import ImportSource
from hearth.lib.outside_addresses import AddressRefused, judge
from hearth.postponed import Postponed

if TYPE_CHECKING:
    import asyncssh
else:
    asyncssh = Postponed("asyncssh")

DONE, FAILED = "done", "failed"
CONNECT_SECONDS, ACT_SECONDS = 20, 600
T = TypeVar("T")
Run = Callable[[Coroutine[Any, Any, Any]], Any]


class Waiting(NamedTuple):
    """A file that waits in a folder."""

    name: str
    size: int
    changed_at: datetime


class Place(Protocol):
    """What a pick-up does in a folder; `folder` is `done` or `failed`, made where it is missing."""

    def waiting(self, pattern: str) -> list[Waiting]: ...

    def fetch(self, name: str, target: Path) -> None: ...

    def put(self, source: Path, folder: str, name: str) -> None: ...

    def move(self, name: str, folder: str, new_name: str) -> None: ...


@contextmanager
def open_place(source: ImportSource, *, within: str) -> Iterator[Place]:
    """Open the folder of a source; one of this server lies below `within` in the inbox.

    :raises PlaceUnreachable: if it cannot be reached, now or while it is open
    :raises FolderOutside: if a folder of this server lies elsewhere than it may
    :raises ServerInside: if the server's address lies inside the installation's own network, which is not opened
    """
    try:
        if source.way == ImportSource.Way.FOLDER:
            yield FolderPlace(folder_of(source.path, within=within))
        else:
            with SftpPlace.connected(source) as place:
                yield place
    except (OSError, TimeoutError) as error:
        raise PlaceUnreachable(reason=type(error).__name__) from error
    except asyncssh.Error as error:
        raise PlaceUnreachable(reason=type(error).__name__) from error


def folder_of(path: str, *, within: str) -> Path:
    """Return a folder below the inbox, and there below the folder `within` if one is named.

    :raises FolderOutside: if it lies elsewhere, also by a link
    """
    inbox = Path(settings.INBOX).resolve()
    folder = (inbox / path).resolve()
    # The folder itself is not resolved: a link in its place leads to what may be another's.
    top = inbox / within
    if not folder.is_relative_to(inbox) or not folder.is_relative_to(top):
        raise FolderOutside("path")
    return folder


class FolderPlace:
    """A folder on this server."""

    def __init__(self, folder: Path) -> None:
        """Make the folder if it is missing: it lies below the inbox."""
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder

    def waiting(self, pattern: str) -> list[Waiting]:
        """List the plain files of this pattern, by name; links are left alone."""
        found = [path for path in self._folder.iterdir() if path.is_file() and not path.is_symlink()]
        return sorted(
            Waiting(path.name, path.stat().st_size, datetime.fromtimestamp(path.stat().st_mtime, UTC))
            for path in found
            if fnmatch(path.name, pattern)
        )

    def fetch(self, name: str, target: Path) -> None:
        """Copy a file to the given path."""
        shutil.copyfile(self._folder / name, target)

    def put(self, source: Path, folder: str, name: str) -> None:
        """Copy a file into a folder beside."""
        (self._folder / folder).mkdir(exist_ok=True)
        shutil.copyfile(source, self._folder / folder / name)

    def move(self, name: str, folder: str, new_name: str) -> None:
        """Move a file into a folder beside."""
        (self._folder / folder).mkdir(exist_ok=True)
        (self._folder / name).replace(self._folder / folder / new_name)


class SftpPlace:
    """A folder over SFTP; the server is known by its public key, given beforehand."""

    def __init__(
        self, run: "Callable[[Coroutine[Any, Any, Any]], Any]", client: "asyncssh.SFTPClient", path: str
    ) -> None:
        """Work in a folder of an open connection."""
        self._run, self._client, self._path = run, client, PurePosixPath(path)

    @classmethod
    @contextmanager
    def connected(cls, source: ImportSource) -> "Iterator[SftpPlace]":
        """Connect, and close the connection at the end."""
        loop = asyncio.new_event_loop()

        def run(work: Coroutine[Any, Any, T]) -> T:
            return loop.run_until_complete(asyncio.wait_for(work, ACT_SECONDS))

        try:
            connection = run(_connect(source))
            try:
                yield cls(run, run(_start_client(connection)), source.path)
            finally:
                connection.close()
                run(connection.wait_closed())
        finally:
            loop.close()

    def waiting(self, pattern: str) -> list[Waiting]:
        """List the plain files of this pattern, by name."""
        return sorted(
            Waiting(
                str(entry.filename),
                entry.attrs.size or 0,
                datetime.fromtimestamp(entry.attrs.mtime or 0, UTC),
            )
            for entry in self._run(self._client.readdir(str(self._path)))
            if entry.attrs.type == asyncssh.FILEXFER_TYPE_REGULAR and fnmatch(str(entry.filename), pattern)
        )

    def fetch(self, name: str, target: Path) -> None:
        """Copy a file to the given path of this server."""
        self._run(self._client.get(str(self._path / name), str(target)))

    def put(self, source: Path, folder: str, name: str) -> None:
        """Copy a file of this server into a folder beside."""
        self._run(self._client.makedirs(str(self._path / folder), exist_ok=True))
        self._run(self._client.put(str(source), str(self._path / folder / name)))

    def move(self, name: str, folder: str, new_name: str) -> None:
        """Move a file into a folder beside."""
        self._run(self._client.makedirs(str(self._path / folder), exist_ok=True))
        self._run(self._client.rename(str(self._path / name), str(self._path / folder / new_name)))


async def _connect(source: ImportSource) -> "asyncssh.SSHClientConnection":
    """Connect with a password, or with a private key where the secret is one; nothing of this server's own is used.

    The connection goes to the address that was judged, and the server is known there by its key.
    """
    address = _judged(source.host, source.port)
    secret = source.secret
    is_key = secret.lstrip().startswith("-----BEGIN")
    known = asyncssh.import_known_hosts(f"[{address}]:{source.port} {source.host_key.strip()}\n")
    return await asyncssh.connect(
        address,
        port=source.port,
        username=source.username,
        password=None if is_key else secret,
        client_keys=[asyncssh.import_private_key(secret)] if is_key else None,
        known_hosts=known,
        agent_path=None,
        config=None,
        connect_timeout=CONNECT_SECONDS,
    )


async def _start_client(connection: "asyncssh.SSHClientConnection") -> "asyncssh.SFTPClient":
    return await connection.start_sftp_client()


def _judged(host: str, port: int) -> str:
    try:
        return judge(host, port, inside=settings.SFTP_NETWORKS)[0]
    except AddressRefused as error:
        if error.code == "address_not_allowed":
            raise ServerInside("host") from error
        raise PlaceUnreachable(reason=error.code) from error
