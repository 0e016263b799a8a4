"""Changes of contracts by API."""

from decimal import Decimal

import pytest

from hearth.contract_changes.models import ChangeRequest
from hearth.organization.models import OrgUnit
from tests.api.builders import make_program
from tests.contract_changes.builders import make_paid, make_request, set_bands
from tests.customers.builders import make_customer

pytestmark = pytest.mark.django_db
DISCOUNT = {"kind": "discount", "reason": "同层成交价更低", "total_amount": "1950000.00"}


def test_a_program_asks_for_a_change_and_another_approves_it(company: OrgUnit) -> None:
    contract = make_paid(company)
    set_bands(company, {"kind": "any", "steps": ["city_company"]})
    asking, approving = make_program(company), make_program(company)

    asked = asking.post(f"/contracts/{contract.pk}/changes", DISCOUNT, **{"Idempotency-Key": "a"})
    own = asking.post(f"/contract-changes/{asked.body['id']}/approval", {})
    approved = approving.post(f"/contract-changes/{asked.body['id']}/approval", {"comment": "同意"})
    read = asking.get(f"/contract-changes/{asked.body['id']}")
    found = asking.get("/contract-changes", {"filter[state][in]": "approved"})

    assert asked.status == 201
    assert asked.headers["Location"] == f"/api/v1/contract-changes/{asked.body['id']}"
    assert asked.body["difference"] == {"amount": "-50000.00", "currency": "CNY"}
    assert own.code == "own_work"
    assert (approved.status, approved.body["state"]) == (201, "approved")
    assert [step["comment"] for step in read.body["steps"]] == ["同意"]
    assert [row["id"] for row in found.body["data"]] == [asked.body["id"]]


def test_a_program_is_refused_in_words_beside_the_field(company: OrgUnit, neighbour: OrgUnit) -> None:
    contract, program = make_paid(company), make_program(company)
    stranger = make_customer(neighbour)
    address = f"/contracts/{contract.pk}/changes"

    dearer = program.post(address, {**DISCOUNT, "total_amount": "2000000.01"}, **{"Idempotency-Key": "a"})
    unknown = program.post(
        address,
        {"kind": "name_change", "reason": "亲属", "customer_id": str(stranger.pk)},
        **{"Idempotency-Key": "b"},
    )
    odd = program.post(address, {**DISCOUNT, "kind": "moon"}, **{"Idempotency-Key": "c"})

    assert (dearer.status, unknown.status, odd.status) == (422, 422, 422)
    assert dearer.body["errors"][0]["code"] == "no_discount"
    assert odd.body["errors"][0]["code"] == "kind_unknown"
    assert not ChangeRequest.objects.exists()


def test_a_refusal_by_api_needs_a_word_and_the_neighbour_finds_nothing(
    company: OrgUnit, neighbour: OrgUnit
) -> None:
    request, program = make_request(company), make_program(company)
    address = f"/contract-changes/{request.pk}"

    silent = program.post(f"{address}/refusal", {})
    refused = program.post(f"{address}/refusal", {"comment": "理由不足"})
    foreign = make_program(neighbour).get(address)

    assert (silent.status, refused.status, foreign.status) == (422, 201, 404)
    assert refused.body["state"] == "refused"
    request.refresh_from_db()
    assert request.difference_amount == Decimal(-50_000)
