"""The pages that are asked for, each with the SQL that reads the same rows."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from random import Random, SystemRandom
from string import ascii_lowercase
from typing import Any
from urllib.parse import urlencode

import psycopg

from benchmarks import floors
from benchmarks.readers import Known, Reader
from benchmarks.results import PAGE_P95

PALETTE_P95 = 150

_numbers, _names = count(1), SystemRandom()


@dataclass(frozen=True)
class Request:
    """One call over HTTP, and the status that says it worked."""

    method: str
    path: str
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    status: int = 200


@dataclass(frozen=True)
class Page:
    """A page or an operation: what one client asks, what SQL alone would do, and how slow its slow turns may be."""

    name: str
    request: Callable[[Reader, Known, Random], Request]
    floor: Callable[[psycopg.Cursor[Any], Reader, Known], object]
    p95: int = PAGE_P95


def _get(path: str, **query: str) -> Request:
    return Request("GET", f"{path}?{urlencode(query)}" if query else path)


def _create(reader: Reader, known: Known, chance: Random) -> Request:
    """A new customer of a name and a phone nobody has; whether one is known is looked up all the same."""
    number = next(_numbers)
    phone = f"139{number % 10**8:08}"
    body = {
        "name": "".join(_names.choices(ascii_lowercase, k=9)),
        "org_unit": reader.org_unit.code,
        "phones": [phone],
        "external_key": f"BENCH-{number}",
    }
    headers = {
        "Authorization": f"Bearer {reader.token}",
        "Content-Type": "application/json",
    }
    return Request("POST", "/api/v1/customers", json.dumps(body).encode(), headers, 201)


def _start(reader: Reader, known: Known, chance: Random) -> Request:
    return _get("/")


def _first_page(reader: Reader, known: Known, chance: Random) -> Request:
    return _get("/customers/")


def _deep_page(reader: Reader, known: Known, chance: Random) -> Request:
    return _get("/customers/", cursor=known.cursor)


def _three_filters(reader: Reader, known: Known, chance: Random) -> Request:
    return _get(
        "/customers/", stage="stable_owner,long_term_owner", source="call,web,walk_in", recorded="last:3650"
    )


def _by_completeness(reader: Reader, known: Known, chance: Random) -> Request:
    return _get("/customers/", sort="completeness", columns="name,phone,completeness")


def _incomplete(reader: Reader, known: Known, chance: Random) -> Request:
    return _get("/customers/", completeness="most:40", columns="name,phone,completeness")


def _by_name(reader: Reader, known: Known, chance: Random) -> Request:
    return _get("/search/", q=known.name)


def _by_phone(reader: Reader, known: Known, chance: Random) -> Request:
    return _get("/search/", q=known.phone)


def _palette(known: Known, text: str, opened: Sequence[str] = ()) -> Request:
    """Ask the palette on the page of the customer, as the browser does after each pause in typing."""
    asked = {"q": text, "at": f"/customers/{known.id}/", "opened": opened}
    headers = {"HX-Request": "true", "HX-Target": "palette-options"}
    return Request("GET", f"/palette/?{urlencode(asked, doseq=True)}", headers=headers)


def _palette_by_digits(reader: Reader, known: Known, chance: Random) -> Request:
    return _palette(known, known.phone[-4:])


def _palette_by_name(reader: Reader, known: Known, chance: Random) -> Request:
    return _palette(known, known.name)


def _palette_at_first(reader: Reader, known: Known, chance: Random) -> Request:
    opened = chance.sample(list(reader.customers), 8)
    return _palette(known, "", [f"/customers/{each.id}/" for each in opened])


def _customer(reader: Reader, known: Known, chance: Random) -> Request:
    return _get(f"/customers/{known.id}/")


def _overview(reader: Reader, known: Known, chance: Random) -> Request:
    headers = {"HX-Request": "true", "HX-Target": "customer-overview"}
    return Request("GET", f"/customers/{known.id}/overview/", headers=headers)


def _busy_customer(reader: Reader, known: Known, chance: Random) -> Request:
    return _get(f"/customers/{reader.busy.id}/", tab="timeline")


def _timeline(reader: Reader, known: Known, chance: Random) -> Request:
    headers = {"HX-Request": "true", "HX-Target": "timeline-entries"}
    return Request("GET", f"/customers/{reader.busy.id}/timeline/", headers=headers)


def _cases(reader: Reader, known: Known, chance: Random) -> Request:
    return _get("/cases/")


PAGES: Sequence[Page] = (
    Page("start page", _start, floors.read_start),
    Page("customer list, first page", _first_page, floors.read_first_page),
    Page("customer list, deep page", _deep_page, floors.read_deep_page),
    Page("customer list, three filters", _three_filters, floors.read_three_filters),
    Page("customer list, by completeness", _by_completeness, floors.read_by_completeness),
    Page("customer list, completeness at most 40 %", _incomplete, floors.read_incomplete),
    Page("search by name", _by_name, floors.find_by_name),
    Page("search by phone", _by_phone, floors.find_by_phone),
    Page("palette by four digits", _palette_by_digits, floors.find_by_digits, PALETTE_P95),
    Page("palette by name", _palette_by_name, floors.find_few_by_name, PALETTE_P95),
    Page("palette, records opened last", _palette_at_first, floors.read_few, PALETTE_P95),
    Page("customer page", _customer, floors.read_customer),
    Page("customer page, its overview", _overview, floors.read_overview),
    Page("customer page with 10,000 events", _busy_customer, floors.read_busy_customer),
    Page("timeline of 10,000 events", _timeline, floors.read_timeline),
    Page("case list", _cases, floors.read_cases),
    Page("create through the API", _create, floors.write_customer),
)
