"""The API is as its description says, and what was made leads on to what can be done with it.

Schemathesis draws cases from the description alone. What that cannot say, bodies that nearly mean something and files,
is drawn from the examples by `test_every_operation.py`.
"""

import json
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from django.utils.timezone import localdate
from hypothesis import HealthCheck, Phase, settings
from schemathesis import Case
from schemathesis.checks import CHECKS
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from hearth.api.openapi import openapi_document, write_document
from hearth.core.permissions import permissions
from hearth.leads.grading import sync_grades
from hearth.lib.identifiers import uuid7
from hearth.organization.models import OrgUnit
from tests.api import records
from tests.api.builders import Answered, Program, make_program
from tests.api.importing import HOMES, TO_HOMES, send
from tests.api.walk import MADE
from tests.brokers.builders import make_broker
from tests.customers.builders import make_customer, make_home
from tests.gates.life import found_in, marks_of_rows, write_life
from tests.group_cases.builders import make_complaint
from tests.organization.builders import make_group

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
FEW = settings(
    max_examples=4,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
# Its other checks ask again with methods, headers and tokens of their own, which our tests of access do, or expect that
# whatever has the right form is done, where rules say no.
CHECKED: list[Any] = [
    CHECKS.get_one("not_a_server_error"),
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
described = schemathesis.openapi.from_dict(json.loads(write_document()))


@cache
def _handler() -> WSGIHandler:
    """Return the application; its middleware is loaded once the test's settings hold."""
    return WSGIHandler()


def serve(environ: dict[str, Any], start: Any) -> Any:
    """Answer as the server does."""
    return _handler()(environ, start)


described.app = serve


@pytest.fixture(autouse=True)
def _one_connection() -> Iterator[None]:
    """Keep the connection of the test, as Django's own client does, when a request ends."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def everything(company: OrgUnit) -> Program:
    """A program that may do everything at the first city company."""
    return make_program(company, *permissions)


@pytest.fixture(scope="module")
def life_next_door(ground: Path) -> tuple[OrgUnit, frozenset[bytes]]:
    """The group, with a customer who has a row in every table at the other city company; what tells these rows."""
    group = make_group()
    write_life(OrgUnit.objects.get(code="GZ"))
    return group, frozenset(marks_of_rows())


@pytest.fixture
def group(db: None, life_next_door: tuple[OrgUnit, frozenset[bytes]]) -> OrgUnit:
    """The root of the organisation in which that customer lives."""
    return life_next_door[0]


@pytest.fixture
def next_door(life_next_door: tuple[OrgUnit, frozenset[bytes]]) -> frozenset[bytes]:
    """What tells each row of the other city company."""
    return life_next_door[1]


@pytest.mark.requirement("S60")
@described.parametrize()
@FEW
def test_an_operation_answers_as_it_is_described_and_with_no_foreign_row(
    case: Case[Any], company: OrgUnit, everything: Program, next_door: frozenset[bytes]
) -> None:
    with transaction.atomic():
        name = case.operation.definition.raw["operationId"]
        if name in MADE:
            case.path_parameters = {each: str(value) for each, value in MADE[name](company).items()}
        response = case.call(headers=everything.headers)
        transaction.set_rollback(True)

    # What `fields` leaves out of an answer, its description cannot.
    left_out = {response_schema_conformance} if "fields" in (case.query or {}) else set()
    case.validate_response(response, checks=[check for check in CHECKED if check not in left_out])
    assert found_in(response.content, next_door) == []


OPERATIONS: dict[str, dict[str, Any]] = {
    operation["operationId"]: {**operation, "method": method.upper(), "path": path.removeprefix("/api/v1")}
    for path, methods in openapi_document()["paths"].items()
    for method, operation in methods.items()
}
LEADING = sorted(
    name for name, operation in OPERATIONS.items() if operation["responses"].get("201", {}).get("links")
)
# There once the work is done; a worker does it.
LATER = {"get_import_result", "get_import_report", "get_export_file", "get_payment_plan"}


def references(company: OrgUnit) -> dict[str, Any]:
    """Make what a body may name, and the grades that ship."""
    sync_grades()
    contract, home = records.write_contract(company), make_home(company)
    return {
        "broker_id": str(make_broker(company).pk),
        "planned_date": localdate().isoformat(),
        "customer_id": str(make_customer(company).pk),
        "project_id": str(home.project_id),
        "unit_id": str(home.pk),
        "contract_id": str(contract.pk),
        "case_ids": [str(make_complaint(company, home=home).pk)],
    }


def ask_for(program: Program, name: str, known: dict[str, Any], **parameters: str) -> Answered:
    """Ask for an operation with its example, whatever it names put in place of what does not exist."""
    operation = OPERATIONS[name]
    if name == "post_import":
        return send(program, TO_HOMES, HOMES)
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("example")
    sent = None if body is None else {key: known.get(key, value) for key, value in body.items()}
    path = operation["path"].format(**parameters)
    return program.ask(operation["method"], path, {}, sent, If_Match="*", Idempotency_Key=str(uuid7()))


@pytest.mark.parametrize("name", LEADING)
def test_what_was_made_is_at_its_address_and_leads_to_all_that_can_be_done_with_it(
    company: OrgUnit, everything: Program, name: str
) -> None:
    made = ask_for(everything, name, references(company))
    assert made.status == 201, made.body
    links = OPERATIONS[name]["responses"]["201"]["links"]
    removals = [linked for linked in links if OPERATIONS[linked]["method"] == "DELETE"]

    statuses = {}
    for linked in sorted(links, key=lambda each: each in removals):
        (parameter,) = links[linked]["parameters"]
        asked = ask_for(everything, linked, references(company), **{parameter: made.body["id"]})
        statuses[linked] = asked.status

    described_as = {linked: set(OPERATIONS[linked]["responses"]) for linked in links}
    assert {
        linked: str(status) for linked, status in statuses.items() if str(status) not in described_as[linked]
    } == {}
    assert [linked for linked, status in statuses.items() if status >= 500] == []
    assert {linked for linked, status in statuses.items() if status == 404} <= LATER
    if gets := [linked for linked in links if OPERATIONS[linked]["path"].endswith("}") and "get" in linked]:
        answered = everything.get(made.headers["Location"].removeprefix("/api/v1"))
        assert statuses[gets[0]] == 200
        assert answered.status == (404 if removals else 200)
        assert answered.status == 404 or answered.body["id"] == made.body["id"]


# Of these it draws steps that lead nowhere; `test_what_was_made…` goes their ways.
NOWHERE = {"post_import", "post_export", "post_contract", "post_group_case"}


@pytest.mark.parametrize("making", sorted({*LEADING} - NOWHERE))
def test_journeys_from_what_was_made_end_nowhere_unexpected(
    company: OrgUnit, everything: Program, next_door: frozenset[bytes], making: str
) -> None:
    """Steps follow one another as the links say, in any order and again, also on what is no more."""
    known, done = references(company), Counter[str]()
    linked = list(OPERATIONS[making]["responses"]["201"]["links"])
    travelled = described.include(operation_id=[making, *linked])
    travelled.app = serve

    class Journey(travelled.as_state_machine()):  # type: ignore[misc]
        """Undoes at its end what it made."""

        def setup(self) -> None:
            self.undone = transaction.atomic()
            self.undone.__enter__()

        def teardown(self) -> None:
            transaction.set_rollback(True)
            self.undone.__exit__(None, None, None)

        def before_call(self, case: Case[Any]) -> None:
            name = case.operation.definition.raw["operationId"]
            content = OPERATIONS[name].get("requestBody", {}).get("content", {})
            example = content.get("application/json", {}).get("example")
            if example is not None and case.method == "POST":
                case.body = {key: known.get(key, value) for key, value in example.items()}
                case.media_type = "application/json"
            case.query = {}
            case.headers.update({"If-Match": "*", "Idempotency-Key": str(uuid7())})

        def get_call_kwargs(self, case: Case[Any]) -> dict[str, Any]:
            return {"headers": everything.headers}

        def validate_response(self, response: Any, case: Case[Any], **_kwargs: Any) -> None:
            if response.status_code < 300:
                done[case.operation.definition.raw["operationId"]] += 1
            case.validate_response(response, checks=CHECKED)

    Journey.run(settings=settings(FEW, max_examples=5, stateful_step_count=8))

    assert done[making] > 0
    assert set(done) & set(linked)


IDS = ("case_ids", "contract_id", "customer_id", "project_id", "unit_id")


def named_by(name: str) -> list[str]:
    """Return what an operation's body names of others, by its example."""
    content = OPERATIONS[name].get("requestBody", {}).get("content", {})
    example = content.get("application/json", {}).get("example")
    return [key for key in IDS if isinstance(example, dict) and key in example]


@pytest.mark.requirement("S60")
@pytest.mark.parametrize("name", sorted(name for name in OPERATIONS if named_by(name)))
def test_what_a_body_names_next_door_is_refused_and_not_told(
    company: OrgUnit, neighbour: OrgUnit, everything: Program, next_door: frozenset[bytes], name: str
) -> None:
    ours, theirs = references(company), references(neighbour)
    made = {key: str(value) for key, value in MADE[name](company).items()} if name in MADE else {}

    answers = {}
    for key in named_by(name):
        with transaction.atomic():
            answers[key] = ask_for(everything, name, {**ours, key: theirs[key]}, **made)
            transaction.set_rollback(True)

    assert {key: answer.status for key, answer in answers.items() if not 400 <= answer.status < 500} == {}
    told = {
        key: found_in(f"{answer.body}{answer.text}".encode(), next_door) for key, answer in answers.items()
    }
    assert {key: found for key, found in told.items() if found} == {}
