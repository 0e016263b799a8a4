"""Acts by the API do what the pages do, and what moves money is never done twice."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from hearth.api.v1 import contact_examples, sales_examples
from hearth.cases.models import Case
from hearth.channels.models import Interaction
from hearth.customers.models import Customer, UnitRole
from hearth.organization.models import OrgUnit
from hearth.privacy.models import Consent
from hearth.privacy.services import sync_purposes
from hearth.sales.models import Contract, Payment
from hearth.webhooks.models import Delivery, Endpoint
from tests.api import records
from tests.api.builders import Program
from tests.customers.builders import make_customer, make_home
from tests.webhooks.builders import make_delivery

pytestmark = pytest.mark.django_db
YESTERDAY = timezone.localdate() - timedelta(days=1)


def payment_of(contract_id: object, amount: str) -> dict[str, str]:
    """Return the body of a payment made yesterday."""
    day = YESTERDAY.isoformat()
    return {"contract_id": str(contract_id), "receipt_number": "R-1", "paid_date": day, "amount": amount}


def test_a_contract_is_signed_paid_and_cancelled(company: OrgUnit, program: Program) -> None:
    home, customer = make_home(company), make_customer(company)
    body = {"unit_id": str(home.pk), "customer_id": str(customer.pk), "number": "A-1"}
    body |= {"signed_date": YESTERDAY.isoformat(), "total_amount": "2100000.00"}

    signed = program.post("/contracts", body, Idempotency_Key="sign A-1")
    paid = program.post(
        "/payments",
        {
            "contract_id": signed.body["id"],
            "receipt_number": "R-1",
            "paid_date": YESTERDAY.isoformat(),
            "amount": "100000",
        },
        Idempotency_Key="pay R-1",
    )
    after = program.get(f"/contracts/{signed.body['id']}").body
    cancelled = program.post(f"/contracts/{signed.body['id']}/cancel", {})

    assert (signed.status, paid.status, cancelled.status) == (201, 201, 201)
    assert signed.headers["Location"] == f"/api/v1/contracts/{signed.body['id']}"
    assert after["received"] == {"amount": "100000.00", "currency": "CNY"}
    assert after["outstanding"] == {"amount": "2000000.00", "currency": "CNY"}
    assert cancelled.body["state"] == "cancelled"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/contracts", sales_examples.CONTRACT_TO_SIGN),
        ("/payments", sales_examples.PAYMENT_TO_RECEIVE),
    ],
)
def test_what_moves_money_needs_a_key(program: Program, path: str, body: dict[str, str]) -> None:
    answered = program.post(path, body)

    assert (answered.status, answered.code) == (400, "idempotency_key_required")


def test_a_payment_sent_twice_with_its_key_is_one_payment(company: OrgUnit, program: Program) -> None:
    contract = records.write_contract(company)
    body = {
        "contract_id": str(contract.pk),
        "receipt_number": "R-1",
        "paid_date": YESTERDAY.isoformat(),
        "amount": "5",
    }

    first = program.post("/payments", body, Idempotency_Key="R-1")
    second = program.post("/payments", body, Idempotency_Key="R-1")

    assert second.body == first.body
    assert second.headers["Idempotency-Replayed"] == "true"
    assert Payment.objects.get().amount == Decimal(5)


def test_refusals_of_sales_reach_the_program(company: OrgUnit, program: Program) -> None:
    contract = records.write_contract(company)
    again = {"unit_id": str(contract.unit_id), "customer_id": str(contract.customer_id), "number": "B"}
    again |= {"signed_date": YESTERDAY.isoformat(), "total_amount": "1"}
    refund = {
        "contract_id": str(contract.pk),
        "receipt_number": "R",
        "paid_date": YESTERDAY.isoformat(),
        "amount": "-1",
    }

    sold = program.post("/contracts", again, Idempotency_Key="1")
    too_much = program.post("/payments", refund, Idempotency_Key="2")

    assert (sold.status, sold.code) == (422, "unit_already_sold")
    assert (too_much.status, too_much.code) == (422, "refund_too_large")


def test_nothing_is_sold_to_or_paid_by_a_neighbours_customer(
    company: OrgUnit, neighbour: OrgUnit, program: Program
) -> None:
    foreign = records.write_contract(neighbour)
    body = {"unit_id": str(make_home(company).pk), "customer_id": str(foreign.customer_id), "number": "B"}
    body |= {"signed_date": YESTERDAY.isoformat(), "total_amount": "1"}
    payment = {
        "contract_id": str(foreign.pk),
        "receipt_number": "R",
        "paid_date": YESTERDAY.isoformat(),
        "amount": "1",
    }

    signed = program.post("/contracts", body, Idempotency_Key="1")
    paid = program.post("/payments", payment, Idempotency_Key="2")

    assert (signed.code, signed.body["errors"][0]["pointer"]) == ("unknown_reference", "/customer_id")
    assert (paid.code, paid.body["errors"][0]["pointer"]) == ("unknown_reference", "/contract_id")
    assert Contract.objects.count() == 1


def test_a_contact_is_recorded(company: OrgUnit, program: Program) -> None:
    customer = make_customer(company)
    body = {**contact_examples.INTERACTION_TO_RECORD, "customer_id": str(customer.pk)}

    answered = program.post("/interactions", body)
    later = program.post("/interactions", {**body, "occurred_at": "2199-01-01T00:00:00Z"})

    row = Interaction.objects.get()
    assert (answered.status, answered.body["id"]) == (201, str(row.pk))
    assert (row.summary, row.org_unit_id) == (body["summary"], company.pk)
    assert Customer.objects.get().last_contact_at == row.occurred_at
    assert (later.status, later.code) == (422, "contact_in_future")


def test_consent_is_given_and_withdrawn(company: OrgUnit, program: Program) -> None:
    sync_purposes()
    path = f"/customers/{make_customer(company).pk}/consents"

    given = program.post(path, contact_examples.CONSENT_TO_RECORD)
    withdrawn = program.post(path, {**contact_examples.CONSENT_TO_RECORD, "decision": "withdrawn"})
    unknown = program.post(path, {**contact_examples.CONSENT_TO_RECORD, "purpose": "espionage"})
    history = program.get(path).body["data"]

    assert (given.status, withdrawn.status, unknown.code) == (201, 201, "unknown_purpose")
    assert [row["decision"] for row in history] == ["withdrawn", "given"]
    assert Consent.objects.count() == 2


def test_a_role_on_a_home_begins_and_ends(company: OrgUnit, program: Program) -> None:
    body = {
        "customer_id": str(make_customer(company).pk),
        "unit_id": str(make_home(company).pk),
        "role": "tenant",
    }

    begun = program.post("/unit-roles", body)
    twice = program.post("/unit-roles", body)
    ended = program.post(f"/unit-roles/{begun.body['id']}/end", {"last_day": YESTERDAY.isoformat()})

    assert (begun.status, twice.code, ended.status) == (201, "unit_role_already_held", 201)
    assert UnitRole.objects.get().valid_to == YESTERDAY


def test_a_case_is_answered_changed_and_closed(company: OrgUnit, program: Program) -> None:
    path = f"/cases/{records.write_case(company)}"

    early = program.post(f"{path}/close", {})
    changed = program.post(f"{path}/change", {"grade": "important"})
    answered = program.post(f"{path}/answer", {"reply": "On Thursday."})
    closed = program.post(f"{path}/close", {})

    assert (early.status, early.code) == (422, "not_answered")
    assert (changed.status, answered.status, closed.status) == (201, 201, 201)
    case = Case.objects.get()
    assert (case.grade, case.reply, case.state) == ("important", "On Thursday.", "closed")


def test_an_assignee_must_exist(company: OrgUnit, program: Program) -> None:
    answered = program.post(f"/cases/{records.write_case(company)}/change", {"assignee_id": 10**9})

    assert (answered.code, answered.body["errors"][0]["pointer"]) == ("unknown_reference", "/assignee_id")


def test_only_the_headers_come_when_they_are_wanted(company: OrgUnit, program: Program) -> None:
    answered = program.post("/customers", {"name": "Lin", "org_unit": "SZ"}, Prefer="return=minimal")

    assert (answered.status, answered.body) == (204, None)
    assert answered.headers["Preference-Applied"] == "return=minimal"
    assert answered.headers["Location"] == f"/api/v1/customers/{Customer.objects.get().pk}"


def test_a_webhook_is_made_changed_tried_renewed_and_removed(company: OrgUnit, program: Program) -> None:
    body = {
        "org_unit": "SZ",
        "name": "ERP",
        "url": "https://erp.example.com/hooks",
        "types": ["cases.opened"],
    }

    made = program.post("/webhooks", body)
    path = f"/webhooks/{made.body['id']}"
    renamed = program.patch(path, {"name": "SAP"})
    tried = program.post(f"{path}/test", {})
    renewed = program.post(f"{path}/secret", {})
    paused = program.patch(path, {"is_paused": True})
    seen = program.get(path)
    removed = program.delete(path)

    assert (made.status, tried.status, renewed.status, removed.status) == (201, 201, 201, 200)
    assert made.body["secret"].startswith("whsec_")
    assert renewed.body["secret"] != made.body["secret"]
    assert (renamed.body["name"], renamed.body["url"]) == ("SAP", body["url"])
    assert (paused.body["state"], "secret" in seen.body) == ("paused", False)
    assert not Endpoint.objects.exists()


def test_the_log_of_a_webhook_is_read_and_replayed(company: OrgUnit, program: Program) -> None:
    made = program.post("/webhooks", {"org_unit": "SZ", "name": "x", "url": "https://example.com/"})
    endpoint = Endpoint.objects.get()
    delivery = make_delivery(endpoint, now=timezone.now())
    Delivery.objects.update(state="failed", attempts=10)
    path = f"/webhooks/{made.body['id']}"

    failed = program.get(f"{path}/deliveries", {"filter[state][eq]": "failed"}).body["data"]
    again = program.post(f"{path}/deliveries/{delivery.pk}/replay", {})
    now = timezone.now()
    several = program.post(
        f"{path}/replay",
        {"since": (now - timedelta(hours=1)).isoformat(), "until": (now + timedelta(hours=1)).isoformat()},
    )

    assert [row["event_id"] for row in failed] == [str(delivery.event_id)]
    assert (again.status, again.body["state"], again.body["attempts"]) == (201, "waiting", 0)
    assert several.body["events"] >= 1


def test_a_segment_and_a_campaign_are_read(company: OrgUnit, program: Program) -> None:
    segment, campaign = records.write_segment(company), records.write_campaign(company)

    members = program.get(f"/segments/{segment.pk}/members").body["data"]
    counts = program.get(f"/segments/{segment.pk}/counts").body["data"]
    report = program.get(f"/campaigns/{campaign.pk}/report").body

    assert len(members) == 1
    assert counts[0]["has_members"] is True
    assert report["campaign_id"] == str(campaign.pk)
    assert [arm["is_control"] for arm in report["arms"]] == [True, False]


def test_a_webhook_that_somebody_changed_meanwhile_is_not_changed_again(
    company: OrgUnit, program: Program
) -> None:
    address = f"/webhooks/{records.write_webhook(company)}"
    known = program.get(address).headers["ETag"]
    changed = program.patch(address, {"name": "First"}, If_Match=known)

    refused = program.patch(address, {"name": "Second"}, If_Match=known)

    assert (changed.status, changed.headers["ETag"] != known) == (200, True)
    assert (refused.status, refused.code) == (412, "version_changed")
    assert refused.body["current"]["name"] == "First"
    assert program.patch(address, {"name": "Third"}).status == 200
