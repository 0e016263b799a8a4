"""`hearth manage`: Django's own commands, for developers."""

import os
from collections.abc import Sequence
from typing import Any

from django.core.management import execute_from_command_line

from hearth.cli.database import database, environment_of


def add_commands(commands: Any) -> None:
    commands.add_parser("manage", help="run one of Django's commands")


def run_manage(words: Sequence[str]) -> int:
    """Hand the rest of the line to Django, as the owner."""
    if words[:1] in (["collectstatic"], ["help"]):
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hearth.config.settings")
        execute_from_command_line(["hearth manage", *words])
        return 0
    with database() as opened:
        os.environ.update(environment_of(opened, as_application=False))
        execute_from_command_line(["hearth manage", *words])
    return 0
