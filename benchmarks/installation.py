"""The benchmark's own installation: a database beside the real one, with keys and files of its own."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from psycopg import sql

from hearth.cli.database import CommandRefused, environment_of
from hearth.config.environment import ROOT, folder
from hearth.ops.stack import Database

# The bench asks as often as it can; the limit for programs would be what is measured.
WITHOUT_LIMIT = {"HEARTH_API_REQUESTS_PER_MINUTE": "100000000"}


def beside(url: str, name: str) -> str:
    """Return the address of another database of the same server."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{quote(name)}"))


class Installation:
    """One database for one size of the data set."""

    def __init__(self, opened: Database, name: str) -> None:
        self.name = name
        self.home_url = opened.owner_url
        self.database = replace(
            opened, owner_url=beside(opened.owner_url, name), app_url=beside(opened.app_url, name)
        )
        self.folder: Path = folder("HEARTH_VAR", ROOT / "var") / "bench" / name

    @property
    def owner_url(self) -> str:
        return self.database.owner_url

    def environment(self, *, as_application: bool) -> dict[str, str]:
        """Return the variables a process needs to work on this installation."""
        chosen = environment_of(self.database, as_application=as_application)
        own = {"HEARTH_VAR": str(self.folder), "HEARTH_WAREHOUSE": str(self.folder / "warehouse")}
        return {**chosen, **own, **WITHOUT_LIMIT, "HEARTH_KEY_RING": str(self.folder / "keys.json")}

    def prepare(self, customers: int, events: int, *, is_new: bool) -> None:
        """Make, migrate and fill the database, as far as that is not done.

        :raises CommandRefused: if a step fails, or the database holds another size
        """
        self._create(is_new=is_new)
        self.run_as_owner("-m", "hearth", "migrate")
        self.run_as_owner("-m", "benchmarks.build", str(customers), str(events))

    def make_ready(self, *, is_new: bool) -> None:
        """Make and migrate the database, as far as that is not done; rows are left as they are.

        :raises CommandRefused: if a step fails
        """
        self._create(is_new=is_new)
        self.run_as_owner("-m", "hearth", "migrate")

    def _create(self, *, is_new: bool) -> None:
        name = sql.Identifier(self.name)
        with psycopg.connect(self.home_url, autocommit=True) as connection:
            if is_new:
                connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [self.name])
            if not found.fetchone():
                connection.execute(sql.SQL("CREATE DATABASE {}").format(name))

    def run_as_owner(self, *words: str) -> None:
        """Run Python in a process of its own that owns the database.

        :raises CommandRefused: if it fails
        """
        environment = {**os.environ, **self.environment(as_application=False)}
        code = subprocess.run([sys.executable, *words], env=environment, cwd=ROOT, check=False).returncode
        if code:
            message = f"{' '.join(words)} ended with code {code}."
            raise CommandRefused(message)
