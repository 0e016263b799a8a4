"""Every refusal is a problem that programs and people can read."""

import logging
from typing import Any

import pytest
from django.test import Client

from hearth.api.bodies import LARGEST_BODY
from hearth.api.problem_kinds import list_explanations
from hearth.customers.models import Customer
from hearth.lib.identifiers import uuid7
from hearth.organization.models import OrgUnit
from tests.api.builders import Answered, Program, make_program
from tests.customers.builders import make_customer

pytestmark = pytest.mark.django_db
JSON = "application/json"


def assert_is_problem(answered: Answered, status: int, code: str) -> None:
    """Hold an answer to RFC 9457 and to the contract."""
    assert (answered.status, answered.code) == (status, code)
    assert answered.headers["Content-Type"] == "application/problem+json"
    assert answered.body["status"] == status
    assert answered.body["type"] == f"/api/problems/{code}"
    assert answered.body["title"]
    assert answered.body["detail"]
    assert answered.body["instance"].startswith("/api/")
    assert answered.body["request_id"] == answered.headers["X-Request-Id"]
    assert isinstance(answered.body["errors"], list)


def test_each_status_comes_as_a_problem(program: Program, company: OrgUnit) -> None:
    path = f"/customers/{make_customer(company).pk}"
    large = '{"name": "' + "x" * LARGEST_BODY + '"}'

    assert_is_problem(program.send("POST", "/customers", "{", JSON), 400, "malformed_body")
    assert_is_problem(program.get("/customers", {"colour": "red"}), 400, "unknown_parameter")
    assert_is_problem(program.get("/customers", {"limit": "201"}), 400, "invalid_parameter")
    assert_is_problem(program.get("/customers", {"cursor": "made up"}), 400, "invalid_parameter")
    assert_is_problem(program.get(f"/customers/{uuid7()}"), 404, "not_found")
    assert_is_problem(program.get("/castles"), 404, "not_found")
    assert_is_problem(program.get("/customers/17"), 404, "not_found")
    assert_is_problem(program.send("DELETE", path, "", JSON), 405, "method_not_allowed")
    assert_is_problem(program.patch(path, {"note": "x"}, If_Match='"0"'), 412, "version_changed")
    assert_is_problem(program.send("POST", "/customers", large, JSON), 413, "body_too_large")
    assert_is_problem(
        program.send("POST", "/customers", "name=x", "text/plain"), 415, "unsupported_media_type"
    )
    assert_is_problem(program.post("/customers", {"name": "x"}), 422, "invalid_body")
    assert_is_problem(program.patch(path, {"note": "x"}), 428, "version_required")


def test_a_method_that_is_not_there_names_those_that_are(program: Program) -> None:
    answered = program.send("DELETE", "/customers", "{}", JSON)

    assert sorted(answered.headers["Allow"].split(", ")) == ["GET", "POST", "PUT"]


@pytest.mark.parametrize("path", ["/api/", "/api/v2/customers", "/api/v1/", "/api/v1/customers/"])
@pytest.mark.parametrize("method", ["get", "post", "delete"])
def test_every_unknown_address_is_a_problem(client: Client, path: str, method: str) -> None:
    response = getattr(client, method)(path)

    assert response.status_code == 404
    assert response.headers["Content-Type"] == "application/problem+json"


def test_what_nobody_expected_is_logged_and_tells_nothing(
    program: Program, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        message = "the password is swordfish"
        raise RuntimeError(message)

    monkeypatch.setattr(Customer.objects.__class__, "visible_to", fail, raising=False)

    with caplog.at_level(logging.ERROR):
        answered = program.get("/customers")

    assert_is_problem(answered, 500, "server_error")
    assert "swordfish" not in str(answered.body)
    assert answered.body["request_id"] in caplog.text


def test_an_unknown_parameter_is_named(program: Program) -> None:
    answered = program.get("/customers", {"owner_stgae": "prospect"})

    assert [(e["pointer"], e["code"]) for e in answered.body["errors"]] == [
        ("owner_stgae", "unknown_parameter")
    ]


def test_errors_point_into_the_body(program: Program) -> None:
    body = {"org_unit": "SZ", "kind": "ghost", "phones": ["13912345678", 5], "colour": "red"}

    answered = program.post("/customers", body)

    found = {(error["pointer"], error["code"]) for error in answered.body["errors"]}
    assert found == {
        ("/name", "missing"),
        ("/kind", "literal_error"),
        ("/phones/1", "string_type"),
        ("/colour", "extra_forbidden"),
    }


def test_a_rule_of_the_app_points_at_the_very_phone(program: Program) -> None:
    body = {"org_unit": "SZ", "name": "Lin", "phones": ["13912345678", "12"]}

    answered = program.post("/customers", body)

    assert (answered.status, answered.code) == (422, "invalid_phone")
    assert answered.body["errors"][0]["pointer"] == "/phones/1"
    assert answered.body["errors"][0]["code"] == "invalid_phone"


@pytest.mark.parametrize(
    ("wanted", "language", "sentence"),
    [
        ("en", "en", "This is required."),
        ("en-GB,zh;q=0.5", "en", "This is required."),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-hans", "此项必填。"),
        ("fr", "zh-hans", "此项必填。"),
        ("", "zh-hans", "此项必填。"),
    ],
)
def test_refusals_speak_the_programs_language(
    company: OrgUnit, wanted: str, language: str, sentence: str
) -> None:
    program = make_program(company, language=wanted)

    answered = program.post("/customers", {"name": "Lin"})

    assert answered.headers["Content-Language"] == language
    assert answered.body["errors"][0]["detail"] == sentence


def test_every_type_leads_to_its_explanation(client: Client, program: Program) -> None:
    answered = program.get("/castles")

    page = client.get(answered.body["type"])

    assert page.status_code == 200
    assert "not_found" in page.content.decode()


def test_all_refusals_are_explained(client: Client) -> None:
    codes = [kind.code for kind in list_explanations()]

    statuses = {code: client.get(f"/api/problems/{code}").status_code for code in codes}

    assert {"duplicate", "invalid_phone", "still_running", "version_changed"} <= set(codes)
    assert set(statuses.values()) == {200}
    assert client.get("/api/problems/no_such_thing").status_code == 404
    assert client.get("/api/problems/").status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        '{"name": "\\u0000", "org_unit": "SZ"}',
        '{"name": "\\ud800", "org_unit": "SZ"}',
        '{"name": NaN}',
        "[]",
        "null",
        b"\xff\xfe",
        "[" * 100_000,
    ],
)
def test_what_no_text_holds_is_refused_at_the_door(program: Program, body: str | bytes) -> None:
    answered = program.send("POST", "/customers", body, JSON)

    assert_is_problem(answered, 400, "malformed_body")


def test_a_typed_backslash_is_a_text_like_others(program: Program) -> None:
    body: dict[str, Any] = {"name": "Lin", "org_unit": "SZ", "note": "\\u0000 is written so"}

    answered = program.post("/customers", body)

    assert (answered.status, answered.body["note"]) == (201, "\\u0000 is written so")
