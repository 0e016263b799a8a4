# domain data
"""The page of a customer: cards that fold, fields put aside, the overview that comes by itself."""

import pytest
from playwright.sync_api import Page, expect

from hearth.accounts.models import User
from hearth.organization.models import OrgUnit
from tests.browser.conftest import sign_in_by_form
from tests.browser.journeys import faults_of
from tests.customers.builders import make_customer

pytestmark = pytest.mark.django_db(transaction=True)


def test_cards_fold_and_empty_fields_are_put_aside_for_good(
    page: Page, person: User, company: OrgUnit
) -> None:
    customer = make_customer(company, name="李小龙", source="call")
    sign_in_by_form(page, person.username)
    page.goto(f"/customers/{customer.pk}/")
    expect(page.locator("#customer-overview")).to_contain_text("您第一次查看这位客户")
    homes = page.locator("[data-cards] .card", has=page.locator("h2", has_text="房源"))

    expect(homes).to_contain_text("还没有房源")
    homes.locator("[data-fold]").click()
    expect(homes.get_by_text("还没有房源")).to_be_hidden()
    page.locator("[data-hide-empty]").click()
    expect(page.locator("dt", has_text="职业")).to_be_hidden()
    expect(page.locator("dt", has_text="来源")).to_be_visible()
    assert faults_of(page) == []

    page.reload()
    expect(homes.get_by_text("还没有房源")).to_be_hidden()
    expect(page.locator("dt", has_text="职业")).to_be_hidden()
    page.fill("[data-field-search]", "职业")
    expect(page.locator("dt", has_text="职业")).to_be_visible()
    expect(page.locator("dt", has_text="来源")).to_be_hidden()
    homes.locator("[data-fold]").click()
    expect(homes).to_contain_text("还没有房源")
