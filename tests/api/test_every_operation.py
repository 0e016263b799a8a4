"""Whatever a program sends to any operation: it never fails, refuses as described, and answers in its own form."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from ninja.operation import Operation
from pydantic import BaseModel

from hearth.api.openapi import openapi_document
from hearth.api.v1 import api
from hearth.core.permissions import permissions
from hearth.organization.models import OrgUnit
from tests.api.builders import Answered, Program, make_program
from tests.api.test_fuzz import ODD_TEXTS, VALUES
from tests.api.test_openapi import GIVE_FILES
from tests.api.walk import MADE
from tests.api.walk import OPERATIONS as PREFIX

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
FEW = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
FOUND: dict[str, Operation] = {
    operation.operation_id or "": operation
    for _prefix, router in api._routers
    for view in router.path_operations.values()
    for operation in view.operations
}
DESCRIBED: dict[str, dict[str, Any]] = {
    operation["operationId"]: operation
    for methods in openapi_document()["paths"].values()
    for operation in methods.values()
}
Draw = Callable[[Any], Any]


SOUND = {"kind": "units", "org_unit": "SZ", "match": "phone"}
FILES = (
    "",
    "楼栋,房号\n1,101\n",
    '{"房号": "101"}\n',
    "%PDF",
    '楼栋,房号\n"1',
    "PK\x03\x04",
    "\x1f\x8b",
    "a;b;c\n1;2",
)


@some.composite
def questions(draw: Draw, operation: dict[str, Any]) -> dict[str, str]:
    """What an operation demands and some of what it knows, perhaps something it does not, with odd values."""
    named = {one["name"]: one for one in operation["parameters"] if one["in"] == "query"}
    chosen = draw(some.lists(some.sampled_from([*named, "colour"]), max_size=4, unique=True))
    usual = some.sampled_from(("", "1", "true", "2026-03-18", "id", "id,name", "customer", "phone", "-id"))
    demanded = {name: SOUND[name] for name, one in named.items() if one.get("required")}
    return {**demanded, **{name: draw(usual | ODD_TEXTS) for name in chosen if draw(some.integers(0, 9))}}


@some.composite
def bodies(draw: Draw, operation: dict[str, Any]) -> Any:
    """The example, with some fields left out, replaced or added; odd bytes where a file is taken."""
    if "application/json" not in operation["requestBody"]["content"]:
        return draw(some.sampled_from(FILES).map(str.encode) | some.binary(max_size=60))
    example = operation["requestBody"]["content"]["application/json"]["example"]
    body = {name: value for name, value in example.items() if draw(some.integers(0, 9))}
    if body:
        for name in draw(some.lists(some.sampled_from(sorted(body)), max_size=2)):
            body[name] = draw(VALUES | ODD_TEXTS)
    if not draw(some.integers(0, 9)):
        body["colour"] = draw(VALUES)
    return body


def assert_is_as_described(name: str, answered: Answered) -> None:
    """Hold an answer to the description: its status, and the form of its body."""
    operation = DESCRIBED[name]
    assert answered.status < 500, answered.body
    assert str(answered.status) in operation["responses"], answered.body
    if answered.status >= 400:
        assert answered.headers["Content-Type"] == "application/problem+json"
        assert answered.body["status"] == answered.status
        return
    if name in GIVE_FILES:
        return
    form: type[BaseModel] = next(iter(FOUND[name].response_models.values()))
    form.model_validate({"response": answered.body})


@pytest.fixture
def place(company: OrgUnit, name: str) -> dict[str, Any]:
    """The parameters of the operation's address, of an object at the first city company."""
    return MADE[name](company) if name in MADE else {}


@pytest.mark.parametrize("name", sorted(FOUND))
@FEW
@given(draws=some.data())
def test_no_request_makes_an_operation_fail(
    everything: Program, place: dict[str, Any], name: str, draws: Any
) -> None:
    operation = DESCRIBED[name]
    with transaction.atomic():
        address = reverse(f"{PREFIX}{name}", kwargs=place).removeprefix("/api/v1")
        asked = draws.draw(questions(operation))
        sent = draws.draw(bodies(operation)) if "requestBody" in operation else None
        answered = everything.ask(
            FOUND[name].methods[0], address, asked, sent, Idempotency_Key=repr(sent)[:255], If_Match="*"
        )
        transaction.set_rollback(True)

    if not asked.keys() & {"fields"} or answered.status >= 400:
        assert_is_as_described(name, answered)


@pytest.fixture
def everything(company: OrgUnit) -> Program:
    """A program that may do everything at the first city company."""
    return make_program(company, *permissions)
