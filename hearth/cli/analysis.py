"""`hearth snapshot`, `hearth duplicates` and `hearth bench`."""

import argparse
import sys
from pathlib import Path
from typing import Any

from hearth.cli.database import CommandRefused, at_work, database

CUSTOMERS, EVENTS = 1_000_000, 10_000_000
BENCH_GROUPS = ("audit", "fence", "loop", "record", "rotation")
# Benchmarks of their own: no measures of the others.
OPENING_DAY, RADAR, CASES = "opening-day", "radar", "cases"


def add_commands(commands: Any) -> None:
    snapshot = commands.add_parser("snapshot", help="copy the registered tables to the warehouse")
    snapshot.add_argument("--full", action="store_true", help="write growing tables anew")
    snapshot.set_defaults(run=run_snapshot)
    duplicates = commands.add_parser("duplicates", help="look for records that may be one customer")
    duplicates.add_argument("--whole", action="store_true", help="compare everybody anew, not only changes")
    duplicates.set_defaults(run=run_duplicates)
    bench = commands.add_parser("bench", help="measure speed and memory on a large data set of its own")
    bench.add_argument(
        "group",
        nargs="?",
        choices=(*BENCH_GROUPS, OPENING_DAY, RADAR, CASES),
        help="a group of measures (default all)",
    )
    bench.add_argument("--customers", type=int, default=CUSTOMERS, help="size (default %(default)s)")
    bench.add_argument("--events", type=int, default=EVENTS, help="size (default %(default)s)")
    bench.add_argument(
        "--database", default="hearth_bench", help="name beside the real one (default %(default)s)"
    )
    bench.add_argument("--rebuild", action="store_true", help="drop that database and fill it anew")
    bench.add_argument("--clients", type=_numbers, help="for example 1,8 (default; opening-day: 500)")
    bench.add_argument(
        "--seconds", type=float, help="how long each page is asked for (default 10; opening-day: 300)"
    )
    bench.add_argument(
        "--units", type=int, default=2_000, help="homes of an opening day (default %(default)s)"
    )
    bench.add_argument("--cases", type=int, default=1_000_000, help="how many cases (default %(default)s)")
    bench.add_argument(
        "--only", nargs="+", default=[], metavar="NAME", help="measures with these words in their names"
    )
    bench.add_argument("--json", type=Path, metavar="FILE", help="write the report there as well")
    bench.set_defaults(run=run_bench)


def _numbers(text: str) -> list[int]:
    return [int(part) for part in text.split(",")]


def run_snapshot(chosen: argparse.Namespace) -> int:
    """Take a snapshot in this process and tell the rows of each table."""
    with at_work():
        from django.utils import timezone  # noqa: PLC0415  (needs Django started)

        from hearth.core.actor import Actor  # noqa: PLC0415
        from hearth.core.errors import DomainError  # noqa: PLC0415
        from hearth.warehouse.services import take_snapshot  # noqa: PLC0415

        try:
            taken = take_snapshot(actor=Actor.system("command"), now=timezone.now(), is_full=chosen.full)
        except DomainError as error:
            raise CommandRefused(str(error)) from error
        for table, rows in taken.tables.items():
            sys.stdout.write(f"{table:<24} {rows:>12,}\n")
        sys.stdout.write(f"{taken.id}: {taken.rows:,} rows in {taken.seconds:.1f} s\n")
    return 0


def run_duplicates(chosen: argparse.Namespace) -> int:
    """Look for duplicates in this process and tell what was found; people judge it on the pages."""
    with at_work():
        from django.utils import timezone  # noqa: PLC0415  (needs Django started)

        from hearth.core.actor import Actor  # noqa: PLC0415
        from hearth.core.errors import DomainError  # noqa: PLC0415
        from hearth.insight.services import find_duplicates  # noqa: PLC0415

        try:
            done = find_duplicates(actor=Actor.system("command"), now=timezone.now(), is_whole=chosen.whole)
        except DomainError as error:
            raise CommandRefused(str(error)) from error
        asked = "all" if done.is_whole else f"{done.fresh:,} changed"
        sys.stdout.write(
            f"{done.records:,} records ({asked}), {done.compared:,} pairs compared in {done.seconds:.1f} s\n"
            f"{done.found:,} likely pairs, {done.new:,} of them new; "
            f"{done.groups:,} people recorded more than once\n"
        )
    return 0


def run_bench(chosen: argparse.Namespace) -> int:
    """Measure, print the table, and return 1 if a measure failed; a missed aim is a finding, not a failure."""
    if chosen.group == OPENING_DAY:
        return _run_opening_day(chosen)
    if chosen.group == CASES:
        return _run_cases(chosen)
    if chosen.group == RADAR:
        from benchmarks.radar import run_radar  # noqa: PLC0415

        return run_radar(chosen.json)
    from benchmarks.groups import GROUPS  # noqa: PLC0415  (not part of what serves)
    from benchmarks.run import Options, run_benchmark  # noqa: PLC0415

    options = Options(
        customers=chosen.customers,
        events=chosen.events,
        database=chosen.database,
        clients=chosen.clients or [1, 8],
        seconds=chosen.seconds or 10,
        only=[*GROUPS.get(chosen.group, ()), *chosen.only],
        json_path=chosen.json,
        is_new=chosen.rebuild,
    )
    with database() as opened:
        return run_benchmark(opened, options)


def _run_cases(chosen: argparse.Namespace) -> int:
    from benchmarks.cases import CaseOptions, run_cases  # noqa: PLC0415  (not part of what serves)

    options = CaseOptions(
        database=f"{chosen.database}_cases",
        cases=chosen.cases,
        is_new=chosen.rebuild,
        json_path=chosen.json,
    )
    with database() as opened:
        return run_cases(opened, options)


def _run_opening_day(chosen: argparse.Namespace) -> int:
    from benchmarks.opening_day import OpeningOptions, run_opening_day  # noqa: PLC0415

    options = OpeningOptions(
        clients=(chosen.clients or [500])[0],
        units=chosen.units,
        seconds=chosen.seconds or 300,
        database=f"{chosen.database}_opening",
        is_new=chosen.rebuild,
    )
    with database() as opened:
        return run_opening_day(opened, options)
