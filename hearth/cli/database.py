"""Opening the database for a command, and Django on top of it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import django

from hearth.config.environment import ROOT, folder
from hearth.ops.stack import Database, open_database


class CommandRefused(Exception):
    """The command cannot go on; the message says what to do."""


@contextmanager
def database() -> Iterator[Database]:
    """Give the installation's database: the one `DATABASE_URL` names, else the embedded one under `var/`."""
    with open_database(folder("HEARTH_VAR", ROOT / "var") / "postgres", os.environ) as opened:
        yield opened


def environment_of(opened: Database, *, as_application: bool) -> dict[str, str]:
    """Return the variables a process of ours needs to work on a database, in one of its two roles.

    An external database without a login for the application is entered by its owner, who then assumes the
    application's role.
    """
    has_login = opened.server is not None or bool(os.environ.get("DATABASE_APP_URL"))
    return {
        "DATABASE_URL": opened.owner_url,
        "DATABASE_APP_URL": opened.app_url if has_login else "",
        "HEARTH_AS_APPLICATION": "1" if as_application else "0",
        "DJANGO_SETTINGS_MODULE": "hearth.config.settings",
    }


@contextmanager
def at_work() -> Iterator[Database]:
    """Start Django in this process in the application's role, for a command that works on the rows of all places."""
    with ready(as_application=True) as opened:
        from hearth.core.attribution import this_process_acts  # noqa: PLC0415  (needs Django started)

        this_process_acts("command")
        yield opened


@contextmanager
def ready(*, as_application: bool = False) -> Iterator[Database]:
    """Open the database and start Django in this process."""
    with database() as opened:
        os.environ.update(environment_of(opened, as_application=as_application))
        django.setup()
        yield opened
