"""`hearth bench cases`: the list, the search, the figures, the sweep of promises and the radar over many cases.

A database of its own, filled once: customers with homes, and cases of three years, one in twenty still open.
"""

import json
import os
import random
import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import django
import psycopg

from benchmarks.installation import Installation
from benchmarks.load import timed
from benchmarks.results import Result, as_json, as_table, work_result
from hearth.cli.serve import collect_static
from hearth.ops.stack import Database

if TYPE_CHECKING:
    from benchmarks.readers import Reader

CUSTOMERS, EVENTS, CASES = 100_000, 100_000, 1_000_000
DAYS, OPEN_SHARE, BROKEN_NOW = 3 * 365, 0.05, 1_000
TURNS, PAGE, FIGURES, SWEEP, LISTEN = 20, 200, 2_000, 30_000, 60_000
WORDS = (
    "卫生间天花板渗漏",
    "窗户关不严漏风",
    "电梯停运",
    "物业清运不及时",
    "产权证办理缓慢",
    "地砖空鼓",
    "车位被占",
)


@dataclass(frozen=True)
class CaseOptions:
    """What a run was asked for."""

    database: str
    cases: int = CASES
    is_new: bool = False
    json_path: Path | None = None


@dataclass(frozen=True)
class Measure:
    """Something that is timed, how often, and the longest that its slow turns may take (ms)."""

    name: str
    act: Callable[[], object]
    most: int
    turns: int = TURNS


def run_cases(opened: Database, options: CaseOptions) -> int:
    """Prepare, measure, print the table; 1 if a measure failed, whatever the aims say."""
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(1))
    installation = Installation(opened, options.database)
    installation.prepare(CUSTOMERS, EVENTS, is_new=options.is_new)
    installation.run_as_owner("-m", "benchmarks.cases", str(options.cases))
    os.environ.update(installation.environment(as_application=True))
    django.setup()
    from hearth.core.attribution import this_process_acts  # noqa: PLC0415  (needs Django started)

    this_process_acts("bench")
    collect_static()
    from benchmarks.machine import machine_facts  # noqa: PLC0415
    from benchmarks.readers import make_readers  # noqa: PLC0415

    with psycopg.connect(installation.owner_url, autocommit=True) as owner:
        facts = machine_facts(owner)
        _break_promises(owner)
        results = [_measure(each) for each in _measures(make_readers())]
    print(f"\n{options.cases:,} cases, load {facts['load']}\n\n{as_table(results)}")
    if options.json_path:
        told = {"cases": options.cases, "machine": facts, "results": [as_json(each) for each in results]}
        options.json_path.write_text(json.dumps(told, ensure_ascii=False, indent=2) + "\n")
    return 0


def _measure(measure: Measure) -> Result:
    times = timed(measure.act, times=measure.turns)
    sys.stderr.write(f"{measure.name}: {times.p50:,.1f} ms\n")
    return work_result(measure.name, times, None, most=measure.most, is_tail=True)


def _measures(readers: "list[Reader]") -> Iterator[Measure]:
    from django.utils import timezone  # noqa: PLC0415  (needs Django started)

    from hearth.cases.services import notice_breaches  # noqa: PLC0415
    from hearth.organization.models import OrgUnit  # noqa: PLC0415
    from hearth.radar.services.listening import listen  # noqa: PLC0415

    today = timezone.localdate()
    year = f"first_date={today - timedelta(days=364)}&last_date={today}"
    pages = (
        ("queue, one's own open cases", "/cases/?state=not:closed&assignee=me", PAGE),
        ("queue, overdue", "/cases/?promise=overdue", PAGE),
        ("search in Chinese text", "/cases/?q=天花板渗漏", PAGE),
        ("figures of 90 days by company", "/case-figures/", FIGURES),
        ("figures of a year by category", f"/case-figures/?by=category&{year}", FIGURES),
    )
    for name, address, most in pages:
        for reader in readers:
            yield Measure(f"{name} ({reader.name})", _asks(reader, address), most)
    place = OrgUnit.objects.filter(kind=OrgUnit.Kind.CITY_COMPANY).order_by("id")[:1].get()
    yield Measure(f"sweep of {BROKEN_NOW:,} broken promises", _sweep(notice_breaches), SWEEP, turns=1)
    yield Measure("radar, one city company", lambda: listen(place, now=timezone.now()), LISTEN, turns=3)


def _sweep(notice: Callable[..., int]) -> Callable[[], object]:
    from django.utils import timezone  # noqa: PLC0415  (needs Django started)

    return lambda: notice(now=timezone.now())


