# domain data
"""The command palette by keyboard alone, on a phone, on a poor line; and every key of the sheet."""

import re
from collections.abc import Callable

import pytest
from django.db import transaction
from django.urls import reverse
from playwright.sync_api import Locator, Page, Route, expect

from hearth.accounts.models import User
from hearth.cases.models import Case
from hearth.cases.permissions import VIEW_CASE
from hearth.channels.models import Interaction
from hearth.core.permissions import SIGNED_IN
from hearth.customers.permissions import VIEW_CUSTOMER
from hearth.organization.models import OrgUnit
from tests.browser.conftest import PASSWORD, Watch, sign_in_by_form
from tests.browser.journeys import faults_of, has_visible_focus, overflow_of
from tests.cases.builders import NOW, make_case
from tests.customers.builders import make_customer
from tests.organization.builders import make_member

pytestmark = pytest.mark.django_db(transaction=True)


def visit(page: Page, address: str) -> None:
    page.goto(address)
    page.wait_for_load_state("networkidle")  # the keys work once the scripts have run


def call_palette(page: Page) -> None:
    page.keyboard.press("Control+k")
    expect(page.locator("#palette-field")).to_be_focused()


def lines(page: Page) -> Locator:
    return page.locator("#palette-options [role=option]")


def test_a_customer_is_found_by_four_digits_from_anywhere(page: Page, person: User, company: OrgUnit) -> None:
    make_customer(company, name="欧阳明月", phone="13912345678")
    sign_in_by_form(page, person.username)
    visit(page, "/organization/")

    call_palette(page)
    page.keyboard.type("5678")
    page.keyboard.press("Enter")  # at once: the answer to what was typed counts, not what stood there before
    expect(page.locator("h1")).to_contain_text("欧阳明月")
    page.wait_for_load_state("networkidle")  # by then the page is remembered

    visit(page, "/cases/")
    call_palette(page)
    expect(lines(page).first).to_contain_text("欧阳明月")  # opened last
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("欧阳明月")


def test_the_palette_does_what_the_page_does(page: Page, person: User, company: OrgUnit) -> None:
    with transaction.atomic():
        case = make_case(company, customer=make_customer(company), answered_at=NOW, reply="好", kind="repair")
    sign_in_by_form(page, person.username)
    visit(page, reverse("cases:case", args=[case.pk]))

    call_palette(page)
    page.keyboard.type("zhipai")
    expect(lines(page)).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator("#id_assignee")).to_be_focused()
    call_palette(page)
    page.keyboard.type("关闭工单")
    page.keyboard.press("Enter")
    expect(page.locator("#id_assignee")).to_have_count(0)
    case.refresh_from_db()
    assert case.state == Case.State.CLOSED

    visit(page, reverse("workspace:customer", args=[case.customer_id]))
    call_palette(page)
    page.keyboard.type("hebing")
    expect(lines(page).first).to_contain_text("合并")
    page.keyboard.press("Enter")
    expect(page.locator("#merge-other")).to_be_focused()


def test_chosen_rows_are_changed_from_the_palette(page: Page, person: User, company: OrgUnit) -> None:
    make_customer(company)
    sign_in_by_form(page, person.username)
    visit(page, "/customers/")

    page.keyboard.press("j")
    page.keyboard.press("x")
    call_palette(page)
    expect(lines(page).first).to_contain_text("分配给同事")
    page.keyboard.press("Enter")

    expect(page.locator("#list-dialog [name=person]")).to_be_visible()


def test_a_reader_is_offered_what_they_may_do_and_no_more(
    page: Page, company: OrgUnit, neighbour: OrgUnit
) -> None:
    reader = make_member(company, SIGNED_IN, VIEW_CUSTOMER, VIEW_CASE, username="reader")
    reader.set_password(PASSWORD)
    reader.save()
    make_customer(neighbour, name="欧阳明月", phone="13912345678")
    own = make_customer(company, name="欧阳明日", phone="13900005678")
    sign_in_by_form(page, reader.username)
    visit(page, reverse("workspace:customer", args=[own.pk]))

    call_palette(page)
    expect(page.locator("#palette-options")).to_contain_text("报告事件")  # what everybody may
    expect(page.locator("#palette-options")).not_to_contain_text("客户建档")
    page.keyboard.type("5678")
    expect(lines(page)).to_have_count(1)
    expect(lines(page)).to_contain_text("139****5678")


