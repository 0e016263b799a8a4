"""A change that is only tried: all rules speak, nothing is done."""

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from hearth.cases.models import Case
from hearth.core.models import EventRecord, IdempotencyKey
from hearth.customers.models import Customer
from hearth.organization.models import OrgUnit
from hearth.sales.models import Payment
from tests.api import records
from tests.api.builders import Program, make_program
from tests.api.importing import CREATE_PROJECTS, HOMES, TO_HOMES, send
from tests.customers.builders import make_customer

pytestmark = pytest.mark.django_db
CASE = {"org_unit": "SZ", "title": "Wet", "body": "Wet"}


def test_what_is_tried_answers_as_if_it_were_done_and_is_not(company: OrgUnit, program: Program) -> None:
    events = EventRecord.objects.count()

    tried = program.ask("POST", "/cases", {"dry_run": "true"}, CASE, Idempotency_Key="k")
    done = program.post("/cases", CASE, Idempotency_Key="k")

    assert (tried.status, tried.headers["Dry-Run"]) == (201, "true")
    assert set(tried.body) == set(done.body)
    assert not {"Location", "ETag"} & set(tried.headers)
    assert (done.status, "Dry-Run" in done.headers, "Idempotency-Replayed" in done.headers) == (
        201,
        False,
        False,
    )
    assert Case.objects.count() == 1
    assert EventRecord.objects.filter(type="cases.opened").count() == 1
    assert EventRecord.objects.count() == events + 1


def test_a_refusal_is_the_same_when_it_is_tried(company: OrgUnit, program: Program) -> None:
    make_customer(company, name="Lin", phones=["13912345678"])
    body = {"name": "Lin", "org_unit": "SZ", "phones": ["13912345678"]}

    tried = program.ask("POST", "/customers", {"dry_run": "true"}, body)
    senseless = program.ask("POST", "/customers", {"dry_run": "true"}, {"name": "x"})

    assert (tried.status, tried.code, len(tried.body["candidates"])) == (409, "duplicate", 1)
    assert (senseless.status, senseless.code) == (422, "invalid_body")
    assert Customer.objects.count() == 1


def test_money_is_tried_without_a_key_and_moved_with_one_only(company: OrgUnit, program: Program) -> None:
    contract = records.write_contract(company)
    body = {
        "contract_id": str(contract.pk),
        "receipt_number": "R1",
        "paid_date": "2026-03-18",
        "amount": "100.00",
    }

    tried = program.ask("POST", "/payments", {"dry_run": "true"}, body)
    refused = program.ask("POST", "/payments", {"dry_run": "false"}, body)

    assert (tried.status, tried.headers["Dry-Run"]) == (201, "true")
    assert (refused.status, refused.code) == (400, "idempotency_key_required")
    assert (Payment.objects.count(), IdempotencyKey.objects.count()) == (0, 0)


def test_a_batch_is_tried_as_a_whole(program: Program) -> None:
    operations = [{"method": "POST", "path": "/cases", "body": CASE}]

    tried = program.ask("POST", "/batch", {"dry_run": "true"}, {"operations": operations})
    part = program.post("/batch", {"operations": [{**operations[0], "path": "/cases?dry_run=true"}]})

    assert tried.body["results"][0]["status"] == part.body["results"][0]["status"] == 201
    assert Case.objects.count() == 0


def test_nothing_is_queued_by_what_is_tried(program: Program) -> None:
    job_id = send(program, TO_HOMES, HOMES).body["id"]
    program.patch(f"/jobs/import/{job_id}", CREATE_PROJECTS)

    tried = program.ask("POST", f"/jobs/import/{job_id}/preview", {"dry_run": "1"}, {})

    assert (tried.status, tried.body["state"]) == (201, "checking")
    assert program.get(f"/jobs/import/{job_id}").body["state"] == "uploaded"
    assert not ProcrastinateJob.objects.filter(task_name="imports.check").exists()


def test_whether_it_is_tried_must_be_clear(program: Program) -> None:
    unclear = program.ask("POST", "/cases", {"dry_run": "perhaps"}, CASE)
    reading = program.get("/cases", {"dry_run": "true"})

    assert (unclear.status, unclear.body["errors"][0]["pointer"]) == (400, "dry_run")
    assert (reading.status, reading.code) == (400, "unknown_parameter")
    assert Case.objects.count() == 0


def test_who_may_not_change_may_not_try(company: OrgUnit) -> None:
    reader = make_program(company, can_write=False)

    answered = reader.ask("POST", "/cases", {"dry_run": "true"}, CASE)

    assert (answered.status, answered.code) == (403, "token_reads_only")
