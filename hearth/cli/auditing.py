"""`hearth audit verify`: does the log of changes still hold?"""

import argparse
import sys
from typing import Any

from hearth.cli.database import CommandRefused, ready

REASONS = {
    "block_missing": "a block is missing before it",
    "signature": "its signature does not fit: the seal was written by somebody else",
    "entries_missing": "entries of it are missing",
    "entries_added": "entries were added to it",
    "entries_changed": "entries of it were changed",
    "values_changed": "values of its entries were changed",
    "head_missing": "the chain ends before the digest that was noted",
}


def add_commands(commands: Any) -> None:
    audit = commands.add_parser("audit", help="look after the log of changes")
    acts = audit.add_subparsers(dest="act", required=True, metavar="ACT")
    verify = acts.add_parser("verify", help="compute the chain of the log anew and compare")
    verify.add_argument(
        "--head",
        default="",
        metavar="DIGEST",
        help="a digest that was noted earlier and must be in the chain",
    )
    verify.set_defaults(run=run_verify)


def run_verify(chosen: argparse.Namespace) -> int:
    """Print what the chain holds; refuse with the first block that does not."""
    with ready():
        from hearth.audit.sealing import verify  # noqa: PLC0415  (needs Django started)

        verdict = verify(expected_head=chosen.head.lower())
    if verdict.broken is not None:
        message = f"The audit log was touched: block {verdict.broken}: {REASONS[verdict.reason]}."
        raise CommandRefused(message)
    sys.stdout.write(
        f"The audit log holds: {verdict.entries:,} entries in {verdict.blocks:,} blocks,"
        f" {verdict.waiting:,} not yet closed.\nHead: {verdict.head or 'none'}\n"
    )
    return 0
