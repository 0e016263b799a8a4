"""Look for known weaknesses of the locked packages: `python -m tools.advisories`.

Two sources: `requirements/advisories.toml`, which is always read, and the open database OSV, which is asked in one
request where it can be reached. A weakness that is not accepted with a reason and a day fails. `HEARTH_ADVISORIES`
names another service of the same kind, such as a mirror inside a company.
"""

import json
import os
import re
import sys
import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

from packaging.version import Version

ROOT = Path(__file__).resolve().parent.parent
SERVICE = "https://api.osv.dev/v1/querybatch"
SECONDS = 10
PIN = re.compile(r"^(?P<package>@?[A-Za-z0-9._/-]+)==(?P<version>[A-Za-z0-9.!+_-]+)", re.MULTILINE)


@dataclass(frozen=True, order=True)
class Pin:
    """A package of an ecosystem, as OSV calls it, at the version that is locked."""

    package: str
    version: str
    ecosystem: str = "PyPI"


@dataclass(frozen=True)
class Weakness:
    """A known weakness of a locked package."""

    pin: Pin
    name: str
    what: str = ""

    def __str__(self) -> str:
        return f"{self.pin.package} {self.pin.version}: {self.name} {self.what}".rstrip()


class ServiceOutOfReach(Exception):
    """The database of advisories cannot be asked from here."""


def read_pins(folder: Path) -> list[Pin]:
    """Return what the lock files of a folder hold, and the one of the front end beside it, each once."""
    found = {
        Pin(match["package"].lower(), match["version"])
        for path in sorted(folder.glob("*.txt"))
        for match in PIN.finditer(path.read_text(encoding="utf-8"))
    }
    front_end = folder.parent / "package-lock.json"
    if front_end.exists():
        for path, package in json.loads(front_end.read_text(encoding="utf-8"))["packages"].items():
            if path:
                found.add(Pin(path.rpartition("node_modules/")[2], package["version"], "npm"))
    return sorted(found)


def stored_weaknesses(pins: Sequence[Pin], known: Sequence[Mapping[str, Any]]) -> Iterator[Weakness]:
    """Yield the weaknesses of our own list that a pin is touched by."""
    for pin in pins:
        for row in known:
            is_meant = row["package"] == pin.package and row.get("ecosystem", "PyPI") == pin.ecosystem
            if is_meant and Version(pin.version) < Version(row["before"]):
                yield Weakness(pin, row["id"], f"({row['what']}; good from {row['before']})")


def told_weaknesses(pins: Sequence[Pin], service: str) -> Iterator[Weakness]:
    """Yield what the service knows of the pins.

    :raises ServiceOutOfReach: if it gives no answer, or none that can be read
    """
    queries = [
        {"version": pin.version, "package": {"name": pin.package, "ecosystem": pin.ecosystem}} for pin in pins
    ]
    body = json.dumps({"queries": queries}).encode()
    request = Request(service, body, {"Content-Type": "application/json"})
    try:
        with urlopen(request, timeout=SECONDS) as answer:
            results = json.load(answer)["results"]
    except (URLError, TimeoutError, OSError, ValueError, KeyError) as error:
        raise ServiceOutOfReach(str(error)) from error
    for pin, result in zip(pins, results, strict=True):
        for row in result.get("vulns") or ():
            yield Weakness(pin, row["id"])


def accepted_names(rows: Sequence[Mapping[str, Any]], today: date) -> set[str]:
    """Return the names of what is accepted today."""
    return {row["id"] for row in rows if row["because"].strip() and row["until"] >= today}


def find_weaknesses(folder: Path, *, service: str, today: date) -> tuple[list[Weakness], str]:
    """Return the weaknesses that are not accepted, and why the service was not asked, where it was not."""
    listed = tomllib.loads((folder / "advisories.toml").read_text(encoding="utf-8"))
    pins = read_pins(folder)
    found: list[Weakness] = list(stored_weaknesses(pins, listed.get("known", ())))
    silence = ""
    try:
        found += told_weaknesses(pins, service)
    except ServiceOutOfReach as reason:
        silence = str(reason)
    accepted: Collection[str] = accepted_names(listed.get("accepted", ()), today)
    return [weakness for weakness in found if weakness.name not in accepted], silence


def main() -> int:
    folder = Path(sys.argv[1]) if sys.argv[1:] else ROOT / "requirements"
    service = os.environ.get("HEARTH_ADVISORIES", SERVICE)
    found, silence = find_weaknesses(folder, service=service, today=date.today())  # noqa: DTZ011  (a day is enough)
    for weakness in found:
        print(weakness)
    if silence:
        print(f"The database of advisories was not reached ({silence}); our own list was looked at.")
    print(f"{len(found)} known weaknesses in {len(read_pins(folder))} locked packages.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
