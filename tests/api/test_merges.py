"""Other systems merge customers once, and undo it."""

from uuid import uuid4

import pytest

from hearth.customers.models import Customer, CustomerMerge
from hearth.customers.permissions import MERGE_CUSTOMER, VIEW_CUSTOMER
from hearth.organization.models import OrgUnit
from tests.api.builders import Program, make_program
from tests.customers.builders import make_customer

pytestmark = pytest.mark.django_db


@pytest.fixture
def steward(company: OrgUnit) -> Program:
    """A program that may see and merge the customers of the company."""
    return make_program(company, VIEW_CUSTOMER, MERGE_CUSTOMER)


@pytest.mark.requirement("S133")
def test_customers_are_merged_once_however_often_it_is_asked(steward: Program, company: OrgUnit) -> None:
    survivor, absorbed = make_customer(company, name="Lin"), make_customer(company, name="Lin Yue")
    body = {"absorbed_ids": [str(absorbed.pk)], "values": {"name": str(absorbed.pk)}}

    answers = [
        steward.post(f"/customers/{survivor.pk}/merge", body, Idempotency_Key="k1") for _number in range(2)
    ]

    survivor.refresh_from_db()
    assert [answer.status for answer in answers] == [201, 201]
    assert answers[0].body == answers[1].body
    assert (CustomerMerge.objects.count(), survivor.name) == (1, "Lin Yue")


def test_a_merge_is_undone(steward: Program, company: OrgUnit) -> None:
    survivor, absorbed = make_customer(company), make_customer(company)
    made = steward.post(
        f"/customers/{survivor.pk}/merge", {"absorbed_ids": [str(absorbed.pk)]}, Idempotency_Key="k1"
    )

    undone = steward.patch(f"/merges/{made.body['id']}", {"undone": True})

    assert (undone.status, undone.body["absorbed_ids"]) == (200, [str(absorbed.pk)])
    assert undone.body["undone_at"]
    assert not Customer.objects.filter(merged_into__isnull=False).exists()


def test_without_a_key_nothing_is_merged(steward: Program, company: OrgUnit) -> None:
    survivor, absorbed = make_customer(company), make_customer(company)

    answered = steward.post(f"/customers/{survivor.pk}/merge", {"absorbed_ids": [str(absorbed.pk)]})

    assert (answered.status, answered.code) == (400, "idempotency_key_required")


@pytest.mark.parametrize("is_there", [True, False])
def test_a_record_that_is_not_seen_cannot_be_taken_in(
    steward: Program, company: OrgUnit, neighbour: OrgUnit, is_there: bool
) -> None:
    survivor = make_customer(company)
    other = make_customer(neighbour).pk if is_there else uuid4()

    answered = steward.post(
        f"/customers/{survivor.pk}/merge", {"absorbed_ids": [str(other)]}, Idempotency_Key="k1"
    )

    assert (answered.status, answered.code) == (422, "unknown_reference")
