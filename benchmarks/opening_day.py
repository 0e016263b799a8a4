"""`hearth bench opening-day`: hundreds of consultants choose at once, and nothing is sold twice or out of turn.

In a database of its own a company is founded, with homes on sale and a queue as long as they are many. A consultant
is a client with a session and a connection of its own: they look for what changed every few seconds, as the page does,
and choose for each of their numbers that was called, among the homes everybody likes best. Whoever is refused takes
the home that is offered instead.
"""

import http.client
import json
import os
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http import HTTPStatus
from random import Random
from typing import Any
from urllib.parse import quote, urlencode

import django

from benchmarks.installation import Installation
from benchmarks.load import Times
from hearth.ops.stack import Database

ROUNDS = 12
# The part of the time in which people come in, and that in which numbers are called.
COMING, CALLING = 0.2, 0.65
LOOK_SECONDS = (6.0, 8.0)
LIKED, TRIES = 40, 4
AIM_MILLISECONDS = 300


@dataclass(frozen=True)
class OpeningOptions:
    """What a run was asked for."""

    clients: int
    units: int
    seconds: float
    database: str
    is_new: bool


@dataclass(frozen=True)
class Place:
    """What the clients need to know: addresses, cookies, whose numbers are whose, homes from the best one on."""

    port: int
    opening: str
    building: str
    cookies: Sequence[str]
    numbers: Sequence[Sequence[tuple[int, str]]]
    homes: Sequence[str]


@dataclass
class Found:
    """What one client met: milliseconds by what was asked, and codes of refusals."""

    taken: dict[str, list[float]] = field(default_factory=dict)
    refusals: Counter[str] = field(default_factory=Counter)
    chosen: int = 0
    failures: list[str] = field(default_factory=list)

    def note(self, name: str, begun: float) -> None:
        self.taken.setdefault(name, []).append((time.perf_counter() - begun) * 1000)


class Consultant:
    """One client: looks, and chooses when it is their customers' turn."""

    def __init__(self, place: Place, number: int, begun: float, seconds: float) -> None:
        self.place, self.chance = place, Random(number)
        self.headers = {"Cookie": f"{place.cookies[number]}; csrftoken={'a' * 32}", "X-CSRFToken": "a" * 32}
        self.waiting = list(place.numbers[number])
        self.begun, self.seconds = begun, seconds
        self.gone: set[str] = set()
        self.since, self.called_to = "", 0
        self.found = Found()
        self.connection = http.client.HTTPConnection("127.0.0.1", place.port, timeout=60)

    def run(self) -> Found:
        time.sleep(self.chance.uniform(0, self.seconds * COMING))
        self._ask("open the page", "GET", f"{self.place.opening}homes/")
        self._ask("open a building", "GET", f"{self.place.opening}homes/{self.place.building}/")
        while time.perf_counter() < self.begun + self.seconds:
            self._look()
            for number, entry in [each for each in self.waiting if each[0] <= self.called_to]:
                self._choose(number, entry)
            time.sleep(self.chance.uniform(*LOOK_SECONDS))
        self.connection.close()
        return self.found

    def _look(self) -> None:
        told = self._ask("look", "GET", f"{self.place.opening}changes/?since={quote(self.since)}")
        if told:
            self.since, self.called_to = told["at"], told["called_to"]
            self.gone |= {unit for unit, stand in told["homes"].items() if stand != "free"}

    def _choose(self, number: int, entry: str) -> None:
        wanted = ""
        for _try in range(TRIES):
            time.sleep(self.chance.uniform(0.2, 1.5))
            liked = [unit for unit in self.place.homes if unit not in self.gone][:LIKED]
            if not liked:
                return
            unit = wanted or self.chance.choice(liked)
            body = urlencode({"entry": entry, "unit": unit})
            told = self._ask("choose", "POST", f"{self.place.opening}choose/", body)
            if told and told["is_done"]:
                self.waiting.remove((number, entry))
                self.found.chosen += 1
                return
            self.gone.add(unit)
            wanted = (told or {}).get("nearest") or ""
            self.found.refusals[(told or {}).get("code", "failed")] += 1

    def _ask(self, name: str, method: str, path: str, body: str = "") -> Any:
        kind = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        begun = time.perf_counter()
        try:
            self.connection.request(method, path, body or None, {**self.headers, **kind})
            answer = self.connection.getresponse()
            text = answer.read()
        except (OSError, http.client.HTTPException) as error:
            self.connection.close()
            self.found.failures.append(f"{name}: {type(error).__name__}")
            return None
        self.found.note(name, begun)
        if answer.status not in (HTTPStatus.OK, HTTPStatus.UNPROCESSABLE_ENTITY):
            self.found.failures.append(f"{name}: {answer.status}")
            return None
        return json.loads(text) if "json" in answer.headers.get("Content-Type", "") else None