def test_an_answer_that_comes_late_does_not_replace_a_newer_one(
    page: Page, person: User, company: OrgUnit, watch: Watch
) -> None:
    make_customer(company, name="张大山")
    make_customer(company, name="李小河")
    sign_in_by_form(page, person.username)
    visit(page, "/homes/")
    watch.expected.append("htmx:")  # HTMX writes every request that it gives up to the console
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(re.compile("/palette/.*q=zhangdashan"), hold)
    call_palette(page)

    page.locator("#palette-field").fill("zhangdashan")
    page.wait_for_timeout(300)
    page.locator("#palette-field").fill("lixiaohe")
    expect(lines(page).first).to_contain_text("李小河")
    assert len(held) == 1
    held[0].continue_()
    page.wait_for_timeout(500)

    expect(lines(page).first).to_contain_text("李小河")
    expect(page.locator("#palette-options")).not_to_contain_text("张大山")


def test_a_line_that_breaks_is_told_and_tried_again(
    page: Page, person: User, company: OrgUnit, watch: Watch
) -> None:
    make_customer(company, name="张大山")
    sign_in_by_form(page, person.username)
    visit(page, "/homes/")
    call_palette(page)
    expect(lines(page).first).to_be_visible()
    watch.expected += ["status of 429", "Error Code 429"]

    page.route("**/palette/?**", lambda route: route.fulfill(status=429, body=""))
    page.keyboard.type("zhang")
    expect(page.locator("#palette-options")).to_contain_text("操作未成功")
    expect(page.locator("#palette-said")).to_contain_text("操作未成功")
    page.unroute_all()
    page.locator("#palette-options [data-retry]").click()

    expect(lines(page).first).to_contain_text("张大山")


def test_the_palette_is_read_aloud_and_gives_the_focus_back(page: Page, person: User) -> None:
    sign_in_by_form(page, person.username)
    visit(page, "/customers/")
    page.locator("#list-text").focus()

    call_palette(page)
    expect(lines(page).first).to_have_attribute("aria-selected", "true")
    field = page.get_by_role("combobox", name="查找记录，或输入要做的事")
    first = field.get_attribute("aria-activedescendant")
    page.keyboard.press("ArrowDown")
    second = field.get_attribute("aria-activedescendant")
    assert faults_of(page) == []
    assert first != second
    expect(page.locator(f"#{second}")).to_have_attribute("aria-selected", "true")
    expect(page.locator("#palette-options [aria-selected=true]")).to_have_count(1)
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(lines(page).last).to_have_attribute("aria-selected", "true")
    expect(page.locator("#palette-said")).to_have_text(re.compile(r"\d+ 条结果"))

    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()
    expect(page.locator("#list-text")).to_be_focused()


def test_the_palette_fits_a_phone(phone: Page, person: User, company: OrgUnit) -> None:
    make_customer(company, name="欧阳明月", phone="13912345678")
    sign_in_by_form(phone, person.username)
    visit(phone, "/customers/")

    phone.get_by_role("button", name="命令面板").tap()
    phone.locator("#palette-field").fill("5678")
    expect(lines(phone).first).to_contain_text("欧阳明月")
    assert overflow_of(phone) <= 0
    lines(phone).first.tap()

    expect(phone.locator("h1")).to_contain_text("欧阳明月")


Effect = Callable[[Page], None]
NAMES = {"Ctrl": "Control", "Esc": "Escape"}


def press(page: Page, keys: str) -> None:
    for key in keys.split(" "):
        page.keyboard.press("+".join(NAMES.get(part, part) for part in key.split("+")).replace("+K", "+k"))


def is_there(selector: str) -> Effect:
    return lambda page: expect(page.locator(selector).first).to_be_visible()


