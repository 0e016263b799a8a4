"""Programs follow a sale: hold, number, filing, loan and the text of the contract."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.timezone import localdate

from hearth.contract_texts.models import ContractText
from hearth.core.models import EventRecord
from hearth.core.personal_data import Person
from hearth.inventory.personal_data import erase_queue
from hearth.organization.models import OrgUnit
from tests.api.builders import Program, make_program
from tests.api.records import write_contract, write_hold, write_number
from tests.contract_texts.builders import make_approved, make_given, make_read, make_sold, make_template
from tests.customers.builders import make_customer
from tests.inventory.builders import make_batch, make_opening, make_sale

pytestmark = pytest.mark.django_db
KEY = {"Idempotency_Key": "one"}


@pytest.mark.requirement("S39")
def test_a_program_holds_a_home_and_gives_it_free(program: Program, company: OrgUnit) -> None:
    unit, customer = make_sale(company)[0], make_customer(company)
    path, body = f"/units/{unit.pk}/holds", {"customer_id": str(customer.pk)}

    held = program.post(path, body, **KEY)
    again = program.post(path, body, Idempotency_Key="two")
    freed = program.post(f"/holds/{held.body['id']}/release", {})

    assert (held.status, again.status, freed.status) == (201, 422, 201)
    assert freed.body["outcome"] == "released"
    assert [row["id"] for row in program.get("/holds").body["data"]] == [held.body["id"]]


def test_a_hold_of_somebody_else_is_ended_by_who_may_hold_longer(program: Program, company: OrgUnit) -> None:
    hold = write_hold(company)

    refused = program.post(f"/holds/{hold.pk}/release", {})
    chief = make_program(company, "core.signed_in", "inventory.view", "inventory.hold", "inventory.extend")

    assert refused.status == 403
    assert chief.post(f"/holds/{hold.pk}/release", {}).status == 201


def test_numbers_follow_each_other_and_are_withdrawn_once(program: Program, company: OrgUnit) -> None:
    batch = make_batch(company)
    path = f"/release-batches/{batch.pk}/queue-registrations"
    body = {"customer_id": str(make_customer(company).pk), "amount": "50000.00"}

    first = program.post(path, body, **KEY)
    second = program.post(path, {"customer_id": str(make_customer(company).pk)}, Idempotency_Key="two")
    withdrawn = program.post(f"/queue-registrations/{first.body['id']}/withdrawal", {})
    twice = program.post(f"/queue-registrations/{first.body['id']}/withdrawal", {})

    assert (first.body["number"], second.body["number"]) == (1, 2)
    assert (withdrawn.body["state"], twice.status) == ("withdrawn", 422)
    found = program.get("/queue-registrations?filter[state][eq]=waiting")
    assert [row["number"] for row in found.body["data"]] == [2]


def test_a_number_of_an_erased_person_is_read_without_them(program: Program, company: OrgUnit) -> None:
    number = write_number(company)
    customer = number.customer
    assert customer is not None
    person = Person(frozenset([customer.pk]), frozenset(), frozenset(), customer.created_at)
    erase_queue(person, timezone.now())

    found = program.get("/queue-registrations")
    one = program.get(f"/queue-registrations/{number.pk}")

    assert (found.status, one.status) == (200, 200)
    assert [row["customer_id"] for row in found.body["data"]] == [None]
    assert one.body["customer_id"] is None


def test_openings_are_read(program: Program, company: OrgUnit) -> None:
    opening = make_opening(company)

    found = program.get(f"/openings?filter[batch_id][eq]={opening.batch_id}")

    assert [(row["state"], row["called_to"]) for row in found.body["data"]] == [
        ("running", opening.called_to)
    ]


def test_a_contract_is_filed_once(program: Program, company: OrgUnit) -> None:
    contract = write_contract(company)
    path = f"/contracts/{contract.pk}/filing"
    body = {"filing_number": "WQ1", "filed_date": contract.signed_date.isoformat()}

    filed = program.post(path, body)
    same = program.post(path, body)
    other = program.post(path, {**body, "filing_number": "WQ2"})

    assert (filed.status, same.status, other.status) == (201, 201, 422)
    assert filed.body["state"] == "filed"
    assert EventRecord.objects.filter(type="sales.contract_filed").count() == 1


def test_who_may_change_contracts_and_see_none_files_none_and_begins_no_loan(company: OrgUnit) -> None:
    contract = write_contract(company)
    day = contract.signed_date.isoformat()
    blind = make_program(company, "core.signed_in", "sales.change")
    new = {"bank": "建设银行", "kind": "commercial", "amount": "1000000.00", "applied_date": day}

    filed = blind.post(
        f"/contracts/{contract.pk}/filing", {"filing_number": "WQ1", "filed_date": day}, Idempotency_Key="a"
    )
    begun = blind.post(f"/contracts/{contract.pk}/loans", new, Idempotency_Key="b")

    contract.refresh_from_db()
    assert (filed.status, begun.status) == (404, 404)
    assert (contract.filing_number, contract.loans.count()) == ("", 0)


def test_a_loan_goes_step_by_step(program: Program, company: OrgUnit) -> None:
    contract = write_contract(company)
    day = (contract.signed_date + timedelta(days=1)).isoformat()
    new = {"bank": "建设银行", "kind": "commercial", "amount": "1000000.00", "applied_date": day}

    loan = program.post(f"/contracts/{contract.pk}/loans", new, **KEY)
    path = f"/loans/{loan.body['id']}"
    early = program.post(f"{path}/steps", {"step": "approved", "done_date": day})
    documents = program.post(f"{path}/steps", {"step": "documents", "done_date": day})
    approved = program.post(f"{path}/steps", {"step": "approved", "done_date": day, "amount": "900000.00"})
    ended = program.post(f"{path}/end", {"because": "银行拒贷"})

    assert (loan.status, early.status, documents.status) == (201, 422, 201)
    assert approved.body["approved"] == {"amount": "900000.00", "currency": "CNY"}
    assert [step["step"] for step in approved.body["steps"]] == ["applied", "documents", "approved"]
    assert ended.body["ended_because"] == "银行拒贷"
    found = program.get("/loans?filter[ended_date][empty]=true")
    assert found.body["data"] == []


def test_a_program_drafts_checks_and_saves_a_text(program: Program, company: OrgUnit) -> None:
    make_approved(make_template(company), day=localdate())
    contract = make_sold(company)

    without_key = program.post(f"/contracts/{contract.pk}/texts", {"kind": "contract"})
    drafted = program.post(f"/contracts/{contract.pk}/texts", {"kind": "contract"}, **KEY)
    again = program.post(f"/contracts/{contract.pk}/texts", {"kind": "contract"}, **KEY)
    path = f"/contract-texts/{drafted.body['id']}"
    check = program.get(f"{path}/check")

    assert (without_key.status, drafted.status, again.body["id"]) == (400, 201, drafted.body["id"])
    assert check.body == {"text_id": drafted.body["id"], "is_sound": True, "findings": []}
    assert program.get(path).body["state"] == "draft"
    assert [row["id"] for row in program.get("/contract-texts").body["data"]] == [drafted.body["id"]]


def test_a_program_reads_who_confirmed_a_text(program: Program, company: OrgUnit) -> None:
    text = make_read(make_given(company))

    found = program.get(f"/contract-texts/{text.pk}/readings")

    [reading] = found.body["readings"]
    assert found.body["marked_clauses"] == 2
    assert (reading["confirmed_clauses"], reading["how"]) == (2, "phone")


def test_a_neighbour_finds_nothing_of_it(company: OrgUnit, neighbour: OrgUnit) -> None:
    hold, number, text = write_hold(company), write_number(company), make_given(company)
    rights = ("core.signed_in", "inventory.view", "inventory.hold", "contract_texts.view", "sales.view")
    stranger = make_program(neighbour, *rights)

    statuses = [
        stranger.get(f"/holds/{hold.pk}").status,
        stranger.post(f"/holds/{hold.pk}/release", {}).status,
        stranger.get(f"/queue-registrations/{number.pk}").status,
        stranger.get(f"/contract-texts/{text.pk}/check").status,
        stranger.get(f"/contract-texts/{text.pk}/file").status,
    ]

    assert statuses == [404] * 5
    for address in ("/holds", "/queue-registrations", "/openings", "/loans", "/contract-texts"):
        assert stranger.get(address).body["data"] == []
    assert ContractText.objects.get(pk=text.pk).printed is None
