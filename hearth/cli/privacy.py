"""`hearth privacy drill`: does an erasure leave nothing behind?"""

import argparse
import sys
from typing import Any

from hearth.cli.database import CommandRefused, ready


def add_commands(commands: Any) -> None:
    privacy = commands.add_parser("privacy", help="prove that personal data go when they must")
    acts = privacy.add_subparsers(dest="act", required=True, metavar="ACT")
    drill = acts.add_parser(
        "drill", help="invent a person in every app, give their data out, erase them, look for traces"
    )
    drill.set_defaults(run=run_drill)


def run_drill(chosen: argparse.Namespace) -> int:
    """Print what was done and found; refuse where something is left. Nothing of it stays in the installation."""
    with ready(as_application=True):
        from hearth.core.crypto import KeyRingMissing  # noqa: PLC0415  (needs Django started)
        from hearth.core.errors import DomainError  # noqa: PLC0415
        from hearth.demo.drill import drill  # noqa: PLC0415

        try:
            found = drill()
        except DomainError as refusal:
            raise CommandRefused(f"The drill could not be held: {refusal}") from refusal
        except KeyRingMissing as missing:
            raise CommandRefused(f"The keys are not there: {missing}. Start Hearth once before.") from missing
    sys.stdout.write("\n".join(found.lines()) + "\n")
    if not found.is_passed:
        raise CommandRefused("The drill failed: the person can still be found.")
    return 0
