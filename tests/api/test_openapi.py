"""The description of the API is complete, committed and true."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from pydantic import BaseModel

from hearth.api.openapi import openapi_document, write_document
from hearth.api.v1 import api, examples
from tests.api.builders import Program

COMMITTED = Path(settings.ROOT) / "docs" / "openapi.json"
TAKE_FILES = {"post_import"}
GIVE_FILES = {"get_import_result", "get_import_report", "get_export_file", "get_contract_text_file"}
# An answer of 304 says nothing.
NOTHING_NEW = {"": {"example": "none"}}
OPERATIONS = [
    (method, path, operation)
    for path, methods in openapi_document()["paths"].items()
    for method, operation in methods.items()
]


OF_JSON = [each for each in OPERATIONS if each[2]["operationId"] not in GIVE_FILES]


def answer_models() -> dict[str, type[BaseModel]]:
    """Return what each operation answers, by its name."""
    return {
        operation.operation_id or "": next(iter(operation.response_models.values()))
        for _prefix, router in api._routers
        for view in router.path_operations.values()
        for operation in view.operations
    }


def test_the_committed_description_is_the_one_that_is_served(client: Client) -> None:
    served = client.get("/api/v1/openapi.json")

    assert served.content.decode() == write_document()
    assert COMMITTED.read_text(encoding="utf-8") == write_document(), (
        "Write it again: python -m hearth manage write_openapi"
    )


def test_it_is_openapi_3_1_and_every_reference_leads_somewhere() -> None:
    document = openapi_document()
    text = json.dumps(document)

    references = {part.split('"')[0] for part in text.split('"$ref": "')[1:]}

    assert document["openapi"] == "3.1.0"
    for reference in references:
        target: Any = document
        for step in reference.removeprefix("#/").split("/"):
            target = target[step]


@pytest.mark.parametrize(("method", "path", "operation"), OPERATIONS, ids=lambda value: str(value)[:40])
def test_every_operation_says_what_it_does_and_how_it_refuses(
    method: str, path: str, operation: dict[str, Any]
) -> None:
    success = [answer for status, answer in operation["responses"].items() if status.startswith("2")]
    refusals = {status for status in operation["responses"] if status >= "400"}

    assert operation["summary"]
    assert operation["description"]
    assert operation["security"]
    assert all(each["example"] for answer in success for each in answer.get("content", NOTHING_NEW).values())
    assert {"400", "401", "403", "429", "500"} <= refusals
    assert ("404" in refusals) == ("{" in path)
    if method != "get":
        assert {"409", "413", "415", "422"} <= refusals
    if method in {"post", "patch", "put"} and operation["operationId"] not in TAKE_FILES:
        assert operation["requestBody"]["content"]["application/json"]["example"] is not None


@pytest.mark.parametrize(("method", "path", "operation"), OF_JSON, ids=lambda value: str(value)[:40])
def test_every_example_has_exactly_the_form_of_its_answer(
    method: str, path: str, operation: dict[str, Any]
) -> None:
    status = "201" if method == "post" else "200"
    example = operation["responses"][status]["content"]["application/json"]["example"]
    model = answer_models()[operation["operationId"]]

    read = model.model_validate({"response": example})

    assert read.model_dump(mode="json") == {"response": example}


@pytest.mark.django_db
def test_the_examples_of_bodies_do_what_they_say(program: Program) -> None:
    customer = program.post("/customers", examples.CUSTOMER_TO_CREATE)
    changed = program.patch(
        f"/customers/{customer.body['id']}", examples.CUSTOMER_CHANGE, If_Match=customer.headers["ETag"]
    )
    case = program.post("/cases", examples.CASE_TO_OPEN)

    assert (customer.status, changed.status, case.status) == (201, 200, 201)
    assert set(customer.body) == set(examples.CUSTOMER)
    assert set(case.body) == set(examples.CASE_WHOLE) - {"customer", "unit"}


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_people_can_read_the_operations(client: Client, language: str) -> None:
    client.cookies["hearth_language"] = language

    page = client.get("/api/v1/docs").content.decode()

    for _method, path, operation in OPERATIONS:
        assert f'id="{operation["operationId"]}"' in page
        assert path in page
