"""`hearth demo`, `hearth import`, `hearth export`, `hearth exports`, `hearth first-account`,
`hearth emergency-account` and `hearth check`."""

import argparse
import os
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import django

from hearth.cli.database import at_work
from hearth.demo import commands as demo_commands


def add_commands(commands: Any) -> None:
    demo = commands.add_parser("demo", help="load, describe or remove the sample city")
    demo_commands.add_arguments(demo)
    demo.set_defaults(run=run_demo)
    commands.add_parser("import", help="bring a file in: hearth import KIND FILE")
    commands.add_parser("export", help="write a list to a file: hearth export KIND FILE --as USERNAME")
    exports = commands.add_parser("exports", help="look after files that went out")
    acts = exports.add_subparsers(dest="act", required=True)
    trace = acts.add_parser("trace", help="say which export a file or a fragment of one comes from")
    trace.add_argument("file", metavar="FILE", type=Path)
    exports.set_defaults(run=run_trace)
    first = commands.add_parser("first-account", help="make the account that opens an empty installation")
    first.add_argument("--if-new", action="store_true", help="do nothing where there are accounts already")
    first.set_defaults(run=run_first_account)
    emergency = commands.add_parser(
        "emergency-account", help="the sealed account that opens everything for an hour"
    )
    acts = emergency.add_subparsers(dest="act", required=True, metavar="ACT")
    acts.add_parser("make", help="make it, or seal it again; prints the password once").set_defaults(
        run=run_emergency_account
    )
    acts.add_parser("status", help="say whether there is one, and whether it is sealed").set_defaults(
        run=run_emergency_account
    )
    check = commands.add_parser("check", help="check the records: is everything in somebody's hands?")
    check.add_argument("subject", choices=["ownership"])
    check.set_defaults(run=run_check)


def run_demo(chosen: argparse.Namespace) -> int:
    """Work on the demo, as the application's role."""
    with at_work():
        return demo_commands.run(chosen)


def run_trace(chosen: argparse.Namespace) -> int:
    """Find the export that a file comes from, as the application's role."""
    with at_work():
        from hearth.exports.commands import trace  # noqa: PLC0415  (needs Django started)

        return trace(chosen.file)


def run_emergency_account(chosen: argparse.Namespace) -> int:
    """Seal the account for an emergency, or say how it stands."""
    with at_work():
        from hearth.core.attribution import attributed_to_system  # noqa: PLC0415  (needs Django started)
        from hearth.vigilance.commands import make_emergency_account, show_emergency_account  # noqa: PLC0415

        with attributed_to_system("command"):
            return make_emergency_account() if chosen.act == "make" else show_emergency_account()


def run_first_account(chosen: argparse.Namespace) -> int:
    """Make the first account, as the application's role."""
    with at_work():
        from hearth.organization.commands import first_account  # noqa: PLC0415  (needs Django started)

        return first_account(is_new_only=chosen.if_new)


def run_check(chosen: argparse.Namespace) -> int:
    """Look, as the application's role, whether anything open has nobody in charge."""
    with at_work():
        from hearth.books.commands import check_ownership  # noqa: PLC0415  (needs Django started)

        return check_ownership()


def run_import(words: Sequence[str]) -> int:
    """Read the words with the kinds the apps registered, then bring the file in."""
    return _run_own("import", "Bring a file in.", words)


def run_export(words: Sequence[str]) -> int:
    """Read the words with the lists the apps registered, then write the file."""
    return _run_own("export", "Write a list to a file.", words)


def _run_own(name: str, description: str, words: Sequence[str]) -> int:
    """Run the command of an app: its words are known once Django has started."""

    def read() -> argparse.Namespace:
        parser = argparse.ArgumentParser(prog=f"hearth {name}", description=description)
        commands().add_arguments(parser)
        return parser.parse_args(words or ["--help"])

    def commands() -> Any:
        return import_module(f"hearth.{name}s.commands")

    if not words or {"-h", "--help"} & set(words):
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hearth.config.settings")
        django.setup()
        read()
        return 0
    with at_work():
        return int(commands().run(read()))
