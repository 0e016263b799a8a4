"""`hearth audit verify`: do the log of changes and the log of reads still hold?"""

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

READS = {
    "changed": "a read was changed",
    "removed": "reads are missing",
    "added": "reads were added",
    "seal": "its seal is missing, or was made by nobody whom the log of changes knows",
}
MOST_HOURS = 20


def add_commands(commands: Any) -> None:
    audit = commands.add_parser("audit", help="look after the log of changes")
    acts = audit.add_subparsers(dest="act", required=True, metavar="ACT")
    verify = acts.add_parser(
        "verify", help="compute the chain of the log and the seals of reads anew and compare"
    )
    verify.add_argument(
        "--head",
        default="",
        metavar="DIGEST",
        help="a digest that was noted earlier and must be in the chain",
    )
    verify.set_defaults(run=run_verify)


def run_verify(chosen: argparse.Namespace) -> int:
    """Print what the chain and the seals of reads hold; refuse with the first block or the hours that do not."""
    with ready():
        from django.utils import timezone  # noqa: PLC0415  (needs Django started)

        from hearth.audit.sealing import verify  # noqa: PLC0415
        from hearth.vigilance.services import verify_reads  # noqa: PLC0415

        verdict, reads = verify(expected_head=chosen.head.lower()), verify_reads(now=timezone.now())
    if verdict.broken is not None:
        message = f"The audit log was touched: block {verdict.broken}: {REASONS[verdict.reason]}."
        raise CommandRefused(message)
    sys.stdout.write(
        f"The audit log holds: {verdict.entries:,} entries in {verdict.blocks:,} blocks,"
        f" {verdict.waiting:,} not yet closed.\nHead: {verdict.head or 'none'}\n"
    )
    return _tell_reads(reads)


def _tell_reads(reads: Any) -> int:
    if reads.faults:
        hours = "\n".join(
            f"  {fault.hour:%Y-%m-%d %H:00} UTC: {READS[fault.code]} ({fault.sealed:,} sealed, {fault.found:,} found)"
            for fault in reads.faults[:MOST_HOURS]
        )
        raise CommandRefused(f"The log of reads was touched in {len(reads.faults):,} hours:\n{hours}")
    sys.stdout.write(f"The log of reads holds: {reads.reads:,} reads in {reads.hours:,} hours.\n")
    if reads.late:
        sys.stdout.write(f"{reads.late:,} of them came after their hour was sealed.\n")
    if reads.forgotten:
        sys.stdout.write(
            f"{reads.forgotten:,} hours are older than reads are kept: their seals remain, their reads are gone.\n"
        )
    return 0