def is_focused(selector: str) -> Effect:
    return lambda page: expect(page.locator(selector)).to_be_focused()


def leads_to(address: str) -> Effect:
    return lambda page: expect(page).to_have_url(re.compile(address))


ROW = re.compile("customers/[0-9a-f-]{36}/").pattern
# What is pressed before the key, and what is seen after it, on the list of customers.
ON_THE_LIST: dict[str, tuple[str, Effect]] = {
    "Ctrl+K": ("", is_there("#palette-options [role=option]")),
    "/": ("", is_focused("#search-field")),
    "n": ("", is_there(".dropdown-menu.show .dropdown-item:focus")),
    "[": ("", is_there("html[data-rail=narrow]")),
    "Esc": ("Ctrl+K", lambda page: expect(page.locator("#palette")).to_be_hidden()),
    "?": ("", is_there("#keys")),
    "j": ("", is_focused("#list-table tbody tr:first-child")),
    "k": ("", is_focused("#list-table tbody tr:last-child")),
    "Space": ("j", is_there("#list-peek .card-title")),
    "o": ("j", leads_to(ROW)),
    "Enter": ("j", leads_to(ROW)),
    "e": ("j", is_focused("#edit-box select")),
    "x": ("j", is_there("#list-selection")),
    "a": ("j x", is_there("#list-dialog [name=person]")),
    "f": ("", is_focused("#list-text")),
}
# Proved by a test of their own.
ELSEWHERE = {"m 1", "Ctrl+Enter", "Tab"}


def test_every_key_of_the_sheet_does_what_it_says(page: Page, person: User, company: OrgUnit) -> None:
    make_customer(company, name="李小龙")
    make_customer(company, name="王小明")
    sign_in_by_form(page, person.username)
    visit(page, "/customers/")
    page.keyboard.press("?")
    expect(page.locator("#keys [data-keys]").first).to_be_visible()
    told = set(page.locator("#keys [data-keys]").evaluate_all("all => all.map((each) => each.dataset.keys)"))
    places = {
        f"g {letter}"
        for letter in page.locator("[data-go]").evaluate_all("all => all.map((e) => e.dataset.go)")
    }

    assert told == {*ON_THE_LIST, *places, *ELSEWHERE}
    for keys, (before, effect) in ON_THE_LIST.items():
        visit(page, "/customers/")
        if before:
            press(page, before)
        press(page, keys)
        effect(page)
    for keys in sorted(places):
        visit(page, "/customers/duplicates/")
        target = page.locator(f"[data-go={keys[-1]}]").get_attribute("href")
        press(page, keys)
        leads_to(f"{target}$")(page)


def test_the_keys_of_boards_and_of_writing_do_what_they_say(
    page: Page, person: User, company: OrgUnit
) -> None:
    with transaction.atomic():
        customer = make_customer(company)
        make_case(company, title="一件工单", answered_at=NOW, reply="好")
    sign_in_by_form(page, person.username)

    visit(page, "/cases/?display=board")
    page.locator(".list-card").first.focus()
    with page.expect_response("**/move/**"):
        press(page, "m 1")
    visit(page, reverse("workspace:customer", args=[customer.pk]))
    press(page, "c")
    expect(page.locator("#composer textarea")).to_be_focused()
    assert has_visible_focus(page)
    page.keyboard.type("明天再打")
    press(page, "Ctrl+Enter")
    expect(page.locator("#timeline-entries")).to_contain_text("明天再打")
    assert Interaction.objects.count() == 1


def test_a_sign_in_that_ended_is_renewed_and_leads_back(
    page: Page, person: User, company: OrgUnit, watch: Watch
) -> None:
    sign_in_by_form(page, person.username)
    visit(page, "/customers/?sort=name")
    page.context.clear_cookies()
    watch.expected.append("status of 401")

    page.keyboard.press("Control+k")

    expect(page).to_have_url(re.compile(r"/accounts/login/\?next=%2Fcustomers%2F%3Fsort%3Dname"))
