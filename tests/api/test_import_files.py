"""What programs may send: every kind of file, refused as early as it can be known, never whole in memory."""

import csv
import gzip
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from xlsxwriter import Workbook

from hearth.api.uploads import PART
from hearth.core.models import StoredFile
from hearth.imports.files import MAX_BYTES
from hearth.imports.models import ImportJob
from hearth.organization.models import OrgUnit
from tests.api.builders import Program
from tests.api.importing import HOMES, TO_HOMES, send
from tests.imports.builders import HEADER

pytestmark = pytest.mark.django_db


def as_xlsx() -> bytes:
    target = io.BytesIO()
    with Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, line in enumerate(csv.reader(io.StringIO(HOMES))):
            sheet.write_row(number, 0, line)
    return target.getvalue()


def as_parquet() -> bytes:
    header, *rows = csv.reader(io.StringIO(HOMES))
    target = io.BytesIO()
    table = pa.table({name: [row[place] for row in rows] for place, name in enumerate(header)})
    pq.write_table(table, target)
    return target.getvalue()


def as_ndjson() -> bytes:
    header, *rows = csv.reader(io.StringIO(HOMES))
    return "\n".join(json.dumps(dict(zip(header, row, strict=True))) for row in rows).encode()


def in_zip() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("homes.csv", HOMES)
    return target.getvalue()


@pytest.mark.parametrize(
    ("content", "media_type", "encoding"),
    [
        (HOMES.encode(), "text/csv", "utf-8"),
        (HOMES.encode("gb18030"), "text/csv", "gb18030"),
        (HOMES.encode("utf-16"), "text/csv", "utf-16"),
        (as_xlsx(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ""),
        (as_ndjson(), "application/x-ndjson", "utf-8"),
        (as_parquet(), "application/vnd.apache.parquet", ""),
        (gzip.compress(HOMES.encode()), "application/gzip", "utf-8"),
        (in_zip(), "application/zip", "utf-8"),
    ],
)
def test_each_kind_of_file_is_read(program: Program, content: bytes, media_type: str, encoding: str) -> None:
    sent = program.send("POST", TO_HOMES, content, media_type)

    assert (sent.status, sent.body["state"], sent.body["trouble"]) == (201, "uploaded", None)
    assert sent.body["encoding"].startswith(encoding)
    assert sent.body["columns"] == HEADER.split(",")
    assert sent.body["sample_rows"][0][0] == "金色家园"


def test_a_file_that_cannot_be_read_is_kept_and_read_anew_in_another_encoding(program: Program) -> None:
    sent = send(program, f"{TO_HOMES}&encoding=utf-8", HOMES.encode("gb18030"))
    read = program.patch(f"/jobs/import/{sent.body['id']}", {"encoding": "gb18030"})

    assert (sent.status, sent.body["state"]) == (201, "failed")
    assert sent.body["trouble"]["code"] == "file.wrong_encoding"
    assert "utf-8" in sent.body["trouble"]["detail"]
    assert (read.status, read.body["state"], read.body["trouble"]) == (200, "uploaded", None)


class Untouched(io.RawIOBase):
    """A body that nobody may read."""

    def read(self, size: int = -1) -> bytes:
        message = "The body was read."
        raise AssertionError(message)


class Measured(io.BytesIO):
    """A body that notes the largest part anybody asked for."""

    largest = 0

    def read(self, size: int | None = -1) -> bytes:
        self.largest = max(self.largest, size if size is not None and size >= 0 else MAX_BYTES)
        return super().read(size)


def ask_with(program: Program, body: Any, length: str | None, media_type: str = "text/csv") -> Any:
    """Send a body as the server hands it over."""
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/api/v1/jobs/import",
        "QUERY_STRING": "kind=units&org_unit=SZ",
        "CONTENT_TYPE": media_type,
        "HTTP_AUTHORIZATION": program.headers["Authorization"],
        "wsgi.input": body,
    }
    if length is not None:
        environ["CONTENT_LENGTH"] = length
    return program.client.request(**environ)


@pytest.mark.parametrize(
    ("length", "media_type", "status", "code"),
    [
        (str(MAX_BYTES + 1), "text/csv", 413, "body_too_large"),
        ("9" * 40, "text/csv", 413, "body_too_large"),
        ("100", "application/json", 415, "unsupported_media_type"),
        ("100", "multipart/form-data; boundary=x", 415, "unsupported_media_type"),
        (None, "text/csv", 411, "length_required"),
    ],
)
def test_a_file_too_large_or_of_another_type_is_refused_before_it_is_read(
    program: Program, length: str | None, media_type: str, status: int, code: str
) -> None:
    response = ask_with(program, Untouched(), length, media_type)

    problem = response.json()
    assert (response.status_code, problem["type"]) == (status, f"/api/problems/{code}")
    assert StoredFile.objects.count() == 0


@pytest.mark.parametrize("start", [b"%PDF-1.7", b"\x89PNG", b"<!DOCTYPE html>", b'[{"a": 1}]', b"Rar!"])
def test_what_is_no_table_is_refused_by_its_first_bytes(program: Program, start: bytes) -> None:
    answered = send(program, TO_HOMES, start + b" " * 3_000_000)

    assert (answered.status, answered.code) == (415, "unsupported_media_type")
    assert answered.body["errors"][0]["code"] == "not_a_table"
    assert "text/csv" in answered.headers["Accept-Post"]


def test_a_file_is_never_whole_in_memory(program: Program) -> None:
    content = f"{HOMES}\n".encode() * 9_000
    body = Measured(content)

    response = ask_with(program, body, str(len(content)))

    assert response.status_code == 201
    assert 0 < body.largest <= PART < len(content)


def test_a_file_that_breaks_off_leaves_nothing(program: Program) -> None:
    response = ask_with(program, io.BytesIO(b"half"), "4000")

    assert response.status_code == 400
    assert (ImportJob.objects.count(), StoredFile.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("parameters", "status", "pointer"),
    [
        ("kind=castles&org_unit=SZ", 400, "kind"),
        ("kind=units&org_unit=GZ", 400, "org_unit"),
        ("kind=units&org_unit=NOWHERE", 400, "org_unit"),
        ("kind=units&org_unit=SZ&encoding=ebcdic", 400, "encoding"),
        ("org_unit=SZ", 400, "kind"),
        ("kind=units&org_unit=SZ&colour=red", 400, "colour"),
        ("kind=units&org_unit=SZ&dry_run=true", 400, "dry_run"),
    ],
)
def test_a_file_for_nothing_or_nowhere_is_refused(
    program: Program, neighbour: OrgUnit, parameters: str, status: int, pointer: str
) -> None:
    answered = send(program, f"/jobs/import?{parameters}")

    assert (answered.status, answered.body["errors"][0]["pointer"]) == (status, pointer)
    assert ImportJob.objects.count() == 0


def test_what_was_sent_is_kept_for_the_page(program: Program) -> None:
    job_id = send(program).body["id"]

    kept = ImportJob.objects.get(pk=job_id).source_file

    assert (kept.name, kept.size) == ("homes.csv", len(HOMES.encode()))
    assert Path(kept.file.path).read_bytes() == HOMES.encode()
