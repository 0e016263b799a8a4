"""Whatever a program sends, the API answers: it never fails."""

from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from tests.api.builders import Program
from tests.customers.builders import make_customer

pytestmark = pytest.mark.django_db
FEW = settings(
    max_examples=25,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
TEXTS = some.text(max_size=40)
ODD_WORDS = ("SZ", "0", "-1", "9" * 30, "null", "%", "'", '"', "\\", "\u202e", "😀", "a@b.cn", "13912345678")
ODD_DAYS = ("1900-02-30", "0001-01-01", "9999-12-31", "2026-03-18T06:30:00Z", "110101199003078515")
ODD_TEXTS = some.sampled_from(("", *ODD_WORDS, *ODD_DAYS))
VALUES = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats(allow_nan=False) | TEXTS | ODD_TEXTS,
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)
CUSTOMER_FIELDS = ["name", "kind", "phones", "emails", "addresses", "sex", "birth_date", "identity_number"]
CUSTOMER_FIELDS += [
    "source",
    "household_id",
    "responsible_id",
    "external_key",
    "note",
    "occupation",
    "colour",
]
CASE_FIELDS = ["title", "body", "kind", "grade", "channel", "topic", "opened_at", "customer_id", "unit_id"]
PARAMETERS = ["q", "kind", "source", "responsible_id", "org_unit", "has_home", "created_from", "created_to"]
PARAMETERS += ["sort", "cursor", "limit", "exact_count"]


def bodies(fields: list[str]) -> "some.SearchStrategy[dict[str, Any]]":
    """Bodies that are nearly right: some fields of an operation with values of any kind."""
    values = VALUES | some.lists(ODD_TEXTS, max_size=2)
    return some.dictionaries(some.sampled_from(fields), values, max_size=5)


@FEW
@given(body=bodies(CUSTOMER_FIELDS))
def test_no_customer_makes_it_fail(program: Program, body: dict[str, Any]) -> None:
    with transaction.atomic():
        answered = program.post("/customers", {"name": "Lin", "org_unit": "SZ", **body})
        transaction.set_rollback(True)

    assert answered.status in {201, 400, 409, 422}


@FEW
@given(body=bodies(CUSTOMER_FIELDS))
def test_no_change_makes_it_fail(program: Program, company: Any, body: dict[str, Any]) -> None:
    with transaction.atomic():
        path = f"/customers/{make_customer(company).pk}"
        answered = program.patch(path, body, If_Match="*")
        transaction.set_rollback(True)

    assert answered.status in {200, 400, 422}


@FEW
@given(body=bodies(CASE_FIELDS))
def test_no_case_makes_it_fail(program: Program, body: dict[str, Any]) -> None:
    with transaction.atomic():
        answered = program.post("/cases", {"title": "Wet", "body": "Wet", "org_unit": "SZ", **body})
        transaction.set_rollback(True)

    assert answered.status in {201, 400, 409, 422}


@FEW
@given(parameters=some.dictionaries(some.sampled_from(PARAMETERS), TEXTS | ODD_TEXTS, max_size=4))
def test_no_parameter_makes_it_fail(program: Program, parameters: dict[str, str]) -> None:
    answered = program.get("/customers", parameters)

    assert answered.status in {200, 400}


@FEW
@given(body=some.binary(max_size=60) | TEXTS)
def test_no_bytes_make_it_fail(program: Program, body: bytes | str) -> None:
    answered = program.send("POST", "/cases", body, "application/json")

    assert answered.status in {400, 422}
