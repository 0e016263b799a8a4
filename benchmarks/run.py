"""A whole run: prepare, measure pages and work, tell."""

import json
import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import django
import psycopg

from benchmarks.installation import Installation
from benchmarks.load import Act, Client, Times, ask
from benchmarks.results import Result, as_json, as_table, page_result, work_result
from hearth.ops.stack import Database


@dataclass(frozen=True)
class Options:
    """What a run was asked for; no names mean everything."""

    customers: int
    events: int
    database: str
    clients: Sequence[int]
    seconds: float
    only: Sequence[str]
    json_path: Path | None
    is_new: bool

    def wants(self, name: str) -> bool:
        return not self.only or any(part in name for part in self.only)


@dataclass
class Report:
    """What a run found out so far."""

    results: list[Result] = field(default_factory=list)
    memory: dict[str, float] = field(default_factory=dict)
    notes: dict[str, object] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)

    def attempt(self, name: str, measure: Callable[[], Result]) -> None:
        """Take one measure; a failure is told and the run goes on."""
        try:
            result = measure()
        except Exception as error:  # noqa: BLE001  (the other measures are still worth their time)
            self.failures.append(f"{name}: {type(error).__name__}: {error}"[:500])
            traceback.print_exc()
        else:
            self.results.append(result)
            sys.stderr.write(f"{name}: {result.p50:,.1f} ms\n")


def run_benchmark(opened: Database, options: Options) -> int:
    """Prepare the installation, measure, print the table; 1 when a measure failed, whatever the aims say."""
    # A bench that is told to end takes its web and its worker with it.
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(1))
    installation = Installation(opened, options.database)
    installation.prepare(options.customers, options.events, is_new=options.is_new)
    os.environ.update(installation.environment(as_application=True))
    django.setup()
    from hearth.core.attribution import this_process_acts  # noqa: PLC0415  (needs Django started)

    this_process_acts("bench")
    from benchmarks.machine import machine_facts  # noqa: PLC0415
    from benchmarks.works import tidy  # noqa: PLC0415  (needs Django started)

    report = Report()
    with psycopg.connect(installation.owner_url, autocommit=True) as owner:
        tidy(owner, installation.folder)
        facts = machine_facts(owner)
        try:
            _measure_pages(installation, options, report)
            _measure_fence(installation, owner, options, report)
            _measure_works(installation, owner, options, report)
        finally:
            tidy(owner, installation.folder)
    _tell(options, report, facts)
    return 1 if report.failures else 0


def _measure_pages(installation: Installation, options: Options, report: Report) -> None:
    from benchmarks.pages import PAGES, Page  # noqa: PLC0415  (needs Django started)
    from benchmarks.readers import Reader, make_readers  # noqa: PLC0415
    from benchmarks.serving import browser, serving, work_a_little  # noqa: PLC0415

    def measure(page: Page, reader: Reader, clients: int) -> Result:
        times = ask(browser(served, page, reader), clients=clients, seconds=options.seconds)
        floor = ask(_floor(installation, page, reader), clients=clients, seconds=options.seconds / 2)
        return page_result(
            f"{page.name} ({reader.name})",
            times,
            floor,
            clients=clients,
            queries=_count_queries(page, reader),
            most=page.p95,
        )

    if not any(options.wants(name) for name in [*(page.name for page in PAGES), "memory"]):
        return
    readers = make_readers()
    with serving(installation) as served:
        for page in (page for page in PAGES if options.wants(page.name)):
            for reader in readers:
                for clients in options.clients:
                    report.attempt(
                        f"{page.name} ({reader.name}, {clients})",
                        lambda page=page, reader=reader, clients=clients: measure(page, reader, clients),  # type: ignore[misc]
                    )
        if options.wants("memory"):
            report.memory["before jobs"] = sum(served.memory().values())
            work_a_little(served, readers[-1])
            report.memory |= served.memory()


def _measure_fence(
    installation: Installation, owner: psycopg.Connection[Any], options: Options, report: Report
) -> None:
    from benchmarks.fence import fence_result  # noqa: PLC0415  (needs Django started)
    from benchmarks.pages import PAGES  # noqa: PLC0415
    from benchmarks.places import widen_organisation  # noqa: PLC0415
    from benchmarks.readers import make_readers, make_region_reader  # noqa: PLC0415
    from benchmarks.serving import browser, serving  # noqa: PLC0415

    wanted = [page for page in PAGES if options.wants(f"the fence: {page.name}")]
    if not wanted:
        return
    readers = make_readers()
    widen_organisation()
    readers.append(make_region_reader())
    with serving(installation) as served:
        for page, reader in [(page, reader) for page in wanted for reader in readers]:
            client, name = browser(served, page, reader), f"{page.name} ({reader.name})"
            report.attempt(
                f"the fence: {name}",
                lambda name=name, client=client: fence_result(  # type: ignore[misc]
                    name, client, owner, seconds=options.seconds
                ),
            )


def _floor(installation: Installation, page: Any, reader: Any) -> Client:
    @contextmanager
    def opened() -> Iterator[Act]:
        with psycopg.connect(installation.owner_url, autocommit=True) as connection:
            cursor = connection.cursor()
            yield lambda chance: page.floor(cursor, reader, chance.choice(reader.customers))

    return opened


def _count_queries(page: Any, reader: Any) -> int:
    """Ask for a page in this process and count what it asks the database."""
    from django.db import connection  # noqa: PLC0415
    from django.test import Client as Browser  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    name, _equals, value = reader.cookie.partition("=")
    client = Browser(SERVER_NAME="127.0.0.1")
    client.cookies[name] = value
    chance = Random(1)
    request = page.request(reader, reader.customers[0], chance)
    with CaptureQueriesContext(connection) as queries:
        client.generic(
            request.method,
            request.path,
            request.body,
            request.headers.get("Content-Type", "text/html"),
            headers=dict(request.headers),
        )
    return len(queries)


def _measure_works(
    installation: Installation, owner: psycopg.Connection[Any], options: Options, report: Report
) -> None:
    from benchmarks.works import WORKS, Stage, Work  # noqa: PLC0415  (needs Django started)
    from hearth.organization.models import OrgUnit  # noqa: PLC0415

    stage = Stage(owner, installation.folder, options.customers, OrgUnit.objects.get(depth=0), report.notes)

    def measure(work: Work) -> Result:
        times: Times = work.run(stage)
        floor = work.floor(stage) if work.floor else None
        return work_result(work.name, times, floor, most=work.most, is_tail=work.is_tail)

    for work in (work for work in WORKS if options.wants(work.name)):
        report.attempt(work.name, lambda work=work: measure(work))  # type: ignore[misc]


def _tell(options: Options, report: Report, facts: dict[str, object]) -> None:
    print(f"\n{options.customers:,} customers, {options.events:,} events, load {facts['load']}\n")
    print(as_table(report.results))
    for name, value in {
        **report.notes,
        **{f"memory {key}": round(size) for key, size in report.memory.items()},
    }.items():
        print(f"{name}: {value}")
    for failure in report.failures:
        print(f"FAILED {failure}")
    if options.json_path:
        content = {
            "customers": options.customers,
            "events": options.events,
            "machine": facts,
            "results": [as_json(result) for result in report.results],
            "memory_mb": report.memory,
            "notes": report.notes,
            "failures": report.failures,
        }
        options.json_path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n")
