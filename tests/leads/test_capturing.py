"""Who comes in is recorded once, and their lead with them."""

from datetime import date, timedelta

import pytest

from hearth.channels.models import Interaction
from hearth.core.errors import NotAllowed
from hearth.core.models import EventRecord
from hearth.customers.models import Customer
from hearth.customers.services import LooksKnown
from hearth.leads.models import Lead, LeadOwnership
from hearth.leads.permissions import VIEW_LEAD
from hearth.leads.services import Arrival, CannotTakeLeads, NextStepPassed, capture_lead
from hearth.organization.models import OrgUnit
from hearth.organization.selectors import actor_for
from tests.customers.builders import make_customer
from tests.leads.builders import NOW, SYSTEM, TODAY, grade_of, make_consultant, make_lead, make_project
from tests.organization.builders import make_actor

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=3)


def test_a_visit_makes_a_customer_a_lead_and_a_contact(company: OrgUnit) -> None:
    consultant, project = make_consultant(company), make_project(company)
    arrival = Arrival(
        source="walk_in",
        name="王建国",
        phone="13912345678",
        project=project,
        grade=grade_of("A"),
        consultant_id=consultant.pk,
        note="看了三居",
    )

    lead, is_new = capture_lead(arrival, org_unit=company, actor=actor_for(consultant, today=TODAY), now=NOW)

    assert is_new
    assert (lead.customer.name, lead.customer.source, lead.project) == ("王建国", "walk_in", project)
    assert (lead.next_step, lead.next_step_date) == ("回电", date(2026, 3, 25))
    assert lead.last_contact_at == NOW
    said = Interaction.objects.get(customer=lead.customer)
    assert (said.channel, said.direction, said.summary, said.project) == (
        "visit",
        "inbound",
        "看了三居",
        project,
    )
    period = LeadOwnership.objects.get(lead=lead)
    assert (period.consultant, period.how, period.began_at, period.ended_at) == (
        consultant,
        "captured",
        NOW,
        None,
    )
    event = EventRecord.objects.get(type="leads.captured")
    assert (event.subject_id, event.customer_id, event.payload) == (
        lead.pk,
        lead.customer_id,
        {"source": "walk_in", "consultant_id": consultant.pk, "stage": "enquiry"},
    )


@pytest.mark.requirement("S140")
def test_a_phone_that_is_known_makes_no_second_customer(company: OrgUnit) -> None:
    known = make_customer(company, name="王建国", phone="13912345678")

    lead, _is_new = capture_lead(
        Arrival(source="call", name="王先生", phone="139 1234 5678"), org_unit=company, actor=SYSTEM, now=NOW
    )

    assert lead.customer == known
    assert Customer.objects.count() == 1


def test_who_looks_like_a_known_customer_is_told_first(company: OrgUnit) -> None:
    team = OrgUnit.objects.get(code="SZ-A")
    known = make_customer(team, name="欧阳建国", phone="13912345678")
    arrival = Arrival(source="walk_in", name="欧阳建国")

    with pytest.raises(LooksKnown) as refusal:
        capture_lead(arrival, org_unit=team, actor=SYSTEM, now=NOW)
    assert [each.customer for each in refusal.value.candidates] == [known]

    lead, _is_new = capture_lead(arrival, org_unit=team, actor=SYSTEM, now=NOW, accepts_duplicates=True)
    assert lead.customer != known


def test_a_customer_who_comes_again_stays_with_their_consultant(company: OrgUnit) -> None:
    first, second = make_consultant(company), make_consultant(company)
    lead = make_lead(company, consultant_id=first.pk)
    arrival = Arrival(source="walk_in", customer=lead.customer, consultant_id=second.pk)

    again, is_new = capture_lead(arrival, org_unit=company, actor=actor_for(second, today=TODAY), now=LATER)

    assert (again.pk, is_new, again.consultant_id) == (lead.pk, False, first.pk)
    assert again.last_contact_at == LATER
    assert EventRecord.objects.filter(type="leads.came_again", subject_id=lead.pk).count() == 1


def test_who_comes_back_out_of_the_pool_is_whose_they_came_to(company: OrgUnit) -> None:
    consultant = make_consultant(company)
    lead = make_lead(company, state="pooled")
    arrival = Arrival(source="walk_in", customer=lead.customer, consultant_id=consultant.pk)

    again, is_new = capture_lead(arrival, org_unit=company, actor=SYSTEM, now=LATER)

    assert (again.pk, is_new, again.state, again.consultant_id) == (lead.pk, False, "open", consultant.pk)
    assert again.next_step_date == date(2026, 3, 23)


def test_a_customer_has_a_lead_for_each_project_and_a_new_one_after_the_old_is_lost(company: OrgUnit) -> None:
    customer, one, other = make_customer(company), make_project(company), make_project(company)

    leads = [
        make_lead(company, customer=customer, project_id=one.pk),
        make_lead(company, customer=customer, project_id=other.pk, state="lost"),
        make_lead(company, customer=customer, project_id=other.pk),
    ]

    assert len({lead.pk for lead in leads}) == 3


def test_a_lead_needs_the_right_a_day_to_come_and_a_consultant_who_may(
    company: OrgUnit, neighbour: OrgUnit
) -> None:
    stranger = make_consultant(neighbour)
    arrival = Arrival(source="call", customer=make_customer(company))

    with pytest.raises(NotAllowed):
        capture_lead(arrival, org_unit=company, actor=make_actor(company, VIEW_LEAD), now=NOW)
    with pytest.raises(NextStepPassed):
        capture_lead(
            Arrival(source="call", customer=arrival.customer, next_step_date=date(2026, 3, 17)),
            org_unit=company,
            actor=SYSTEM,
            now=NOW,
        )
    with pytest.raises(CannotTakeLeads, match=stranger.display_name):
        capture_lead(
            Arrival(source="call", customer=arrival.customer, consultant_id=stranger.pk),
            org_unit=company,
            actor=SYSTEM,
            now=NOW,
        )
    assert Lead.objects.count() == 0
