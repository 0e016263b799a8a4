"""Many operations in one request: each as if it came alone, all or none where that is asked."""

from typing import Any

import pytest
from django.conf import LazySettings

from hearth.cases.models import Case
from hearth.customers.models import Customer
from hearth.organization.models import OrgUnit
from hearth.sales.models import Payment
from tests.api import records
from tests.api.builders import Program, make_program
from tests.customers.builders import make_customer

pytestmark = pytest.mark.django_db
WET = {"org_unit": "SZ", "title": "Wet", "body": "Wet"}


def operation(method: str, path: str, body: Any = None, **more: Any) -> dict[str, Any]:
    return {"method": method, "path": path, "body": body, **more}


def run(program: Program, *operations: dict[str, Any], atomic: bool = False) -> dict[str, Any]:
    """Send a batch and return what came of it."""
    answered = program.post("/batch", {"operations": list(operations), "atomic": atomic})
    assert answered.status == 201, answered.body
    body: dict[str, Any] = answered.body
    return body


def test_each_operation_gets_its_own_answer(company: OrgUnit, program: Program) -> None:
    customer = make_customer(company)

    body = run(
        program,
        operation("POST", "/cases", WET, id="first"),
        operation("POST", "/cases", {"title": "x"}),
        operation("GET", f"/customers/{customer.pk}?fields=number"),
        operation("GET", "/castles"),
        operation("DELETE", "/cases"),
    )

    assert body["committed"] is True
    assert [result["status"] for result in body["results"]] == [201, 422, 200, 404, 405]
    assert body["results"][0]["id"] == "first"
    assert body["results"][0]["headers"]["Location"] == f"/api/v1/cases/{Case.objects.get().pk}"
    assert body["results"][1]["body"]["type"] == "/api/problems/invalid_body"
    assert body["results"][2]["body"] == {"id": str(customer.pk), "number": customer.number}


def test_all_or_none_undoes_everything_at_the_first_refusal(company: OrgUnit, program: Program) -> None:
    body = run(
        program,
        operation("POST", "/cases", WET),
        operation("POST", "/cases", {"title": "x"}),
        operation("POST", "/cases", WET),
        atomic=True,
    )

    assert body["committed"] is False
    assert [result["status"] for result in body["results"]] == [201, 422, None]
    assert not Case.objects.exists()


def test_a_refusal_among_others_undoes_only_itself(company: OrgUnit, program: Program) -> None:
    known = make_customer(company, phone="13912345678")
    new = {"name": "Lin", "org_unit": "SZ", "phones": ["13912345678"]}

    body = run(program, operation("POST", "/customers", new), operation("POST", "/cases", WET))

    assert [result["status"] for result in body["results"]] == [409, 201]
    assert Customer.objects.get() == known
    assert Case.objects.count() == 1


def test_rights_and_places_are_asked_for_each_operation(company: OrgUnit, stranger: Program) -> None:
    customer = make_customer(company)
    reader = make_program(company, "core.signed_in", "customers.view")

    foreign = run(stranger, operation("GET", f"/customers/{customer.pk}"))
    without = run(reader, operation("POST", "/cases", WET), operation("GET", f"/customers/{customer.pk}"))

    assert foreign["results"][0]["status"] == 404
    assert [result["status"] for result in without["results"]] == [403, 200]


def test_headers_belong_to_an_operation(company: OrgUnit, program: Program) -> None:
    contract = records.write_contract(company)
    payment = {
        "contract_id": str(contract.pk),
        "receipt_number": "R",
        "paid_date": "2026-01-05",
        "amount": "5",
    }
    keyed = operation("POST", "/payments", payment, headers={"Idempotency-Key": "R"})

    body = run(program, keyed, keyed, operation("POST", "/payments", payment))

    assert [result["status"] for result in body["results"]] == [201, 201, 400]
    assert body["results"][1]["headers"]["Idempotency-Replayed"] == "true"
    assert Payment.objects.count() == 1


def test_a_batch_holds_no_batch(program: Program) -> None:
    inner = {"operations": [operation("GET", "/me")]}

    body = run(program, operation("POST", "/batch", inner), operation("GET", "/openapi.json"))

    assert [result["status"] for result in body["results"]] == [404, 404]


@pytest.mark.parametrize("path", ["me", "/a b", "/\r\nX: y", "//example.com/", "/../../admin", "/é"])
def test_no_path_leads_out_of_the_api(program: Program, path: str) -> None:
    answered = program.post("/batch", {"operations": [operation("GET", path)]})

    statuses = {422} if answered.status == 422 else {each["status"] for each in answered.body["results"]}
    assert statuses <= {404, 422}


def test_five_hundred_are_the_most(program: Program) -> None:
    answered = program.post("/batch", {"operations": [operation("GET", "/me")] * 501})

    assert (answered.status, answered.body["errors"][0]["code"]) == (422, "too_long")


def test_operations_of_batches_have_an_allowance_of_their_own(
    company: OrgUnit, settings: LazySettings
) -> None:
    settings.API_BATCH_OPERATIONS_PER_MINUTE = 3
    program = make_program(company)
    four = {"operations": [operation("GET", "/me")] * 4}

    answered = program.post("/batch", four)

    assert (answered.status, answered.code) == (429, "too_many_requests")
    assert int(answered.headers["Retry-After"]) <= 60


def test_a_whole_batch_is_repeated_by_its_key(program: Program) -> None:
    batch = {"operations": [operation("POST", "/cases", WET)]}

    first = program.post("/batch", batch, Idempotency_Key="b1")
    second = program.post("/batch", batch, Idempotency_Key="b1")

    assert second.body == first.body
    assert Case.objects.count() == 1
