"""The database a command works with, and the processes that make up the running application."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from hearth.ops.postgres import EmbeddedServer, PostgresError
from hearth.ops.supervisor import Command, Supervisor

EMBEDDED = "embedded:"
EXTERNAL = ("postgres://", "postgresql://")


@dataclass(frozen=True)
class Database:
    """Where the database answers to its two logins, and the server if it is our own."""

    owner_url: str
    app_url: str
    server: EmbeddedServer | None = None

    @property
    def environment(self) -> dict[str, str]:
        return {"DATABASE_URL": self.owner_url, "DATABASE_APP_URL": self.app_url}


@contextmanager
def open_database(
    folder: Path, environ: Mapping[str, str], *, settings: Mapping[str, str] | None = None
) -> Iterator[Database]:
    """Give the database that the environment names, and use its own server meanwhile.

    `DATABASE_URL` unset: a server of our own in `folder`; `embedded:PATH`: one in that path;
    `postgres://…`: that server, with `DATABASE_APP_URL` for the login that serves.

    :raises PostgresError: if the server does not come up or the address is none
    """
    url = environ.get("DATABASE_URL", "")
    if url.startswith(EXTERNAL):
        yield Database(url, environ.get("DATABASE_APP_URL") or url)
        return
    if url and not url.startswith(EMBEDDED):
        raise PostgresError("DATABASE_URL must begin with postgres:// or embedded:, or be left unset.")
    path = Path(url.removeprefix(EMBEDDED)) if url else folder
    with EmbeddedServer(path, settings) as server:
        yield Database(server.url("owner"), server.url("app"), server)


def run_stack(commands: Sequence[Command], database: Database) -> int:
    """Run the commands on the database until a signal or a failure ends them; return the exit code.

    Call inside `open_database`, after migrations. Must run in the main thread, which gets the signals.
    """
    return Supervisor(commands, server=database.server).run()
