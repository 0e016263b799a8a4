"""The way of a lead: stages and what they ask for, why leads are lost, and whom to win back."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from hearth.accounts.models import User
from hearth.channels.models import Interaction
from hearth.core.errors import InvalidInput, NotAllowed
from hearth.core.events import record
from hearth.core.models import EventRecord
from hearth.families.models import NeedProfile
from hearth.inventory.events import HomeReserved
from hearth.inventory.models import Hold
from hearth.inventory.services import reserve_home
from hearth.leads.losses import SHIPPED, sync_loss_reasons
from hearth.leads.models import Lead, LossReason, Proof, Stage
from hearth.leads.permissions import CHANGE_PIPELINE
from hearth.leads.pipeline import missing_for
from hearth.leads.selectors import leads_to_win_back
from hearth.leads.services import (
    Arrival,
    FollowUp,
    GroupWithReasons,
    LeadIsClosed,
    Loss,
    LostWithoutReason,
    ProofMissing,
    StageProved,
    WinBackPassed,
    capture_lead,
    change_stage_rule,
    follow_up,
    keep_loss_reason,
    lose_lead,
    move_lead,
    reopen_lead,
    win_lead,
)
from hearth.leads.services.steps import LeadIsPooled
from hearth.leads.subscribers import move_what_was_reserved
from hearth.organization.models import OrgUnit
from hearth.organization.selectors import actor_for
from tests.customers.builders import make_customer
from tests.exports.builders import actor_of
from tests.inventory.builders import make_consultant as make_seller
from tests.inventory.builders import make_sale
from tests.leads.builders import (
    DUE,
    NOW,
    SYSTEM,
    TODAY,
    grade_of,
    make_consultant,
    make_lead,
    make_project,
    reason_of,
)
from tests.organization.builders import make_member, sign_in
from tests.privacy.builders import make_consent
from tests.query_counts import count_queries

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=2)


@pytest.fixture
def consultant(company: OrgUnit) -> User:
    return make_consultant(company)


def visited(lead: Lead) -> Lead:
    """Record a visit of the customer."""
    return follow_up(lead, FollowUp(channel="visit", next_step="回电"), actor=SYSTEM, now=NOW)


@pytest.mark.requirement("S75")
def test_a_stage_is_entered_when_what_it_asks_for_is_on_record(company: OrgUnit, consultant: User) -> None:
    actor = actor_for(consultant, today=TODAY)
    lead = make_lead(company, consultant_id=consultant.pk)

    with pytest.raises(ProofMissing) as refused:
        move_lead(lead, stage="intention", actor=actor, now=NOW)
    lead = visited(lead)
    lead = follow_up(lead, FollowUp(next_step="回电", grade=grade_of("B")), actor=actor, now=NOW)
    NeedProfile.objects.create(customer=lead.customer, created_at=NOW, updated_at=NOW)
    moved = move_lead(lead, stage="intention", actor=actor, now=LATER)

    assert refused.value.params == {
        "stage": "意向",
        "missing": "到访记录、等级、客户需求",
    }
    assert (moved.stage, moved.stage_at) == ("intention", LATER)
    event = EventRecord.objects.filter(type="leads.moved").newest_first()[0]
    assert event.payload == {"from_stage": "visit", "to_stage": "intention", "days": 2}


def test_a_visit_that_is_recorded_is_the_stage_of_a_visit(company: OrgUnit) -> None:
    project = make_project(company)
    came = Arrival(source="walk_in", name="王建国", phone="13912345678", project=project)
    called = Arrival(source="call", name="李建国", phone="13912345679", project=project)

    here, _is_new = capture_lead(came, org_unit=company, actor=SYSTEM, now=NOW)
    phoned, _is_new = capture_lead(called, org_unit=company, actor=SYSTEM, now=NOW)

    assert (here.stage, phoned.stage) == ("visit", "enquiry")
    assert visited(phoned).stage == "visit"


def test_a_visit_elsewhere_an_internal_note_and_an_overdue_step_prove_nothing(company: OrgUnit) -> None:
    lead = make_lead(company, project_id=make_project(company).pk)
    visit = {
        "org_unit": company,
        "customer": lead.customer,
        "channel": "visit",
        "occurred_at": NOW,
        "created_at": NOW,
        "updated_at": NOW,
    }
    Interaction.objects.create(direction="inbound", project=make_project(company), **visit)
    Interaction.objects.create(direction="internal", **visit)

    missing = missing_for(lead, "intention", now=NOW + timedelta(days=30))

    assert missing == [Proof.VISIT, Proof.GRADE, Proof.NEEDS, Proof.NEXT_STEP]


def test_a_reservation_moves_the_lead_and_holds_it_there(company: OrgUnit) -> None:
    home, customer = make_sale(company)[0], make_customer(company)
    lead = make_lead(company, customer=customer, project_id=home.project_id)
    with pytest.raises(ProofMissing):
        move_lead(lead, stage="reservation", actor=SYSTEM, now=NOW)
    seller = actor_of(make_seller(company))
    hold = reserve_home(home, customer=customer, actor=seller, now=NOW)
    reserved = HomeReserved(org_unit_id=company.pk, customer_id=customer.pk, unit_id=home.pk)
    with transaction.atomic():
        event = record(reserved, actor=SYSTEM, now=NOW)

    move_what_was_reserved(event)
    move_what_was_reserved(event)

    lead.refresh_from_db()
    assert lead.stage == "reservation"
    assert EventRecord.objects.filter(type="leads.moved").count() == 1
    with pytest.raises(StageProved):
        move_lead(lead, stage="enquiry", actor=SYSTEM, now=NOW)
    Hold.objects.filter(pk=hold.pk).update(ended_at=NOW, outcome="withdrawn")
    move_what_was_reserved(event)
    lead.refresh_from_db()
    assert lead.stage == "intention"


def test_a_lead_is_won_with_a_contract_unless_the_group_asks_for_none(company: OrgUnit) -> None:
    lead = make_lead(company)
    with pytest.raises(ProofMissing):
        move_lead(lead, stage="contract", actor=SYSTEM, now=NOW)

    change_stage_rule("contract", [], actor=SYSTEM, now=NOW)
    won = move_lead(lead, stage="contract", actor=SYSTEM, now=NOW)

    assert (won.state, won.stage, won.closed_at) == ("won", "contract", NOW)
    with pytest.raises(LeadIsClosed):
        move_lead(won, stage="visit", actor=SYSTEM, now=NOW)


def test_a_card_is_not_dragged_to_the_lost_nor_out_of_the_pool_nor_by_others(company: OrgUnit) -> None:
    lead = make_lead(company, consultant_id=make_consultant(company).pk)
    stranger = actor_for(make_consultant(company), today=TODAY)

    with pytest.raises(LostWithoutReason):
        move_lead(lead, stage="lost", actor=SYSTEM, now=NOW)
    with pytest.raises(NotAllowed):
        move_lead(lead, stage="enquiry", actor=stranger, now=NOW)
    with pytest.raises(InvalidInput):
        move_lead(lead, stage="nowhere", actor=SYSTEM, now=NOW)
    with pytest.raises(LeadIsPooled):
        move_lead(make_lead(company, state="pooled"), stage="visit", actor=SYSTEM, now=NOW)


def test_the_database_keeps_stage_and_state_together(company: OrgUnit) -> None:
    lead = make_lead(company)

    for values in ({"stage": "lost"}, {"stage": "contract"}, {"win_back_date": DUE}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Lead.objects.filter(pk=lead.pk).update(**values)


def test_a_loss_names_a_reason_in_use_and_a_day_ahead_or_never(company: OrgUnit) -> None:
    reason = reason_of("price-total")
    with pytest.raises(WinBackPassed):
        lose_lead(make_lead(company), Loss(because=reason, win_back_date=TODAY), actor=SYSTEM, now=NOW)

    never = lose_lead(make_lead(company), Loss(because=reason, is_final=True), actor=SYSTEM, now=NOW)
    usual = lose_lead(make_lead(company), Loss(because=reason), actor=SYSTEM, now=NOW)
    wrong = lose_lead(make_lead(company), Loss(because=reason_of("no-prospect")), actor=SYSTEM, now=NOW)
    LossReason.objects.filter(code="price").update(is_active=False)

    assert never.win_back_date is None
    assert usual.win_back_date == TODAY + timedelta(days=180)
    assert wrong.win_back_date is None
    with pytest.raises(LostWithoutReason):
        lose_lead(make_lead(company), Loss(because=reason), actor=SYSTEM, now=NOW)


def test_a_lead_begins_again_where_it_stood_but_no_further_than_an_intention(company: OrgUnit) -> None:
    change_stage_rule("reservation", [], actor=SYSTEM, now=NOW)
    far = move_lead(make_lead(company), stage="reservation", actor=SYSTEM, now=NOW)
    near = visited(make_lead(company))

    stages = []
    for lead in (far, near):
        lost = lose_lead(lead, Loss(because=reason_of()), actor=SYSTEM, now=NOW)
        again = reopen_lead(lost, next_step="回电", next_step_date=DUE, actor=SYSTEM, now=LATER)
        stages.append((again.stage, again.win_back_date))

    assert stages == [("intention", None), ("visit", None)]


def test_lost_customers_are_won_back_on_their_day_if_they_agreed_to_it(company: OrgUnit) -> None:
    reason, day = reason_of("price"), TODAY + timedelta(days=10)
    agreed, silent, later = (
        lose_lead(make_lead(company), Loss(because=reason, win_back_date=when), actor=SYSTEM, now=NOW)
        for when in (day, day, day + timedelta(days=1))
    )
    for lead in (agreed, later):
        make_consent(lead.customer_id, channel="phone")
    actor = actor_for(make_consultant(company), today=TODAY)
    stranger = actor_for(make_consultant(OrgUnit.objects.get(code="GZ")), today=TODAY)

    found = leads_to_win_back(actor, today=day)

    assert [(row.lead.pk, [str(each) for each in row.channels]) for row in found.rows] == [
        (agreed.pk, ["phone"])
    ]
    assert (found.unreachable, silent.state) == (1, "lost")
    assert leads_to_win_back(actor, today=TODAY).rows == []
    assert leads_to_win_back(stranger, today=day).rows == []
    make_lead(company, customer=agreed.customer, now=LATER)
    assert leads_to_win_back(actor, today=day).rows == []


def test_reasons_ship_in_two_levels_and_stay_as_the_group_has_them(company: OrgUnit) -> None:
    sync_loss_reasons()
    LossReason.objects.filter(code="price").update(name_zh="价钱", is_active=False)

    sync_loss_reasons()

    assert LossReason.objects.count() == sum(1 + len(within) for _group, within in SHIPPED)
    assert LossReason.objects.get(code="price").name_zh == "价钱"
    assert not LossReason.objects.in_use().filter(parent__code="price").exists()
    group = reason_of("product")
    group.parent = reason_of("later")
    with pytest.raises(GroupWithReasons):
        keep_loss_reason(group, actor=SYSTEM, now=NOW)
    with pytest.raises(NotAllowed):
        keep_loss_reason(reason_of("other"), actor=actor_for(make_consultant(company), today=TODAY), now=NOW)


def test_the_board_shows_stages_and_a_refused_card_says_why(
    client: Client, company: OrgUnit, consultant: User
) -> None:
    desk = sign_in(client, consultant)
    lead = make_lead(company, consultant_id=consultant.pk)
    address = f"/lists/leads/move/{lead.pk}/"

    shown = desk.get(reverse("leads:leads"), {"display": "board"}).content.decode()
    refused = desk.post(address, {"by": "stage", "to": "visit"})
    visited(lead)
    back = desk.post(address, {"by": "stage", "to": "enquiry"})
    again = desk.post(address, {"by": "stage", "to": "visit"})
    to_lost = desk.post(address, {"by": "stage", "to": "lost"})

    assert [f'data-code="{stage}"' in shown for stage in Stage.values] == [True] * len(Stage.values)
    assert (refused.status_code, "到访记录" in refused.content.decode()) == (422, True)
    assert (back.status_code, again.status_code, to_lost.status_code) == (204, 204, 422)
    assert Lead.objects.get().stage == "visit"


def test_the_page_of_a_lead_says_what_is_missing_moves_it_and_loses_it(
    client: Client, company: OrgUnit, consultant: User
) -> None:
    desk = sign_in(client, consultant)
    lead = make_lead(company, consultant_id=consultant.pk)
    page, reason = reverse("leads:lead", args=[lead.pk]), reason_of("price-total")

    shown = desk.get(page).content.decode()
    refused = desk.post(reverse("leads:move", args=[lead.pk]), {"stage": "visit"})
    visited(lead)
    moved = desk.post(reverse("leads:move", args=[lead.pk]), {"stage": "enquiry"})
    desk.post(reverse("leads:lose", args=[lead.pk]), {"because": reason.pk, "note": "贵了"})

    assert "到访记录" in shown
    assert (refused.status_code, moved.status_code) == (422, 303)
    lead.refresh_from_db()
    assert (lead.state, lead.lost_because, lead.lost_reason) == ("lost", reason, "贵了")
    after = desk.get(page).content.decode()
    assert "总价超出预算" in after
    assert "阶段变更 · 到访" in after


def test_the_group_changes_stages_and_reasons_and_a_company_does_not(
    client: Client, company: OrgUnit
) -> None:
    group = OrgUnit.objects.get(parent=None)
    keeper = sign_in(client, make_member(group, "core.signed_in", CHANGE_PIPELINE))
    given = {"code": "pets", "name_zh": "宠物", "name_en": "Pets", "win_back_days": "", "position": 9}

    bad = keeper.post(reverse("leads:new_loss_reason"), {**given, "name_zh": ""})
    added = keeper.post(reverse("leads:new_loss_reason"), {**given, "is_active": "on"})
    ruled = keeper.post(reverse("leads:stage", args=["visit"]), {"proofs": ["grade"]})
    wrong = keeper.post(reverse("leads:stage", args=["visit"]), {"proofs": ["nothing"]})
    missing = keeper.get(reverse("leads:stage", args=["enquiry"]))

    assert [bad.status_code, added.status_code, ruled.status_code] == [422, 303, 303]
    assert [wrong.status_code, missing.status_code] == [422, 404]
    assert LossReason.objects.get(code="pets").win_back_days is None
    assert missing_for(make_lead(company), "visit", now=NOW) == [Proof.GRADE]
    local = sign_in(Client(), make_member(company, "core.signed_in", CHANGE_PIPELINE))
    assert local.get(reverse("leads:stages")).status_code == 403
    assert local.get(reverse("leads:loss_reasons")).status_code == 403


def test_the_page_of_whom_to_win_back_takes_as_many_queries_for_three_as_for_one(
    client: Client, company: OrgUnit, consultant: User
) -> None:
    desk, url = sign_in(client, consultant), reverse("leads:win_back")

    def lose_one() -> None:
        lead = make_lead(company)
        make_consent(lead.customer_id, channel="phone")
        lose_lead(
            lead, Loss(because=reason_of(), win_back_date=TODAY + timedelta(days=1)), actor=SYSTEM, now=NOW
        )

    lose_one()
    assert timezone.localdate() > TODAY
    before = count_queries(desk, url)
    lose_one()
    lose_one()

    assert count_queries(desk, url) == before


def test_a_lost_lead_cannot_be_won_before_it_is_opened(company: OrgUnit) -> None:
    lost = make_lead(company, state="lost")

    with pytest.raises(LeadIsClosed):
        win_lead(lost, actor=SYSTEM, now=NOW)
    with pytest.raises(LeadIsClosed):
        move_lead(lost, stage="visit", actor=SYSTEM, now=NOW)
