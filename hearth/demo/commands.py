"""`hearth demo load | clear | status | accounts`: exit code 0 when done, 1 when refused, 2 for wrong words."""

import argparse
import json
import sys
from collections.abc import Callable
from datetime import date

DONE, REFUSED = 0, 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the words of the command; needs no database."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    load = acts.add_parser("load", help="invent a city and write it")
    load.add_argument("--households", type=int, default=2_000, help="size (default %(default)s)")
    load.add_argument("--seed", type=int, default=None, help="another seed makes another city")
    load.add_argument("--today", type=date.fromisoformat, default=None, help="the last day of its history")
    load.add_argument("--force", action="store_true", help="load beside real customers")
    load.add_argument("--if-new", action="store_true", help="do nothing where there are customers already")
    acts.add_parser("clear", help="remove what real rows do not need")
    status = acts.add_parser("status", help="tell what is loaded")
    status.add_argument("--json", action="store_true", help="with the planted truths, for programs")
    acts.add_parser("accounts", help="print the demo accounts and their password")


def run(arguments: argparse.Namespace) -> int:
    """Do what the words say, with Django started, and return the exit code."""
    from hearth.core.errors import DomainError  # noqa: PLC0415  (Django starts after the words are read)

    acts: dict[str, Callable[[argparse.Namespace], int]] = {
        "load": _load,
        "clear": _clear,
        "status": _status,
        "accounts": _accounts,
    }
    try:
        return acts[arguments.act](arguments)
    except DomainError as error:
        sys.stderr.write(f"{error}\n")
        return REFUSED


def _load(arguments: argparse.Namespace) -> int:
    from django.utils import timezone  # noqa: PLC0415

    from hearth.core.actor import Actor  # noqa: PLC0415
    from hearth.demo.sequel import start_analysis  # noqa: PLC0415
    from hearth.demo.services import DEFAULT_SEED, has_customers, load_demo  # noqa: PLC0415

    if arguments.if_new and has_customers():
        return DONE
    actor, now = Actor.system("demo"), timezone.now()
    truth = load_demo(
        arguments.households,
        seed=DEFAULT_SEED if arguments.seed is None else arguments.seed,
        today=arguments.today or timezone.localdate(now),
        actor=actor,
        now=now,
        progress=_print_progress,
        is_forced=arguments.force,
    )
    start_analysis(actor=actor, now=now)
    _say(", ".join(f"{number:,} {name}" for name, number in truth.counts.items()))
    return DONE


def _print_progress(done: int, total: int, stage: str) -> None:
    _say(f"{done}/{total} {stage}")


def _clear(arguments: argparse.Namespace) -> int:
    from django.utils import timezone  # noqa: PLC0415

    from hearth.core.actor import Actor  # noqa: PLC0415
    from hearth.demo.services import clear_demo  # noqa: PLC0415
    from hearth.demo.wording import kind_name  # noqa: PLC0415

    removal = clear_demo(actor=Actor.system("demo"), now=timezone.now())
    _say(f"{sum(removal.removed.values()):,} sample rows removed")
    for kept in removal.kept:
        _say(f"kept {kept.count:,} {kind_name(kept.kind)}: needed by {kind_name(kept.because)}")
    return DONE


def _status(arguments: argparse.Namespace) -> int:
    from hearth.demo.services import demo_status  # noqa: PLC0415

    status = demo_status()
    if arguments.json:
        _say(json.dumps({"counts": status.counts, "truth": status.truth}, ensure_ascii=False, indent=1))
    elif not status.is_loaded:
        _say("No sample data are loaded.")
    else:
        for kind, number in status.counts.items():
            _say(f"{number:>10,} {kind}")
    return DONE


def _accounts(arguments: argparse.Namespace) -> int:
    from hearth.demo.loading.accounts import demo_password  # noqa: PLC0415
    from hearth.demo.services import list_demo_accounts  # noqa: PLC0415

    accounts = list_demo_accounts()
    if not accounts:
        return DONE
    _say(f"Demo accounts, all with the password {demo_password()}")
    for user in accounts:
        _say(f"  {user.username:<28} {user.display_name}")
    return DONE


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
