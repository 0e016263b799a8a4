"""The commands of the page about the API do what it says, one after the other."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from procrastinate.contrib.django.models import ProcrastinateJob

from hearth.core.permissions import permissions
from hearth.exports import jobs as of_exports
from hearth.organization.models import OrgUnit
from tests.api.builders import Answered, Program, make_program
from tests.api.importing import work
from tests.custom_fields.builders import make_field
from tests.customers.builders import make_customer, make_home, make_profile

pytestmark = pytest.mark.django_db
PAGE = Path(settings.ROOT) / "docs" / "users" / "api.md"
PEOPLE = "Name,Mobile,External key\nLin Yue,13912345678,K1\nWang Qiang,13912345679,K2\nChen Jing,12,K3\n"


def commands_of(text: str) -> Iterator[list[str]]:
    """Yield the words of each command of a page; one may go on in the next line."""
    begun = ""
    for line in text.splitlines():
        if not begun and not line.startswith("    curl "):
            continue
        begun += f"{line.strip()}\n"
        if begun.endswith("\\\n"):
            begun = begun.removesuffix("\\\n") + " "
            continue
        try:
            words = shlex.split(begun, comments=True)
        except ValueError:
            continue
        begun = ""
        yield words


def run(program: Program, words: list[str], known: dict[str, str]) -> Answered:
    """Do what curl would do with these words."""
    given = [re.sub(r"\$([A-Z]+)", lambda name: known[name[1]], word) for word in words[1:]]
    headers: dict[str, str] = {}
    method, address, body, parameters = "", "", b"", dict[str, str]()
    is_get = "-G" in given
    rest = iter(word for word in given if word != "-G")
    for word in rest:
        if word == "-H":
            name, value = next(rest).split(": ", 1)
            headers[name.replace("-", "_")] = value
        elif word == "-X":
            method = next(rest)
        elif word == "-o":
            next(rest)
        elif word in {"-d", "--data-urlencode", "--data-binary"}:
            value = next(rest)
            if is_get:
                name, value = value.split("=", 1)
                parameters[name] = value
            else:
                body = Path(value[1:]).read_bytes() if value.startswith("@") else value.encode()
        else:
            address = value_of_address(word)
    del headers["Authorization"]
    if body:
        content_type = headers.pop("Content_Type")
        return program.send(method or "POST", address, body, content_type, **headers)
    return program.get(address, parameters, **headers)


def value_of_address(word: str) -> str:
    return word.partition("/api/v1")[2]


def do_what_is_queued() -> None:
    """Do the work of imports and exports as a worker would."""
    for queued in ProcrastinateJob.objects.filter(task_name="exports.write", status="todo"):
        of_exports.write(**queued.args)
    work()


def test_the_commands_of_the_page_work_one_after_the_other(
    company: OrgUnit, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "customers.csv").write_text(PEOPLE)
    for key in ("balcony", "keys"):
        make_field(company, object_code="unit", key=key)
    make_profile(make_customer(company))
    program = make_program(company, *permissions)
    home = make_home(company)
    known = {
        "TOKEN": f"Authorization: {program.headers['Authorization']}",
        "API": "/api/v1",
        "UNIT": str(home.pk),
    }
    told: list[tuple[str, int, Any]] = []

    for words in commands_of(PAGE.read_text()):
        if any("$ETAG" in word for word in words):
            place = next(word for word in words if word.startswith("$API")).replace("$UNIT", known["UNIT"])
            current = program.get(place.removeprefix("$API").replace("$ID", known.get("ID", "")))
            known["ETAG"] = current.headers["ETag"]
        answered = run(program, words, known)
        if answered.status == 201 and "dry_run" not in " ".join(words):
            known["ID"] = answered.body["id"]
        told.append((" ".join(words), answered.status, answered.body))
        do_what_is_queued()

    refused = [each for each in told if each[1] not in {200, 201, 304}]
    assert refused == []
    assert len(told) >= 15
