"""Edit values where they stand: by keyboard alone, by touch, and two people at once."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from hearth.accounts.models import User
from hearth.customers.models import Customer
from hearth.organization.models import OrgUnit
from tests.browser.conftest import DESKTOP, sign_in_by_form
from tests.browser.journeys import faults_of, has_visible_focus
from tests.customers.builders import make_customer

pytestmark = pytest.mark.django_db(transaction=True)
COLUMNS = "/customers/?sort=name&columns=responsible,source,occupation"


def open_page_of(page: Page, address: str) -> None:
    page.goto(address)
    page.wait_for_load_state("networkidle")  # the keys work once the scripts have run


def cell(page: Page, name: str, row: int = 0) -> Locator:
    return page.locator("#list-table tbody tr").nth(row).locator(f"[data-inline={name}]")


def test_cells_are_edited_by_keyboard_alone(page: Page, person: User, company: OrgUnit) -> None:
    first = make_customer(company, name="李小龙", source="call")
    make_customer(company, name="王小明")
    sign_in_by_form(page, person.username)
    open_page_of(page, COLUMNS)
    editor = page.locator("#edit-box")

    page.keyboard.press("j")
    page.keyboard.press("e")
    expect(editor.locator("select")).to_be_focused()
    assert has_visible_focus(page)
    assert faults_of(page) == []
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    expect(cell(page, "responsible")).to_have_text("林晓安")
    expect(cell(page, "source").locator("select")).to_be_focused()
    page.keyboard.press("Tab")
    expect(cell(page, "occupation").locator("input:not([type=hidden])")).to_be_focused()
    page.keyboard.type("教师")
    page.keyboard.press("Enter")
    expect(cell(page, "occupation")).to_have_text("教师")
    expect(page.locator("#list-table tbody tr").first).to_be_focused()

    page.keyboard.press("a")
    expect(cell(page, "responsible").locator("select")).to_be_focused()
    page.keyboard.press("Escape")
    expect(cell(page, "responsible")).to_have_text("林晓安")
    expect(page.locator("#list-table tbody tr").first).to_be_focused()
    first.refresh_from_db()
    assert (first.responsible, first.source, first.occupation) == (person, "call", "教师")


def test_a_bad_value_stays_open_and_a_change_is_undone(page: Page, person: User, company: OrgUnit) -> None:
    customer = make_customer(company, name="李小龙")
    sign_in_by_form(page, person.username)
    open_page_of(page, f"/customers/{customer.pk}/")
    name = page.locator("dd[data-inline=name]")

    name.get_by_role("button", name="编辑：姓名").click()
    expect(name.locator("input:not([type=hidden])")).to_be_focused()
    page.keyboard.type("  ")
    page.keyboard.press("Enter")
    expect(name.locator("[role=alert]")).to_contain_text("必填")
    name.locator("input:not([type=hidden])").fill("李大龙")
    page.keyboard.press("Enter")
    expect(name.locator("[data-value]")).to_have_text("李大龙")
    expect(page.locator("h1")).to_contain_text("李大龙")
    expect(name.get_by_role("button")).to_be_focused()

    page.locator("#toasts").get_by_role("button", name="撤销").click()
    expect(name.locator("[data-value]")).to_have_text("李小龙")
    expect(page.locator("#toasts")).to_contain_text("已撤销更改")
    customer.refresh_from_db()
    assert customer.name == "李小龙"


def edit_source(page: Page, value: str) -> None:
    page.locator("dd[data-inline=source]").get_by_role("button", name="编辑：来源").click()
    page.select_option("#edit-box select", value)


@pytest.fixture
def two(open_page: Callable[..., Page], person: User, company: OrgUnit) -> tuple[Page, Page]:
    """Two browsers on the page of one customer, who came by phone."""
    customer = make_customer(company, name="李小龙", source="call")
    pages = open_page(DESKTOP), open_page(DESKTOP)
    for page in pages:
        sign_in_by_form(page, person.username)
        open_page_of(page, f"/customers/{customer.pk}/")
    return pages


def save(page: Page) -> None:
    page.bring_to_front()
    page.keyboard.press("Enter")


def test_two_people_who_edit_the_same_field_choose(two: tuple[Page, Page]) -> None:
    one, other = two
    edit_source(one, "web")

    other.bring_to_front()
    edit_source(other, "event")
    save(other)
    expect(other.locator("dd[data-inline=source] [data-value]")).to_have_text("活动")
    save(one)
    dialog = one.locator("#edit-dialog")
    expect(dialog.locator("[data-side]")).to_have_text(["来电", "活动", "网络"])
    assert dialog.evaluate("(element) => element.scrollWidth - element.clientWidth") == 0
    assert faults_of(one) == []
    dialog.get_by_text("对方的值").click()
    dialog.get_by_role("button", name="保留所选").click()
    expect(dialog).to_be_hidden()
    expect(one.locator("dd[data-inline=source] [data-value]")).to_have_text("活动")
    assert Customer.objects.get().source == "event"


def test_two_people_who_edit_different_fields_do_not_meet(two: tuple[Page, Page]) -> None:
    one, other = two
    edit_source(one, "referral")

    other.bring_to_front()
    other.locator("dd[data-inline=occupation]").get_by_role("button").click()
    expect(other.locator("#edit-box input:not([type=hidden])")).to_be_focused()
    other.keyboard.type("教师")
    save(other)
    expect(other.locator("dd[data-inline=occupation] [data-value]")).to_have_text("教师")
    save(one)
    expect(one.locator("dd[data-inline=source] [data-value]")).to_have_text("老带新")
    kept = Customer.objects.get()
    assert (kept.source, kept.occupation) == ("referral", "教师")


def test_the_form_of_a_customer_asks_when_both_changed_the_same(
    page: Page, person: User, company: OrgUnit
) -> None:
    customer = make_customer(company, name="李小龙", occupation="医生")
    sign_in_by_form(page, person.username)
    open_page_of(page, f"/customers/{customer.pk}/edit/")

    page.fill("[name=occupation]", "律师")
    page.fill("[name=name]", "李大龙")
    with page.context.new_page() as beside:
        open_page_of(beside, f"/customers/{customer.pk}/edit/")
        beside.fill("[name=occupation]", "教师")
        beside.locator("form .btn-primary", has_text="保存").first.click()
        expect(beside).to_have_url(re.compile(f"/customers/{customer.pk}/$"))
    page.bring_to_front()
    page.get_by_role("button", name="保存").first.click()
    dialog = page.locator("[data-conflict]")
    expect(dialog.locator("[data-side]")).to_have_text(["医生", "教师", "律师"])
    dialog.get_by_role("button", name="保留所选").click()
    expect(page).to_have_url(re.compile(f"/customers/{customer.pk}/$"))
    customer.refresh_from_db()
    assert (customer.name, customer.occupation) == ("李大龙", "律师")


def test_a_tap_opens_the_editor_on_a_phone(phone: Page, person: User, company: OrgUnit) -> None:
    customer = make_customer(company, name="李小龙", source="call")
    sign_in_by_form(phone, person.username)
    open_page_of(phone, COLUMNS)

    cell(phone, "source").tap()
    phone.select_option("#edit-box select", "web")
    phone.locator("#edit-box").get_by_role("button", name="保存").tap()
    expect(cell(phone, "source")).to_have_text("网络")

    open_page_of(phone, f"/customers/{customer.pk}/")
    phone.locator("dd[data-inline=occupation] [data-value]").tap()
    phone.locator("#edit-box input:not([type=hidden])").fill("教师")
    phone.locator("#edit-box").get_by_role("button", name="保存").tap()
    expect(phone.locator("dd[data-inline=occupation] [data-value]")).to_have_text("教师")
    customer.refresh_from_db()
    assert (customer.source, customer.occupation) == ("web", "教师")
