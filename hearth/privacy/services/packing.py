"""The package a person takes along: JSON for programs, and a page that a person can read."""

import json
import zipfile
from collections.abc import Iterator
from datetime import datetime
from html import escape
from pathlib import Path
from typing import IO, Any

from django.db import transaction
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext

from hearth.core.actor import Actor
from hearth.core.attribution import beyond_places
from hearth.core.personal_data import Person, Table, holders, legal_holds
from hearth.customers.models import Customer
from hearth.customers.selectors.persons import person_of
from hearth.privacy.permissions import ANSWER_REQUEST

FORMAT = 1
PAGE = """<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>
<style>body{{font:16px/1.5 sans-serif;max-width:70em;margin:2em auto;padding:0 1em}}
table{{border-collapse:collapse;width:100%;margin:0 0 2em}}th,td{{border:1px solid #ccc;padding:.3em .6em;
text-align:left;vertical-align:top}}th{{background:#f4f4f4}}</style></head>
<body><h1>{title}</h1><p>{intro}</p>{sections}</body></html>"""


@transaction.atomic
@beyond_places()
def pack_person(customer: Customer, into: IO[bytes], *, actor: Actor, now: datetime) -> dict[str, int]:
    """Write all that every app holds of a person as a ZIP archive, in the present language; count the rows.

    `person.json` is for programs, `index.html` for people; both hold the same. Files lie in the folder `files`.

    :raises NotAllowed: if the actor may not answer requests of persons
    """
    actor.require(ANSWER_REQUEST)
    person = person_of(customer)
    tables = {
        code: (str(holder.label), holder.export(person))
        for code, holder in holders.items()
        if holder.export is not None
    }
    filled = {code: found for code, found in tables.items() if found[1].rows}
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("person.json", _as_json(filled, person, now))
        archive.writestr("index.html", _as_page(filled, person, now))
        for number, (name, path) in enumerate(_files(person), start=1):
            archive.write(path, f"files/{number}-{Path(name).name}")
    return {code: len(table.rows) for code, (_label, table) in filled.items()}


def _files(person: Person) -> Iterator[tuple[str, Path]]:
    for holder in holders.values():
        if holder.files:
            yield from ((name, path) for name, path in holder.files(person) if path.is_file())


def _as_json(tables: dict[str, tuple[str, Table]], person: Person, now: datetime) -> str:
    told: dict[str, Any] = {
        "format": FORMAT,
        "as_of": now.isoformat(),
        "sections": [
            {
                "code": code,
                "label": label,
                "columns": {key: str(name) for key, name in table.columns.items()},
                "rows": list(table.rows),
            }
            for code, (label, table) in tables.items()
        ],
        "kept_by_law": [
            {"code": code, "label": str(hold.label), "because": str(hold.because), "number": found.number}
            for code, hold in legal_holds.items()
            if (found := hold.find(person.ids)).number
        ],
    }
    return json.dumps(told, ensure_ascii=False, indent=2, default=str)


def _as_page(tables: dict[str, tuple[str, Table]], person: Person, now: datetime) -> str:
    return PAGE.format(
        language=escape(get_language() or "zh-hans"),
        title=escape(gettext("What we hold of you")),
        intro=escape(
            gettext("As of %(day)s. The file person.json holds the same for programs.")
            % {"day": f"{localtime(now):%Y-%m-%d %H:%M}"}
        ),
        sections="".join(_section(label, table) for label, table in tables.values()),
    )


def _section(label: str, table: Table) -> str:
    head = "".join(f"<th>{escape(str(name))}</th>" for name in table.columns.values())
    rows = "".join(
        "<tr>" + "".join(f"<td>{escape(_shown(row[key]))}</td>" for key in table.columns) + "</tr>"
        for row in table.rows
    )
    return f"<h2>{escape(label)}</h2><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _shown(value: Any) -> str:
    """Word a value for people."""
    match value:
        case None | "" | [] | {}:
            return ""
        case bool():
            return gettext("yes") if value else gettext("no")
        case dict() | list():
            return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)
