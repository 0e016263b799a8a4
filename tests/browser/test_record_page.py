# domain data
"""The page of a customer: cards that fold, fields put aside, the overview that comes by itself."""

from datetime import datetime

import pytest
from playwright.sync_api import Page, expect

from hearth.accounts.models import User
from hearth.core.actor import Actor
from hearth.organization.models import OrgUnit
from hearth.organization.services import set_setting
from hearth.workspace.cards import CUSTOMER_CARDS
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


def arranged(page: Page, side: str) -> list[str]:
    found: list[str] = page.locator(f"[data-column={side}] [data-arranged]").evaluate_all(
        "rows => rows.map(row => row.dataset.arranged)"
    )
    return found


def test_a_team_arranges_its_cards_by_mouse_and_keyboard(page: Page, person: User, company: OrgUnit) -> None:
    customer = make_customer(company, name="李小龙")
    sign_in_by_form(page, person.username)
    page.goto(f"/customers/{customer.pk}/")
    page.get_by_role("link", name="排列卡片").click()
    expect(page.locator(".page-title")).to_have_text("客户页面的卡片")
    expect(page.get_by_text("出厂默认")).to_be_visible()

    handle = page.get_by_role("button", name="移动“待办”")
    handle.focus()
    page.keyboard.press("Alt+ArrowUp")
    page.keyboard.press("Alt+ArrowLeft")
    expect(page.locator("#cards-moved")).to_contain_text("待办：标签页左侧，第 5 个，共 6 个")
    expect(handle).to_be_focused()
    first = page.locator("[data-column=right] [data-arranged]").first
    page.get_by_role("button", name="移动“房源”").drag_to(first, target_position={"x": 60, "y": 4})
    right = arranged(page, "right")
    assert right.index("房源") < 2
    page.get_by_role("button", name="保存").click()

    expect(page.get_by_text("已保存。")).to_be_visible()
    assert (arranged(page, "right"), "待办" in arranged(page, "left")) == (right, True)
    assert faults_of(page) == []
    page.goto(f"/customers/{customer.pk}/")
    cards = page.locator("[data-cards] [data-card]").evaluate_all(
        "cards => cards.map(card => card.dataset.card)"
    )
    assert cards.index("tasks") < cards.index("profile")
    assert faults_of(page) == []


def test_a_team_says_which_cards_begin_folded_and_each_folds_their_own(
    page: Page, person: User, company: OrgUnit, group: OrgUnit, actor: Actor, now: datetime
) -> None:
    customer = make_customer(company, name="李小龙")
    set_setting(CUSTOMER_CARDS.key, actor=actor, now=now, org_unit=group, value={"folded": ["homes"]})
    sign_in_by_form(page, person.username)
    page.goto(f"/customers/{customer.pk}/")
    homes = page.locator("[data-card=homes] .card")

    expect(homes.get_by_text("还没有房源")).to_be_hidden()
    homes.locator("[data-fold]").click()
    expect(homes.get_by_text("还没有房源")).to_be_visible()
    page.reload()

    expect(homes.get_by_text("还没有房源")).to_be_visible()
    assert faults_of(page) == []


def test_cards_are_arranged_on_a_phone(page: Page, person: User, company: OrgUnit, group: OrgUnit) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    sign_in_by_form(page, person.username)
    page.goto(f"/places/{group.pk}/cards/")

    page.get_by_role("button", name="移动“联系方式”").focus()
    page.keyboard.press("Alt+ArrowUp")
    page.get_by_role("button", name="保存").click()

    expect(page.get_by_text("已保存。")).to_be_visible()
    assert arranged(page, "left")[:2] == ["联系方式", "基本信息"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert faults_of(page) == []
