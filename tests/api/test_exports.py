"""Files that programs take out: what can be asked for, who may, and what stands in them."""

import json
from typing import Any

import pytest
from django.utils import timezone

from hearth.exports.models import Export
from hearth.exports.permissions import EXPORT
from hearth.organization.models import OrgUnit
from tests.api.builders import Answered, Program, make_program, make_token
from tests.customers.builders import make_customer
from tests.exports.builders import RIGHTS, make_export, make_exporter, write
from tests.exports.test_pages import make_counted
from tests.lists.builders import make_view

pytestmark = pytest.mark.django_db
ASKED = {"object": "customers", "columns": ["name"], "format": "ndjson", "reason": "Yearly survey"}


@pytest.fixture
def exporting(company: OrgUnit) -> Program:
    """A program that may export what its user sees at the first city company."""
    return make_program(company, *RIGHTS)


def post(program: Program, **wanted: Any) -> Answered:
    return program.post("/jobs/export", {**ASKED, **wanted})


def write_asked(asked: Answered) -> None:
    """Do what the job does."""
    assert asked.status == 201, asked.body
    write(Export.objects.get(pk=asked.body["id"]), now=timezone.now())


def lines_of(program: Program, asked: Answered) -> list[dict[str, Any]]:
    """Have a file written and read it."""
    write_asked(asked)
    file = program.get(f"/jobs/export/{asked.body['id']}/file")
    assert file.status == 200, file.body
    rows: list[dict[str, Any]] = [json.loads(line) for line in file.text.splitlines()]
    for row in rows:
        row.pop("exported")
    return rows


def test_a_list_is_written_asked_for_and_taken(company: OrgUnit, exporting: Program) -> None:
    wang = make_customer(company, name="王伟", phone="13800001234", source="call")
    make_customer(company, name="李娜", source="referral")

    asked = post(exporting, columns=["id", "name", "phone"], filters={"source": "call"})
    early = exporting.get(f"/jobs/export/{asked.body['id']}/file")
    found = lines_of(exporting, asked)
    told = exporting.get(asked.headers["Location"].removeprefix("/api/v1"))

    assert asked.body["state"] == "waiting"
    assert (early.status, early.code) == (422, "file_not_there")
    assert found == [{"id": str(wang.pk), "name": "王伟", "phone": "13800001234"}]
    assert (told.body["state"], told.body["total_rows"], told.body["trouble"]) == ("done", 1, None)
    assert exporting.get("/jobs/export").body["data"] == [told.body]


def test_views_searches_segments_and_ids_decide_which_rows(company: OrgUnit) -> None:
    user = make_exporter(company)
    exporting = Program(make_token(user))
    wang = make_customer(company, name="王伟", source="call")
    chen = make_customer(company, name="陈静", source="referral")
    view = make_view(user, parameters={"source": "referral", "columns": "source"})
    segment = make_counted(company, wang)

    by_view = lines_of(exporting, post(exporting, view=str(view.pk), columns=[]))
    by_search = lines_of(exporting, post(exporting, q="陈静"))
    by_segment = lines_of(exporting, post(exporting, segment_id=str(segment.pk)))
    by_ids = lines_of(exporting, post(exporting, ids=[str(chen.pk)]))

    assert by_view == [{"name": "陈静", "source": "referral"}]
    assert [by_search, by_segment, by_ids] == [[{"name": "陈静"}], [{"name": "王伟"}], [{"name": "陈静"}]]


