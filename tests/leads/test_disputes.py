"""Disputes about customers: a claim, what is on record on both sides, and a decision with a reason."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from hearth.accounts.models import Notification, User
from hearth.core.errors import Conflict, InvalidInput, NotAllowed
from hearth.core.personal_data import Person
from hearth.leads.dispute_selectors import lines_of
from hearth.leads.models import Lead, LeadDispute
from hearth.leads.personal_data import erase_disputes, export_disputes
from hearth.leads.services import (
    DisputeWithoutReason,
    FollowUp,
    LeadIsClosed,
    Loss,
    NothingToClaim,
    OwnDispute,
    decide_dispute,
    follow_up,
    lose_lead,
    open_dispute,
)
from hearth.organization.models import OrgUnit, Setting
from hearth.organization.selectors import actor_for
from tests.leads.builders import NOW, SYSTEM, TODAY, make_consultant, make_lead, make_manager, reason_of
from tests.organization.builders import sign_in

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=10)


@pytest.fixture
def holder(company: OrgUnit) -> User:
    return make_consultant(company)


@pytest.fixture
def claimant(company: OrgUnit) -> User:
    return make_consultant(company)


@pytest.fixture
def lead(company: OrgUnit, holder: User) -> Lead:
    return make_lead(company, consultant_id=holder.pk)


def claim(lead: Lead, person: User) -> LeadDispute:
    """Have somebody claim a lead."""
    return open_dispute(lead, claim="上周 已接待", actor=actor_for(person, today=TODAY), now=LATER)


def test_a_claim_tells_who_has_the_lead_and_who_decides(
    company: OrgUnit, lead: Lead, holder: User, claimant: User
) -> None:
    manager = make_manager(company)

    dispute = claim(lead, claimant)

    assert (dispute.claimant, dispute.holder, dispute.claim) == (claimant, holder, "上周 已接待")
    told = set(Notification.objects.filter(kind="leads.disputed").values_list("user_id", flat=True))
    assert {holder.pk, manager.pk} <= told
    assert claimant.pk not in told


def test_a_decision_moves_the_lead_with_a_reason_and_both_are_told(
    company: OrgUnit, lead: Lead, holder: User, claimant: User
) -> None:
    manager, dispute = make_manager(company), claim(lead, claimant)

    decided = decide_dispute(
        dispute, awarded_to=claimant, reason="到访在先", actor=actor_for(manager, today=TODAY), now=LATER
    )

    lead.refresh_from_db()
    assert (lead.consultant, decided.decided_by, decided.reason) == (claimant, manager, "到访在先")
    periods = lead.ownerships.order_by("began_at").values_list("consultant", "how", "ended_at")
    assert list(periods) == [(holder.pk, "captured", LATER), (claimant.pk, "decided", None)]
    told = Notification.objects.filter(kind="leads.decided").values_list("user_id", flat=True)
    assert set(told) == {holder.pk, claimant.pk}
    with pytest.raises(Conflict):
        decide_dispute(decided, awarded_to=holder, reason="改判", actor=SYSTEM, now=LATER)


def test_a_decision_for_who_has_the_lead_leaves_the_period_as_it_is(
    lead: Lead, holder: User, claimant: User
) -> None:
    decide_dispute(claim(lead, claimant), awarded_to=holder, reason="有效", actor=SYSTEM, now=LATER)

    period = lead.ownerships.get()
    assert (period.consultant, period.ended_at) == (holder, None)


def test_a_claim_is_of_the_lead_of_another_once_and_with_words(
    company: OrgUnit, lead: Lead, holder: User, claimant: User
) -> None:
    actor = actor_for(claimant, today=TODAY)
    stranger = actor_for(make_consultant(OrgUnit.objects.get(code="GZ")), today=TODAY)

    with pytest.raises(DisputeWithoutReason):
        open_dispute(lead, claim="  ", actor=actor, now=LATER)
    with pytest.raises(NothingToClaim):
        open_dispute(lead, claim="我的", actor=actor_for(holder, today=TODAY), now=LATER)
    with pytest.raises(NothingToClaim):
        open_dispute(make_lead(company, state="pooled"), claim="我的", actor=actor, now=LATER)
    with pytest.raises(LeadIsClosed):
        open_dispute(make_lead(company, state="lost"), claim="我的", actor=actor, now=LATER)
    with pytest.raises(NotAllowed):
        open_dispute(lead, claim="我的", actor=stranger, now=LATER)
    claim(lead, claimant)
    with pytest.raises(Conflict):
        claim(lead, make_consultant(company))


def test_a_decision_is_somebody_elses_with_a_reason_and_for_one_of_the_two(
    company: OrgUnit, lead: Lead, holder: User
) -> None:
    manager = make_manager(company)
    dispute = claim(lead, manager)

    with pytest.raises(OwnDispute):
        decide_dispute(
            dispute, awarded_to=manager, reason="我的", actor=actor_for(manager, today=TODAY), now=LATER
        )
    with pytest.raises(NotAllowed):
        decide_dispute(
            dispute, awarded_to=holder, reason="我的", actor=actor_for(holder, today=TODAY), now=LATER
        )
    with pytest.raises(DisputeWithoutReason):
        decide_dispute(dispute, awarded_to=holder, reason=" ", actor=SYSTEM, now=LATER)
    with pytest.raises(InvalidInput):
        decide_dispute(dispute, awarded_to=make_consultant(company), reason="三", actor=SYSTEM, now=LATER)
    with pytest.raises(IntegrityError, match="nobody_decides_their_own_dispute"), transaction.atomic():
        LeadDispute.objects.update(decided_by=holder, decided_at=LATER, reason="我的")
    lose_lead(lead, Loss(because=reason_of()), actor=SYSTEM, now=LATER)
    with pytest.raises(LeadIsClosed):
        decide_dispute(dispute, awarded_to=holder, reason="有效", actor=SYSTEM, now=LATER)


def test_contacts_of_both_stand_in_time_order_and_count_for_the_days_of_the_place(
    company: OrgUnit, lead: Lead, holder: User, claimant: User
) -> None:
    manager = actor_for(make_manager(company), today=TODAY)
    follow_up(
        lead,
        FollowUp(channel="visit", next_step="回电"),
        actor=actor_for(holder, today=TODAY),
        now=NOW + timedelta(hours=1),
    )
    by_manager = make_manager(company)
    follow_up(
        lead,
        FollowUp(channel="phone", next_step="回电"),
        actor=actor_for(by_manager, today=TODAY),
        now=NOW + timedelta(hours=2),
    )
    dispute = claim(lead, by_manager)

    def contacts() -> list[tuple[str, bool, bool, bool]]:
        return [
            (line.evidence.event.channel, line.is_claimants, line.is_holders, line.counted)
            for line in lines_of(dispute, manager)
            if line.counts_until
        ]

    assert contacts() == [("visit", False, True, False), ("phone", True, False, True)]
    Setting.objects.create(org_unit=company, key="leads.visit_days", value=30, updated_at=NOW)
    assert contacts() == [("visit", False, True, True), ("phone", True, False, True)]


def test_a_consultant_claims_on_the_page_and_the_manager_decides_there(
    client: Client, company: OrgUnit, lead: Lead, holder: User, claimant: User
) -> None:
    desk, above = sign_in(client, claimant), sign_in(Client(), make_manager(company))
    address = reverse("leads:claim_of_another", args=[lead.pk])

    offered = desk.get(reverse("leads:lead", args=[lead.pk])).content.decode()
    empty = desk.post(address, {"claim": ""})
    sent = desk.post(address, {"claim": "先到访"})
    dispute = LeadDispute.objects.get()
    page = reverse("leads:dispute", args=[dispute.pk])
    own = desk.post(page, {"awarded_to": claimant.pk, "reason": "我的"})
    waiting = above.get(reverse("leads:disputes")).content.decode()
    decided = above.post(page, {"awarded_to": claimant.pk, "reason": "到访在先"})
    shown = desk.get(page).content.decode()

    assert address in offered
    assert (empty.status_code, sent.status_code, own.status_code) == (422, 303, 422)
    assert "待判定" in waiting
    assert decided.status_code == 303
    assert "到访在先" in shown
    neighbour = sign_in(Client(), make_manager(OrgUnit.objects.get(code="GZ")))
    assert neighbour.get(page).status_code == 404
    assert neighbour.get(address).status_code == 404
    assert page not in neighbour.get(reverse("leads:disputes")).content.decode()


def test_disputes_are_given_out_and_erased_with_their_customer(lead: Lead, claimant: User) -> None:
    claim(lead, claimant)
    person = Person(frozenset({lead.customer_id}), frozenset(), frozenset(), NOW)

    assert [row["claim"] for row in export_disputes(person).rows] == ["上周 已接待"]
    assert erase_disputes(person, LATER) == 1
    assert not LeadDispute.objects.exists()
