# domain data
"""Signing in, the language, the theme and the keyboard."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from hearth.accounts.models import User
from hearth.organization.models import OrgUnit
from tests.browser.conftest import sign_in_by_form
from tests.browser.journeys import has_visible_focus
from tests.customers.builders import make_customer

pytestmark = pytest.mark.django_db(transaction=True)


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Account", exact=True).click()
    page.get_by_role("button", name="Sign out").click()


def test_a_person_signs_in_finds_their_way_by_keyboard_and_signs_out(page: Page, person: User) -> None:
    sign_in_by_form(page, person.username, "wrong-password")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page).to_have_url(re.compile("/accounts/login/"))

    sign_in_by_form(page, person.username)
    expect(page.locator("h1")).to_contain_text("林晓安")

    page.keyboard.press("/")
    expect(page.locator("#search-field")).to_be_focused()
    assert has_visible_focus(page)
    page.locator("#search-field").blur()
    page.keyboard.press("Control+k")
    expect(page.locator("#palette-field")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("c")
    expect(page).to_have_url(re.compile("/customers/$"))
    page.wait_for_load_state()  # the keys work once the scripts have run
    page.keyboard.press("[")
    expect(page.locator("html")).to_have_attribute("data-rail", "narrow")

    page.get_by_role("button", name="账号").click()
    page.get_by_role("button", name="浅色/深色").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.locator("[aria-label=账号]").click()
    page.get_by_role("button", name="English").click()
    expect(page.locator("h1")).to_have_text("Customers")
    sign_out(page)
    expect(page).to_have_url(re.compile("/accounts/login/"))
    page.goto("/customers/")
    expect(page).to_have_url(re.compile("/accounts/login/"))


def test_what_is_typed_before_the_scripts_have_come_is_searched_for_when_they_have(
    page: Page, person: User, company: OrgUnit
) -> None:
    make_customer(company, name="欧阳明月")
    sign_in_by_form(page, person.username)
    expect(page.locator("h1")).to_contain_text("林晓安")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/htmx.min*.js", hold)

    page.goto("/homes/", wait_until="commit")
    page.fill("#search-field", "ouyang")
    with page.expect_response("**/htmx.min*.js"):
        held[0].continue_()

    expect(page.locator("#search-hits a", has_text="欧阳明月")).to_be_visible()


def test_a_person_works_for_one_place_of_several(page: Page, person: User, company: OrgUnit) -> None:
    project = OrgUnit.objects.get(code="SZ-A")
    make_customer(company, name="公司客户")
    make_customer(project, name="项目客户")
    sign_in_by_form(page, person.username)
    page.goto("/customers/")
    rows = page.locator("main table")
    expect(rows).to_contain_text("公司客户")

    page.get_by_role("button", name="我的全部范围").click()
    page.get_by_role("searchbox", name="查找组织").fill("家园")
    choice = page.locator("#scope-places button")
    expect(choice).to_have_count(1)
    choice.click()

    expect(page).to_have_url(re.compile(rf"/customers/\?place={project.pk}$"))
    expect(rows).to_contain_text("项目客户")
    expect(rows).not_to_contain_text("公司客户")
    page.goto("/")
    page.wait_for_load_state("networkidle")  # the keys work once the scripts have run
    page.keyboard.press("g")
    page.keyboard.press("c")
    expect(page).to_have_url(re.compile(rf"/customers/\?place={project.pk}$"))
