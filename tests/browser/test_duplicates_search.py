# domain data
"""Somebody looks for duplicates and sees what was found, on a desk and on a phone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from hearth.accounts.models import User
from hearth.organization.models import OrgUnit
from tests.browser.conftest import PHONE, RunJobs, sign_in_by_form
from tests.browser.journeys import faults_of, overflow_of
from tests.customers.builders import make_customer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.requirement("S140")
def test_duplicates_are_looked_for_with_one_press(
    page: Page, open_page: Callable[..., Page], person: User, company: OrgUnit, run_jobs: RunJobs
) -> None:
    for name, phone in (("王晓明", "13900005678"), ("王小明", "13900005678"), ("赵敏", "13900001111")):
        make_customer(company, name=name, phone=phone)
    sign_in_by_form(page, person.username)

    page.goto("/insight/")
    page.get_by_role("link", name="查找重复客户").click()
    page.get_by_role("button", name="查找重复客户").click()
    expect(page.locator("#searches")).to_contain_text("正在查找重复客户")
    run_jobs()

    expect(page.locator("#searches")).to_contain_text("重复登记")
    expect(page.locator("#searches")).not_to_contain_text("正在查找重复客户")
    page.reload()
    expect(page.get_by_text("判断依据")).to_be_visible()
    assert faults_of(page) == []
    phone_page = open_page(PHONE, is_mobile=True, has_touch=True)
    sign_in_by_form(phone_page, person.username)
    phone_page.goto("/insight/duplicates/")
    assert overflow_of(phone_page) <= 0
    page.emulate_media(color_scheme="dark")
    page.goto("/customers/new/")
    page.fill("[name=name]", "王小明")
    page.fill("[name=phones]", "13900005678")
    expect(page.locator("#hint")).to_contain_text("王晓明")