def run_opening_day(opened: Database, options: OpeningOptions) -> int:
    """Prepare, let everybody choose, look at what the database holds; 1 if anything is sold twice or out of turn."""
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(1))
    installation = Installation(opened, options.database)
    installation.make_ready(is_new=options.is_new)
    os.environ.update(installation.environment(as_application=True))
    django.setup()
    from hearth.core.attribution import this_process_acts  # noqa: PLC0415  (needs Django started)

    this_process_acts("bench")
    from benchmarks.opening_data import check, prepare  # noqa: PLC0415
    from benchmarks.serving import serving  # noqa: PLC0415

    prepared = prepare(options.clients, options.units)
    with serving(installation) as served:
        place = prepared.place(served.port)
        found = _choose_at_once(place, options, prepared.call)
    return _tell(options, found, check(prepared.opening))


def _choose_at_once(place: Place, options: OpeningOptions, call: Any) -> list[Found]:
    begun = time.perf_counter()
    threading.stack_size(256 * 1024)
    caller = threading.Thread(target=_call, args=(call, begun, options), daemon=True)
    caller.start()
    with ThreadPoolExecutor(options.clients) as pool:
        people = [Consultant(place, number, begun, options.seconds) for number in range(options.clients)]
        found = list(pool.map(Consultant.run, people))
    caller.join(timeout=30)
    return found


def _call(call: Any, begun: float, options: OpeningOptions) -> None:
    """Call the numbers in rounds, once people have come in."""
    for number, share in _rounds():
        wait = begun + options.seconds * share - time.perf_counter()
        time.sleep(max(0.0, wait))
        call(options.units * number // ROUNDS)


def _rounds() -> Iterator[tuple[int, float]]:
    for number in range(1, ROUNDS + 1):
        yield number, COMING + CALLING * (number - 1) / (ROUNDS - 1)


def _tell(options: OpeningOptions, found: Sequence[Found], held: dict[str, int]) -> int:
    refusals: Counter[str] = sum((each.refusals for each in found), Counter())
    failures = [failure for each in found for failure in each.failures]
    names = ("open the page", "open a building", "look", "choose")
    lines = [f"{options.clients} clients, {options.units} homes, {options.seconds:.0f} s", ""]
    lines += ["| asked | times | p50 ms | p95 ms | aim | met |", "|---|---|---|---|---|---|"]
    for name in (*names, "all"):
        kept = [
            one
            for each in found
            for key in (names if name == "all" else (name,))
            for one in each.taken.get(key, ())
        ]
        times = Times(tuple(sorted(kept)))
        is_met = "yes" if times.p95 <= AIM_MILLISECONDS else "no"
        lines.append(
            f"| {name} | {len(kept):,} | {times.p50:,.0f} | {times.p95:,.0f} | p95 ≤ {AIM_MILLISECONDS} | {is_met} |"
        )
    lines += ["", ", ".join(f"{name.replace('_', ' ')} {number:,}" for name, number in held.items())]
    lines.append(f"refused: {dict(refusals)}, failed requests: {len(failures)} {sorted(set(failures))[:5]}")
    sys.stdout.write("\n".join(lines) + "\n")
    told = sum(each.chosen for each in found)
    is_sound = not (
        held["double_sales"] or held["order_breaks"] or held["numbers_with_two_homes"] or failures
    )
    return 0 if is_sound and told == held["sold"] else 1
