"""Two do the same in the same second; commits are real."""

from datetime import timedelta

import pytest

from hearth.accounts.models import Notification
from hearth.core.models import EventRecord
from hearth.customers.models import Customer
from hearth.leads.models import Lead, LeadOwnership
from hearth.leads.services import Arrival, capture_lead, claim_lead, reclaim_leads, set_assignment
from hearth.organization.models import OrgUnit
from hearth.organization.selectors import actor_for
from tests.customers.test_merge_races import at_once
from tests.leads.builders import NOW, SYSTEM, TODAY, make_consultant, make_lead, make_project

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_lead_of_the_pool_goes_to_one_of_two(company: OrgUnit) -> None:
    one, other = (actor_for(make_consultant(company), today=TODAY) for _number in range(2))
    lead = make_lead(company, state="pooled")

    outcome = at_once(
        lambda: claim_lead(lead, actor=one, now=NOW), lambda: claim_lead(lead, actor=other, now=NOW)
    )

    assert outcome == ["", "claimed_by_another"]
    assert LeadOwnership.objects.running().filter(lead=lead).count() == 1


def test_the_limit_of_a_day_holds_for_who_presses_twice(company: OrgUnit) -> None:
    consultant = actor_for(make_consultant(company), today=TODAY)
    for _number in range(4):
        claim_lead(make_lead(company, state="pooled"), actor=consultant, now=NOW)
    one, other = make_lead(company, state="pooled"), make_lead(company, state="pooled")

    outcome = at_once(
        lambda: claim_lead(one, actor=consultant, now=NOW),
        lambda: claim_lead(other, actor=consultant, now=NOW),
    )

    assert outcome == ["", "too_many_claims"]


@pytest.mark.requirement("S140")
def test_two_forms_with_one_phone_make_one_customer_and_one_lead(company: OrgUnit) -> None:
    project = make_project(company)
    arrival = Arrival(source="web", name="王建国", phone="13912345678", project=project)

    outcome = at_once(
        *(lambda: capture_lead(arrival, org_unit=company, actor=SYSTEM, now=NOW) for _number in range(3))
    )

    assert outcome == ["", "", ""]
    assert (Customer.objects.count(), Lead.objects.count()) == (1, 1)


def test_two_looks_for_leads_without_contact_release_each_once(company: OrgUnit) -> None:
    consultant = make_consultant(company)
    for _number in range(5):
        make_lead(company, consultant_id=consultant.pk)
    reclaim_leads(now=NOW + timedelta(days=28))
    taken: list[int] = []

    outcome = at_once(
        *(lambda: taken.append(reclaim_leads(now=NOW + timedelta(days=31))) for _number in range(2))
    )

    assert (outcome, sum(taken)) == (["", ""], 5)
    assert EventRecord.objects.filter(type="leads.released").count() == 5
    assert Notification.objects.filter(kind="leads.fell").count() == 5
    assert Lead.objects.filter(state="pooled").count() == 5


def test_two_who_arrive_at_once_go_to_two_consultants(company: OrgUnit) -> None:
    project = make_project(company)
    ids = [make_consultant(company).pk for _number in range(2)]
    set_assignment(project, way="rotation", user_ids=ids, is_active=True, actor=SYSTEM, now=NOW)
    arrivals = [
        Arrival(source="web", name=name, phone=phone, project=project)
        for name, phone in (("王建国", "13912345678"), ("赵秀英", "13912345679"))
    ]

    outcome = at_once(
        lambda: capture_lead(arrivals[0], org_unit=company, actor=SYSTEM, now=NOW),
        lambda: capture_lead(arrivals[1], org_unit=company, actor=SYSTEM, now=NOW),
    )

    assert outcome == ["", ""]
    assert set(Lead.objects.values_list("consultant_id", flat=True)) == set(ids)
