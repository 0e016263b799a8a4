"""`hearth keys`: which keys seal personal data, and changing them while people work."""

import argparse
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from hearth.cli.database import CommandRefused, ready


def add_commands(commands: Any) -> None:
    keys = commands.add_parser("keys", help="look after the keys of personal data")
    acts = keys.add_subparsers(dest="act", required=True, metavar="ACT")
    status = acts.add_parser("status", help="say which keys there are and how many values each has sealed")
    status.set_defaults(run=run_status)
    rotate = acts.add_parser(
        "rotate",
        help="make a new key and bring everything under it; may be interrupted, and goes on when called again",
    )
    rotate.add_argument("--index", action="store_true", help="change the key of the search indexes instead")
    rotate.set_defaults(run=run_rotate)
    retire = acts.add_parser("retire", help="take a key away that has no values left; refused while it has")
    retire.add_argument("number", type=int, metavar="NUMBER", help="the key's number, as status tells it")
    retire.add_argument("--index", action="store_true", help="it is a key of the search indexes")
    retire.set_defaults(run=run_retire)


@contextmanager
def _as_owner() -> Iterator[None]:
    """Open the database as its owner: the log of changes takes from nobody else that a seal says the same."""
    with ready():
        from hearth.core.attribution import attributed_to_system  # noqa: PLC0415  (needs Django started)
        from hearth.core.crypto import KeyRingMissing  # noqa: PLC0415

        try:
            with attributed_to_system("command"):
                yield
        except KeyRingMissing as missing:
            raise CommandRefused(
                f"There are no keys at {missing}. Start Hearth once, or put the file back."
            ) from missing


def run_status(chosen: argparse.Namespace) -> int:
    """Print each key with what it has sealed, column by column."""
    with _as_owner():
        from hearth.core.crypto import key_ring  # noqa: PLC0415  (needs Django started)
        from hearth.core.resealing import keys_in_use, moved_under  # noqa: PLC0415

        ring, in_use = key_ring(), keys_in_use()
        for number in sorted({*ring.keys, *(key for counted in in_use.values() for key in counted)}):
            total = sum(counted[number] for counted in in_use.values())
            sys.stdout.write(f"Key {number}: {_state(ring, number)}, {total:,} values\n")
            for place, counted in sorted(in_use.items()):
                if counted[number]:
                    sys.stdout.write(f"  {place}: {counted[number]:,}\n")
        if moved_under(ring.current) is False:
            sys.stdout.write("A change of keys is under way. Go on with hearth keys rotate.\n")
        _tell_indexes(ring)
    return 0


def _tell_indexes(ring: Any) -> None:
    from hearth.core.crypto import serving_index_key  # noqa: PLC0415  (needs Django started)
    from hearth.core.reindexing import indexes_in_use, is_under_way  # noqa: PLC0415

    in_use, serving = indexes_in_use(), serving_index_key()
    for number in sorted({*ring.index_keys, serving}):
        total = sum(counted[number] for counted in in_use.values())
        found = (
            "finds" if number == serving else "is to be the next" if number == ring.index_next else "former"
        )
        state = found if number in ring.index_keys else "MISSING"
        sys.stdout.write(f"Index key {number}: {state}, {total:,} indexes\n")
        for place, counted in sorted(in_use.items()):
            if counted[number]:
                sys.stdout.write(f"  {place}: {counted[number]:,}\n")
    if is_under_way():
        sys.stdout.write("A change of the index key is under way. Go on with hearth keys rotate --index.\n")


def _state(ring: Any, number: int) -> str:
    if number not in ring.keys:
        return "MISSING"
    if number == ring.current:
        return "seals"
    return "reads" if number < ring.current else "made, does not seal yet"


def run_rotate(chosen: argparse.Namespace) -> int:
    """Bring everything under a new key; refuse with the first value that does not open."""
    begun = time.monotonic()
    with _as_owner():
        from hearth.core.crypto import key_ring  # noqa: PLC0415  (needs Django started)
        from hearth.core.reindexing import reindex  # noqa: PLC0415
        from hearth.core.resealing import CannotReseal, rotate  # noqa: PLC0415

        change = reindex if chosen.index else rotate
        try:
            moved = change(say=_say, wait=time.sleep)
        except CannotReseal as error:
            raise CommandRefused(str(error)) from error
        seconds, ring = time.monotonic() - begun, key_ring()
        key = f"index key {ring.index_number}" if chosen.index else f"key {ring.current}"
        sys.stdout.write(f"All is under {key}: {moved:,} rows in {seconds:.0f} s.\n")
        sys.stdout.write(
            "Export the keys now: hearth backup --keys FILE. Backups need the keys of their day.\n"
        )
    return 0


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def run_retire(chosen: argparse.Namespace) -> int:
    """Take a key out of the file; refuse while a value stands under it."""
    with _as_owner():
        from hearth.core.reindexing import retire_index_key  # noqa: PLC0415  (needs Django started)
        from hearth.core.resealing import CannotReseal, StillNeeded, retire  # noqa: PLC0415

        drop = retire_index_key if chosen.index else retire
        try:
            drop(chosen.number)
        except CannotReseal as error:
            raise CommandRefused(str(error)) from error
        except StillNeeded as needed:
            raise CommandRefused(f"Key {chosen.number} is still needed:\n{needed}") from needed
    sys.stdout.write(f"Key {chosen.number} is gone. Backups made before need the keys exported with them.\n")
    return 0