@pytest.mark.parametrize(
    ("wrong", "pointer", "code"),
    [
        ({"object": "castles"}, "/object", "unknown_reference"),
        ({"view": "nobody"}, "/view", "unknown_reference"),
        ({"segment_id": "01990a5c-7e1b-7c3e-9d55-2f0c8f3a1b02"}, "/segment_id", "unknown_reference"),
        ({"filters": {"colour": "red"}}, "/filters", "unknown_filter"),
        ({"filters": {"view": "mine"}}, "/filters", "unknown_filter"),
        ({"filters": {"recorded": "yesterday or so"}}, "/filters", "unknown_filter"),
        ({"sort": "colour"}, "/filters", "unknown_filter"),
        ({"columns": ["name", "secret"]}, "/columns", "unknown_column"),
        ({"reason": "x"}, "/reason", "string_too_short"),
        ({"reason": "     "}, "/reason", "reason_missing"),
        ({"format": "doc"}, "/format", "literal_error"),
        ({"page": 2}, "/page", "extra_forbidden"),
    ],
)
def test_what_is_not_known_is_refused_and_never_widens(
    exporting: Program, wrong: dict[str, Any], pointer: str, code: str
) -> None:
    refused = post(exporting, **wrong)

    assert refused.status == 422
    assert [(error["pointer"], error["code"]) for error in refused.body["errors"]] == [(pointer, code)]
    assert Export.objects.count() == 0


def test_a_token_limited_to_some_rights_exports_masked(company: OrgUnit) -> None:
    make_customer(company, phone="13800001234")
    user = make_exporter(company)
    program = Program(make_token(user, rights=[EXPORT, "customers.view"]))

    found = lines_of(program, post(program, columns=["phone"]))

    assert found == [{"phone": "138****1234"}]
    assert (
        Program(make_token(user)).get("/jobs/export/objects").body["data"][0]["columns"][1]["is_masked"]
        is False
    )


def test_a_token_without_the_right_and_one_that_reads_only_export_nothing(company: OrgUnit) -> None:
    user = make_exporter(company)
    limited = Program(make_token(user, rights=["customers.view"]))
    reading = Program(make_token(user, can_write=False))

    assert [post(each).status for each in (limited, reading)] == [403, 403]
    assert limited.get("/jobs/export").status == 403


def test_the_export_of_a_colleague_is_not_there(company: OrgUnit, exporting: Program) -> None:
    export = write(make_export(make_exporter(company)), now=timezone.now())

    found = [
        exporting.get(f"/jobs/export/{export.pk}").status,
        exporting.get(f"/jobs/export/{export.pk}/file").status,
        exporting.post(f"/jobs/export/{export.pk}/cancel", {}).status,
    ]

    assert found == [404, 404, 404]
    assert exporting.get("/jobs/export").body["data"] == []


def test_an_export_is_given_up_once(exporting: Program) -> None:
    asked = post(exporting)
    address = f"/jobs/export/{asked.body['id']}/cancel"

    first, second = exporting.post(address, {}), exporting.post(address, {})

    assert (first.status, first.body["state"]) == (201, "cancelled")
    assert (second.status, second.code) == (422, "not_unfinished")


def test_a_program_learns_what_it_may_export(company: OrgUnit) -> None:
    program = make_program(company, EXPORT, "customers.view", "core.signed_in")

    objects = {each["object"]: each for each in program.get("/jobs/export/objects").body["data"]}

    # Everybody may report an incident, and take out those they reported.
    assert set(objects) == {"customers", "incidents"}
    found = objects["customers"]
    columns = {column["key"]: column for column in found["columns"]}
    assert columns["phone"] == {
        "key": "phone",
        "label": "Phone",
        "type": "text",
        "is_usual": True,
        "is_masked": True,
    }
    assert columns["contact"]["type"] == "instant"
    assert {"id", "name", "number"} <= set(columns)
    assert {each["key"] for each in found["filters"]} >= {"stage", "place"}
    assert found["orders"] == ["change", "name", "contact", "completeness"]


def test_a_failed_export_tells_why(company: OrgUnit, exporting: Program) -> None:
    asked = post(exporting, columns=["name"])
    Export.objects.update(columns=["gone"])
    write_asked(asked)

    told = exporting.get(f"/jobs/export/{asked.body['id']}").body

    assert (told["state"], told["trouble"]["code"]) == ("failed", "view_changed")
    assert told["trouble"]["detail"].startswith("What you may see")


def test_a_dry_run_asks_for_nothing(exporting: Program) -> None:
    tried = exporting.ask("POST", "/jobs/export", {"dry_run": "true"}, ASKED)

    assert tried.status == 201
    assert Export.objects.count() == 0
