# domain data
"""A broker registers a customer on a phone by their link; what our people see of it fits a phone too."""

import pytest
from django.conf import settings
from django.db import transaction
from playwright.sync_api import Page, ViewportSize, expect

from hearth.accounts.models import User
from hearth.brokers.models import ChannelRegistration
from hearth.organization.models import OrgUnit
from tests.brokers.builders import (
    make_broker,
    make_conflict,
    make_earned,
    make_project,
    write_sheet,
)
from tests.browser.conftest import sign_in_by_form
from tests.browser.journeys import choose, faults_of, overflow_of

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = ViewportSize(width=390, height=844)


@pytest.mark.requirement("S279")
def test_a_broker_registers_on_a_phone_and_every_page_of_it_fits_one(
    page: Page, person: User, company: OrgUnit
) -> None:
    with transaction.atomic():
        project, broker = make_project(company), make_broker(company)
        conflict, line, sheet = make_conflict(company), make_earned(company), write_sheet(company)
    sign_in_by_form(page, person.username)
    page.goto(f"/brokers/partners/{broker.partner_id}/")
    page.get_by_role("button", name="发放链接").click()
    address = page.locator("#link").inner_text().removeprefix(settings.PUBLIC_ADDRESS.rstrip("/"))
    page.set_viewport_size(PHONE)
    page.context.clear_cookies()

    page.goto(address)
    choose(page, "project", project.name)
    page.fill("[name=customer_name]", "欧阳明月")
    page.fill("[name=phone]", "138****5678")
    page.check("[name=has_consent]")
    page.get_by_role("button", name="报备", exact=True).click()
    expect(page.locator("section li")).to_contain_text("138****5678")
    page.wait_for_load_state("networkidle")
    assert (faults_of(page), overflow_of(page)) == ([], 0)
    row = ChannelRegistration.objects.get(broker=broker)
    sign_in_by_form(page, person.username)

    assert (row.is_hidden, row.way) == (True, "link")
    for shown in (
        f"/brokers/partners/{broker.partner_id}/",
        f"/brokers/registrations/{row.pk}/",
        f"/brokers/registrations/{line.registration_id}/",
        "/brokers/registrations/new/",
        "/brokers/conflicts/",
        f"/brokers/conflicts/{conflict.pk}/",
        f"/brokers/rules/{line.rule_id}/",
        "/brokers/rules/new/",
        f"/brokers/settlements/{sheet.pk}/",
    ):
        page.goto(shown, wait_until="networkidle")
        assert (shown, faults_of(page), overflow_of(page)) == (shown, [], 0)
