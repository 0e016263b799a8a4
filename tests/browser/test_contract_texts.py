# domain data
"""A buyer reads the text of their contract on a phone and confirms it; the desk sees that, and notes the signature."""

import pytest
from django.db import transaction
from django.utils import timezone
from playwright.sync_api import Page, expect

from hearth.accounts.models import User
from hearth.contract_texts.links import reading_link
from hearth.organization.models import OrgUnit
from tests.browser.conftest import sign_in_by_form
from tests.browser.journeys import faults_of, overflow_of
from tests.contract_texts.builders import make_departing, make_given, reading_of

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = {"width": 390, "height": 844}


@pytest.mark.requirement("S39")
def test_a_buyer_confirms_clause_by_clause_on_a_phone_and_the_desk_notes_the_signature(
    phone: Page, page: Page, person: User, company: OrgUnit
) -> None:
    with transaction.atomic():
        text = make_given(company)
    link = reading_link(reading_of(text), now=timezone.now())

    phone.goto("/p/" + link.split("/p/")[1], wait_until="networkidle")
    assert (faults_of(phone), overflow_of(phone)) == ([], 0)
    expect(phone.locator("main [role=status]")).to_contain_text("已确认0条")
    phone.get_by_role("button", name="我已阅读并理解本条").first.click()
    expect(phone.locator("main [role=status]")).to_contain_text("已确认1条")
    phone.get_by_role("button", name="我已阅读并理解本条").click()
    expect(phone.get_by_role("heading", name="交付")).to_be_in_viewport()
    phone.get_by_role("button", name="我已阅读合同全文及附件").click()
    expect(phone.locator("main [role=status]")).to_contain_text("确认本版本全文")

    sign_in_by_form(page, person.username)
    page.goto(f"/contract-texts/{text.pk}/")
    expect(page.get_by_text("已确认", exact=True)).to_be_visible()
    page.get_by_role("button", name="记录签署").click()
    expect(page.locator("h1, .page-title").first).to_contain_text("已签署")


def test_the_pages_of_a_text_fit_a_phone(page: Page, person: User, company: OrgUnit) -> None:
    with transaction.atomic():
        text = make_departing(company)
    sign_in_by_form(page, person.username)
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]

    for address in (
        f"/contract-texts/{text.pk}/",
        f"/contract-texts/templates/{text.template_id}/",
        "/contract-texts/wordings/",
        f"/contracts/{text.contract_id}/",
    ):
        page.goto(address, wait_until="networkidle")
        assert (address, faults_of(page), overflow_of(page)) == (address, [], 0)
