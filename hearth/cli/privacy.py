"""`hearth privacy`: does an erasure leave nothing behind, does the access log name whom a breach touched?"""

import argparse
import sys
from typing import Any

from hearth.cli.database import CommandRefused, at_work


def add_commands(commands: Any) -> None:
    privacy = commands.add_parser("privacy", help="prove that personal data go when they must")
    acts = privacy.add_subparsers(dest="act", required=True, metavar="ACT")
    drill = acts.add_parser(
        "drill", help="invent a person in every app, give their data out, erase them, look for traces"
    )
    drill.set_defaults(run=run_drill)
    breach = acts.add_parser(
        "breach-drill", help="invent an account that reads and takes customers; the access log must name them"
    )
    breach.set_defaults(run=run_breach_drill)
    repeat = acts.add_parser("repeat", help="erase again whom a backup that was read in brought back")
    repeat.set_defaults(run=run_repeat)


def run_drill(chosen: argparse.Namespace) -> int:
    """Print what was done and found; refuse where something is left. Nothing of it stays in the installation."""
    with at_work():
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


def run_breach_drill(chosen: argparse.Namespace) -> int:
    """Print whom the log names and whom it must name; refuse where that differs. Nothing of it stays."""
    with at_work():
        from hearth.core.errors import DomainError  # noqa: PLC0415  (needs Django started)
        from hearth.demo.breach_drill import breach_drill  # noqa: PLC0415

        try:
            found = breach_drill()
        except DomainError as refusal:
            raise CommandRefused(f"The drill could not be held: {refusal}") from refusal
    sys.stdout.write("\n".join(found.lines()) + "\n")
    if not found.is_passed:
        raise CommandRefused("The drill failed: the list is not what was seen and taken.")
    return 0


def run_repeat(chosen: argparse.Namespace) -> int:
    """Erase again whom a backup brought back, and say how many that were; refuse where one has to wait."""
    with at_work():
        from django.utils import timezone  # noqa: PLC0415  (needs Django started)

        from hearth.core.actor import Actor  # noqa: PLC0415
        from hearth.core.attribution import attributed_to_system  # noqa: PLC0415
        from hearth.privacy.journal import returned_records  # noqa: PLC0415
        from hearth.privacy.services import repeat_erasures  # noqa: PLC0415

        with attributed_to_system("command"):
            number = repeat_erasures(actor=Actor.system("privacy"), now=timezone.now())
        left = len(returned_records())
    sys.stdout.write(f"Erased again: {number}.\n")
    if left:
        raise CommandRefused(
            f"{left} wait for an import, an export, a snapshot or a message. Repeat it later."
        )
    return 0