def _asks(reader: "Reader", address: str) -> Callable[[], object]:
    """Ask for a page in this process, as a browser that is signed in."""
    from django.test import Client  # noqa: PLC0415  (needs Django started)

    name, _equals, value = reader.cookie.partition("=")
    client = Client(SERVER_NAME="127.0.0.1")
    client.cookies[name] = value

    def ask() -> None:
        answer = client.get(address)
        assert answer.status_code == 200, address

    return ask


def _break_promises(owner: psycopg.Connection[Any]) -> None:
    """Let as many promises be broken and unnoticed as the sweep is measured on, and all others noticed."""
    owner.execute(
        "UPDATE cases_serviceclock SET noticed_at = due_at WHERE noticed_at IS NULL AND due_at < now()"
    )
    owner.execute(
        "UPDATE cases_serviceclock SET noticed_at = NULL WHERE id IN (SELECT id FROM cases_serviceclock"
        " WHERE stopped_at IS NULL AND due_at < now() ORDER BY due_at DESC LIMIT %s)",
        [BROKEN_NOW],
    )


def fill(number: int) -> None:
    """Write cases until there are so many; run by the owner, with Django started."""
    from django.db import connection  # noqa: PLC0415  (needs Django started)
    from django.utils import timezone  # noqa: PLC0415

    from benchmarks.places import copy_records  # noqa: PLC0415
    from hearth.cases.causes import sync_causes  # noqa: PLC0415
    from hearth.cases.models import Case, Cause  # noqa: PLC0415

    missing = number - Case.objects.count()
    if missing <= 0:
        return
    sync_causes()
    now, chance = timezone.now(), random.Random(1)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r.customer_id, u.id, u.project_id, u.org_unit_id FROM customers_unitrole r"
            " JOIN properties_unit u ON u.id = r.unit_id"
        )
        homes = cursor.fetchall()
    causes = list(Cause.objects.exclude(parent=None).values_list("pk", "name_zh"))
    rows = list(_cases(missing, homes, causes, chance, now))
    columns = (
        "customer_id, unit_id, project_id, org_unit_id, category_id, topic, kind, grade, state, channel, title, body,"
        " reply, external_key, group_level, opened_at, answered_at, closed_at, is_satisfied, called_back_at,"
        " text_tokens"
    )
    copy_records("cases_case", columns, rows, now)
    clocks = (
        "case_id, step, started_at, minutes, counting, is_pausing, soon_at, due_at, stopped_at, noticed_at"
    )
    copy_records("cases_serviceclock", clocks, _clocks(rows), now)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE cases_case, cases_serviceclock")


def _cases(
    number: int, homes: list[Any], causes: list[Any], chance: random.Random, now: datetime
) -> Iterator[tuple[Any, ...]]:
    from hearth.core.fields import tokens_literal  # noqa: PLC0415  (needs Django started)
    from hearth.lib.chinese import text_tokens  # noqa: PLC0415
    from hearth.lib.identifiers import uuid7  # noqa: PLC0415

    tokens = {words: tokens_literal(text_tokens(f"{words}\n请尽快处理")) for words in WORDS}
    kinds, channels = ("complaint", "repair", "enquiry"), ("phone", "web", "wechat", "email")
    for _number in range(number):
        customer, unit, project, place = chance.choice(homes)
        category, topic = chance.choice(causes)
        words, opened = chance.choice(WORDS), now - timedelta(days=chance.uniform(0, DAYS))
        answered = min(opened + timedelta(hours=chance.expovariate(1 / 20)), now)
        closed = (
            None
            if chance.random() < OPEN_SHARE
            else min(answered + timedelta(days=chance.uniform(0, 9)), now)
        )
        called = closed and min(closed + timedelta(days=1), now)
        state = "closed" if closed else "answered"
        content = None if called is None else chance.random() < 0.9
        about = (customer, unit, project, place, category, topic, chance.choice(kinds), "ordinary", state)
        said = (chance.choice(channels), words, "请尽快处理", "已处理", "", "")
        yield (uuid7(), *about, *said, opened, answered, closed, content, called, tokens[words])


def _clocks(rows: list[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    """The promise of a solution within a week for each case."""
    from hearth.lib.identifiers import uuid7  # noqa: PLC0415  (needs Django started)

    for row in rows:
        case, opened, closed = row[0], row[16], row[18]
        due = opened + timedelta(days=7)
        noticed = due if closed is None or closed > due else None
        soon = opened + timedelta(days=5)
        yield (uuid7(), case, "solution", opened, 10_080, "all_hours", True, soon, due, closed, noticed)


if __name__ == "__main__":
    django.setup()
    fill(int(sys.argv[1]))
