"""The `hearth` command: every piece of work an operator does, with exit codes a script can use.

0: done. 1: refused or failed, with the reason on the last line. 2: the words of the call are wrong.
"""

import argparse
import sys
from collections.abc import Sequence

from hearth.cli import analysis, auditing, backup, content, keys, manage, privacy, serve
from hearth.cli.database import CommandRefused
from hearth.ops.postgres import PostgresError

FAILED = 1


def build_parser() -> argparse.ArgumentParser:
    """Return the parser with every command."""
    parser = argparse.ArgumentParser(prog="hearth", description="Hearth: customer relations of a developer.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for module in (serve, content, analysis, backup, auditing, keys, privacy, manage):
        module.add_commands(commands)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    # These read their words themselves, options included, once Django has started.
    own = {"import": content.run_import, "export": content.run_export, "manage": manage.run_manage}
    try:
        if words and words[0] in own:
            return own[words[0]](words[1:])
        chosen = build_parser().parse_args(words)
        return int(chosen.run(chosen))
    except (CommandRefused, PostgresError) as error:
        sys.stderr.write(f"{error}\n")
        return FAILED
    except KeyboardInterrupt:
        return 130
