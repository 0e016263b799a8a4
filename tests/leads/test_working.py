"""Working on leads: next steps, whose they are, the public pool, and how they end."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from hearth.accounts.models import Notification
from hearth.channels.models import Interaction
from hearth.core.errors import Conflict, NotAllowed
from hearth.core.events import record
from hearth.core.models import EventRecord
from hearth.leads.models import Lead
from hearth.leads.selectors import due_count, my_due_leads
from hearth.leads.services import (
    ClaimedByAnother,
    FollowUp,
    LeadIsClosed,
    Loss,
    NextStepMissing,
    NextStepPassed,
    TooManyClaims,
    assign_lead,
    claim_lead,
    follow_up,
    lose_lead,
    pass_on_leads,
    release_lead,
    reopen_lead,
    win_lead,
)
from hearth.leads.services.steps import LeadIsPooled
from hearth.leads.subscribers import take_back_what_was_won, win_what_was_signed
from hearth.organization.models import OrgUnit, Setting
from hearth.organization.selectors import actor_for
from hearth.sales.events import ContractCancelled, ContractSigned
from hearth.sales.services import cancel_contract
from tests.customers.builders import make_customer, make_home
from tests.leads.builders import (
    DUE,
    NOW,
    SYSTEM,
    TODAY,
    grade_of,
    make_consultant,
    make_lead,
    make_manager,
    reason_of,
)
from tests.properties.builders import make_unit
from tests.sales.builders import make_contract

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=2)


def test_a_follow_up_notes_the_contact_and_dates_the_next_step_by_the_grade(company: OrgUnit) -> None:
    consultant = make_consultant(company)
    lead = make_lead(company, consultant_id=consultant.pk)
    said = FollowUp(channel="phone", note="周末再来", next_step="陪看样板间", grade=grade_of("B"))

    lead = follow_up(lead, said, actor=actor_for(consultant, today=TODAY), now=NOW)

    assert (lead.next_step, lead.next_step_date, lead.grade_id) == (
        "陪看样板间",
        date(2026, 4, 2),
        grade_of("B").pk,
    )
    assert lead.last_contact_at == NOW
    assert Interaction.objects.get(customer=lead.customer).body == "周末再来"
    event = EventRecord.objects.get(type="leads.followed_up")
    assert event.payload == {"next_step_day": "2026-04-02", "grade": "B"}


def test_a_next_step_is_said_and_lies_ahead(company: OrgUnit) -> None:
    lead = make_lead(company)

    with pytest.raises(NextStepMissing):
        follow_up(lead, FollowUp(next_step="  "), actor=SYSTEM, now=NOW)
    with pytest.raises(NextStepPassed):
        follow_up(lead, FollowUp(next_step="回电", next_step_date=date(2026, 3, 17)), actor=SYSTEM, now=NOW)
    with pytest.raises(IntegrityError, match="an_open_lead_has_a_next_step_with_a_day"), transaction.atomic():
        Lead.objects.filter(pk=lead.pk).update(next_step_date=None)


def test_the_lead_of_another_is_worked_on_by_who_gives_leads_alone(company: OrgUnit) -> None:
    lead = make_lead(company, consultant_id=make_consultant(company).pk)
    plan = FollowUp(next_step="回电")

    with pytest.raises(NotAllowed):
        follow_up(lead, plan, actor=actor_for(make_consultant(company), today=TODAY), now=NOW)
    with pytest.raises(NotAllowed):
        release_lead(lead, actor=actor_for(make_consultant(company), today=TODAY), now=NOW)

    kept = follow_up(lead, plan, actor=actor_for(make_manager(company), today=TODAY), now=NOW)
    assert kept.next_step == "回电"


def test_a_lead_is_given_to_a_colleague_who_is_told_and_both_periods_are_kept(company: OrgUnit) -> None:
    first, second = make_consultant(company), make_consultant(company)
    lead = make_lead(company, consultant_id=first.pk)
    manager = actor_for(make_manager(company), today=TODAY)

    lead = assign_lead(lead, consultant=second, actor=manager, now=LATER)

    periods = lead.ownerships.order_by("began_at").values_list("consultant", "how", "ended_at")
    assert list(periods) == [(first.pk, "captured", LATER), (second.pk, "assigned", None)]
    told = Notification.objects.get()
    assert (told.user_id, told.url) == (second.pk, f"/leads/{lead.pk}/")
    with pytest.raises(NotAllowed):
        assign_lead(lead, consultant=first, actor=actor_for(first, today=TODAY), now=LATER)


def test_a_lead_is_claimed_from_the_pool_once_and_so_many_a_day(company: OrgUnit) -> None:
    Setting.objects.create(org_unit=company, key="leads.claims_a_day", value=1, updated_at=NOW)
    consultant = actor_for(make_consultant(company), today=TODAY)
    first, second = make_lead(company, state="pooled"), make_lead(company, state="pooled")

    taken = claim_lead(first, actor=consultant, now=NOW)

    assert (taken.state, taken.consultant_id, taken.next_step_date) == ("open", consultant.user_id, DUE)
    with pytest.raises(ClaimedByAnother):
        claim_lead(first, actor=consultant, now=NOW)
    with pytest.raises(TooManyClaims):
        claim_lead(second, actor=consultant, now=NOW)
    assert claim_lead(second, actor=consultant, now=NOW + timedelta(days=1)).is_open


def test_a_released_lead_is_nobodys_and_waits_in_the_pool(company: OrgUnit) -> None:
    consultant = make_consultant(company)
    lead = make_lead(company, consultant_id=consultant.pk)

    lead = release_lead(lead, actor=actor_for(consultant, today=TODAY), now=LATER)

    assert (lead.state, lead.consultant_id, lead.ownerships.get().ended_at) == ("pooled", None, LATER)
    with pytest.raises(LeadIsPooled):
        follow_up(lead, FollowUp(next_step="回电"), actor=SYSTEM, now=LATER)


def test_a_lost_lead_says_why_and_begins_again(company: OrgUnit) -> None:
    lead = make_lead(company, consultant_id=make_consultant(company).pk)
    reason = reason_of("elsewhere")

    lead = lose_lead(lead, Loss(because=reason, note="买了 别处"), actor=SYSTEM, now=NOW)

    assert (lead.state, lead.closed_at, lead.lost_because) == ("lost", NOW, reason)
    assert (lead.lost_reason, lead.win_back_date) == ("买了 别处", TODAY + timedelta(days=730))
    with pytest.raises(LeadIsClosed):
        win_lead(lead, actor=SYSTEM, now=NOW)
    again = reopen_lead(lead, next_step="回电", next_step_date=DUE, actor=SYSTEM, now=LATER)
    assert (again.state, again.closed_at, again.lost_reason) == ("open", None, "")
    with pytest.raises(Conflict):
        reopen_lead(again, next_step="回电", next_step_date=DUE, actor=SYSTEM, now=LATER)


def test_a_signed_contract_wins_the_lead_of_the_project_alone(company: OrgUnit) -> None:
    home, customer = make_home(company), make_customer(company)
    ours = make_lead(company, customer=customer, project_id=home.project_id)
    elsewhere = make_lead(company, customer=customer)
    signed = ContractSigned(org_unit_id=company.pk, customer_id=customer.pk, unit_id=home.pk)
    with transaction.atomic():
        event = record(signed, actor=SYSTEM, now=NOW)

    win_what_was_signed(event)
    win_what_was_signed(event)

    states = dict(Lead.objects.values_list("pk", "state"))
    assert states == {ours.pk: "won", elsewhere.pk: "open"}
    assert EventRecord.objects.filter(type="leads.won").count() == 1


def test_a_cancelled_contract_takes_the_lead_back_from_won(company: OrgUnit) -> None:
    home, customer, consultant = make_home(company), make_customer(company), make_consultant(company)
    lead = make_lead(company, customer=customer, project_id=home.project_id, consultant_id=consultant.pk)
    contract = make_contract(home, customer)
    win_what_was_signed(EventRecord.objects.get(type=ContractSigned.type))
    cancel_contract(contract, actor=SYSTEM, now=NOW)
    event = EventRecord.objects.get(type=ContractCancelled.type)

    take_back_what_was_won(event)
    take_back_what_was_won(event)

    lead.refresh_from_db()
    assert (lead.state, lead.stage, lead.closed_at) == ("open", "enquiry", None)
    assert (lead.consultant_id, lead.next_step_date) == (consultant.pk, TODAY)
    assert lead.next_step
    assert EventRecord.objects.filter(type="leads.reopened").count() == 1
    assert lead.ownerships.running().count() == 1


def test_a_lead_stays_won_while_another_contract_of_the_project_stands(company: OrgUnit) -> None:
    home, customer = make_home(company), make_customer(company)
    second = make_unit(home.building, number="902")
    lead = make_lead(company, customer=customer, project_id=home.project_id)
    contract = make_contract(home, customer)
    make_contract(second, customer)
    win_what_was_signed(EventRecord.objects.filter(type=ContractSigned.type).earliest("recorded_at", "id"))
    cancel_contract(contract, actor=SYSTEM, now=NOW)

    take_back_what_was_won(EventRecord.objects.get(type=ContractCancelled.type))

    lead.refresh_from_db()
    assert lead.state == "won"


def test_a_customer_who_is_worked_on_again_gets_no_second_lead_back(company: OrgUnit) -> None:
    home, customer = make_home(company), make_customer(company)
    won = make_lead(company, customer=customer, project_id=home.project_id)
    contract = make_contract(home, customer)
    win_what_was_signed(EventRecord.objects.get(type=ContractSigned.type))
    make_lead(company, customer=customer, project_id=home.project_id)
    cancel_contract(contract, actor=SYSTEM, now=NOW)

    take_back_what_was_won(EventRecord.objects.get(type=ContractCancelled.type))

    won.refresh_from_db()
    assert won.state == "won"
    assert Lead.objects.live().filter(customer=customer).count() == 1


@pytest.mark.requirement("S140")
def test_a_book_that_is_handed_over_holds_its_leads_with_their_history(company: OrgUnit) -> None:
    first, second, third = (make_consultant(company) for _number in range(3))
    lead = make_lead(company, consultant_id=first.pk)
    others = make_lead(company, consultant_id=third.pk)

    passed = pass_on_leads(
        [lead.pk, others.pk], from_user_id=first.pk, to_user_id=second.pk, actor=SYSTEM, now=LATER
    )

    assert passed == [lead.pk]
    assert list(lead.ownerships.order_by("began_at").values_list("consultant", "how", "ended_at")) == [
        (first.pk, "captured", LATER),
        (second.pk, "handed_over", None),
    ]
    event = EventRecord.objects.get(type="leads.assigned")
    assert event.payload == {"from_user_id": first.pk, "to_user_id": second.pk, "how": "handed_over"}


def test_what_is_due_today_is_counted_for_the_consultant_alone(company: OrgUnit) -> None:
    consultant = make_consultant(company)
    actor = actor_for(consultant, today=TODAY)
    late = make_lead(company, consultant_id=consultant.pk, next_step_date=date(2026, 3, 17))
    make_lead(company, consultant_id=consultant.pk, next_step_date=date(2099, 1, 1))
    make_lead(company, consultant_id=make_consultant(company).pk, next_step_date=date(2026, 3, 17))

    assert [lead.pk for lead in my_due_leads(actor, today=TODAY)] == [late.pk]
    assert due_count(actor) == 1
