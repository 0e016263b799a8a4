"""A database beside the one in use: made, dropped, and at the end in its place."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from hearth.ops.backups.database import Connection, connect, list_tables
from hearth.ops.backups.errors import BackupError

MAINTENANCE = "postgres"
RENAME = sql.SQL("ALTER DATABASE {} RENAME TO {}")


@dataclass(frozen=True)
class Beside:
    """The new database, as the owner of the one in use reaches it."""

    url_in_use: str

    @property
    def name_in_use(self) -> str:
        return str(conninfo_to_dict(self.url_in_use)["dbname"])

    @property
    def name(self) -> str:
        return f"{self.name_in_use}_restoring"

    @property
    def url(self) -> str:
        return self._url_of(self.name)

    def create(self) -> None:
        """Make it, empty; what an earlier try left goes.

        :raises BackupError: if the login may not
        """
        self.drop()
        with self._maintenance() as connection:
            try:
                connection.execute(
                    sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(self.name))
                )
            except psycopg.errors.InsufficientPrivilege as error:
                raise BackupError(
                    "The login of DATABASE_URL may not create databases, and a backup is read into a new one. "
                    f"As an administrator: ALTER ROLE {connection.info.user} CREATEDB."
                ) from error

    def drop(self) -> None:
        """Remove it, where it is there."""
        with self._maintenance() as connection:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(self.name))
            )

    def take_place(self, mark: str) -> str | None:
        """Rename both in one transaction; return the new name of the old one, None where it held nothing.

        :raises BackupError: if somebody works with the old one
        """
        aside = f"{self.name_in_use}_before_{mark}".lower()
        with connect(self.url_in_use) as connection:
            was_empty = not list_tables(connection)
        with self._maintenance() as connection:
            self._rename(connection, aside)
            if was_empty:
                connection.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(aside)))
        return None if was_empty else aside

    def _rename(self, connection: Connection, aside: str) -> None:
        old, new = sql.Identifier(self.name_in_use), sql.Identifier(self.name)
        try:
            with connection.transaction():
                connection.execute(RENAME.format(old, sql.Identifier(aside)))
                connection.execute(RENAME.format(new, old))
        except psycopg.errors.ObjectInUse as error:
            raise BackupError(
                "Somebody began to work with this database meanwhile. Stop Hearth, then restore again. "
                "Nothing was changed."
            ) from error

    @contextmanager
    def _maintenance(self) -> Iterator[Connection]:
        with connect(self._url_of(MAINTENANCE)) as connection:
            yield connection

    def _url_of(self, name: str) -> str:
        return urlunsplit(urlsplit(self.url_in_use)._replace(path=f"/{quote(name)}"))
