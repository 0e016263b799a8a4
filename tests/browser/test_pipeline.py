"""The board of leads: a card that lacks proof stays and says why, by mouse, by keyboard and on a phone."""

from typing import TYPE_CHECKING

import pytest
from django.db import transaction
from playwright.sync_api import Page, expect

from hearth.accounts.models import User
from hearth.leads.models import Lead
from hearth.leads.services import FollowUp, follow_up
from hearth.organization.models import OrgUnit
from tests.browser.conftest import sign_in_by_form
from tests.browser.journeys import faults_of, overflow_of
from tests.customers.builders import make_customer
from tests.leads.builders import NOW, SYSTEM, make_lead, make_project, reason_of

if TYPE_CHECKING:
    from playwright.sync_api import Locator

pytestmark = pytest.mark.django_db(transaction=True)


def make_enquiry(company: OrgUnit) -> Lead:
    """Write a lead that only called."""
    with transaction.atomic():
        project = make_project(company, "云锦府")
        customer = make_customer(company, name="欧阳明月")
        return make_lead(company, customer=customer, project_id=project.pk, source="call")


def visit(lead: Lead) -> None:
    """Record that the customer came by."""
    with transaction.atomic():
        said = FollowUp(channel="visit", next_step="寄资料")
        follow_up(lead, said, actor=SYSTEM, now=NOW)


def column(page: Page, stage: str) -> "Locator":
    return page.locator(f"[data-code={stage}]")


def test_a_card_is_refused_with_a_reason_and_moved_by_mouse_and_by_keyboard(
    page: Page, person: User, company: OrgUnit
) -> None:
    lead = make_enquiry(company)
    sign_in_by_form(page, person.username)
    page.goto("/leads/?display=board")
    page.wait_for_load_state("networkidle")

    column(page, "enquiry").locator(".list-card").drag_to(column(page, "intention"))
    expect(page.get_by_text("进入“意向”阶段缺少：到访记录、等级、客户需求")).to_be_visible()
    expect(column(page, "enquiry")).to_contain_text("欧阳明月")

    visit(lead)
    page.reload()
    page.wait_for_load_state("networkidle")
    expect(column(page, "visit")).to_contain_text("欧阳明月")
    column(page, "visit").locator(".list-card").focus()
    page.keyboard.press("m")
    with page.expect_response("**/lists/leads/move/**") as moved:
        page.keyboard.press("1")
    assert moved.value.status == 204
    expect(column(page, "enquiry")).to_contain_text("欧阳明月")
    assert faults_of(page) == []
    assert Lead.objects.get().stage == "enquiry"


def test_a_lead_is_moved_and_lost_on_a_phone(phone: Page, person: User, company: OrgUnit) -> None:
    lead, reason = make_enquiry(company), reason_of("price-total")
    sign_in_by_form(phone, person.username)
    phone.goto("/leads/?display=board")
    assert overflow_of(phone) <= 0

    phone.goto(f"/leads/{lead.pk}/")
    assert overflow_of(phone) <= 0
    phone.select_option("#move_stage", "visit")
    phone.get_by_role("button", name="移动").click()
    expect(phone.get_by_role("alert")).to_contain_text("进入“到访”阶段缺少：到访记录。")
    visit(lead)
    phone.select_option("#move_stage", "enquiry")
    phone.get_by_role("button", name="移动").click()
    expect(phone.locator("main")).to_contain_text("咨询")
    phone.select_option("#lose_because", str(reason.pk))
    phone.get_by_role("button", name="流失").click()
    expect(phone.locator("h1, .page-title").first).to_contain_text("流失")
    for address in ("/leads/win-back/", "/leads/assignment/", "/leads/loss-reasons/"):
        phone.goto(address)
        assert overflow_of(phone) <= 0, address
    assert Lead.objects.get().lost_because == reason
