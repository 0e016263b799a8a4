"""Write on a customer's page: name a colleague by the keyboard, and keep the composer in sight."""

import re

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from hearth.accounts.models import Notification, User
from hearth.organization.models import OrgUnit
from tests.browser.conftest import Watch, sign_in_by_form
from tests.browser.journeys import faults_of
from tests.channels.builders import make_template
from tests.customers.builders import make_customer
from tests.organization.builders import make_member

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_colleague_is_named_by_the_keyboard_and_told(page: Page, person: User, company: OrgUnit) -> None:
    for name in ("王小明", "王大明"):
        User.objects.filter(pk=make_member(company, "customers.view").pk).update(display_name=name)
    customer = make_customer(company, name="李小龙")
    sign_in_by_form(page, person.username)
    page.goto(f"/customers/{customer.pk}/?tab=timeline")
    page.wait_for_load_state("networkidle")
    text, offered = page.locator("#composer textarea"), page.locator("#mention-list [role=option]")

    text.focus()
    page.keyboard.type("请 @王")
    expect(offered).to_have_text(["王大明", "王小明"])
    assert faults_of(page) == []
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(text).to_have_value("请 @王小明 ")
    expect(page.locator("#mention-list")).to_be_hidden()
    page.keyboard.type("看图纸 @王")
    expect(offered).to_have_count(2)
    page.keyboard.press("Escape")
    expect(page.locator("#mention-list")).to_be_hidden()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#timeline-entries")).to_contain_text("看图纸")
    told = Notification.objects.filter(kind="channels.mentioned").select_related("user")
    assert [each.user.display_name for each in told] == ["王小明"]


def test_the_composer_stays_in_sight_while_the_timeline_is_read(
    page: Page, person: User, company: OrgUnit
) -> None:
    customer = make_customer(company, name="李小龙")
    sign_in_by_form(page, person.username)
    page.goto(f"/customers/{customer.pk}/?tab=timeline")
    page.wait_for_load_state("networkidle")
    page.locator("#timeline-entries").evaluate("(part) => { part.style.minHeight = '3000px'; }")

    page.mouse.wheel(0, 1500)

    expect(page.locator("#composer textarea")).to_be_in_viewport()


def test_what_is_written_stays_when_the_sign_in_has_ended(
    page: Page, person: User, company: OrgUnit, watch: Watch
) -> None:
    customer = make_customer(company, name="李小龙")
    sign_in_by_form(page, person.username)
    address = f"/customers/{customer.pk}/?tab=timeline"
    page.goto(address)
    page.wait_for_load_state("networkidle")
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    watch.expected.append("status of 401")

    page.evaluate("htmx.trigger(document.body, 'hearth:notified')")  # the bell asks by itself
    expect(page.locator("#toasts")).to_contain_text("您的登录已失效")
    page.fill("#composer textarea", "请带上图纸")
    page.keyboard.press("Control+Enter")
    page.wait_for_load_state("networkidle")

    expect(page.locator("#composer textarea")).to_have_value("请带上图纸")
    expect(page).to_have_url(re.compile(re.escape(address)))


def test_a_note_begins_from_a_template_and_keeps_what_was_written(
    page: Page, person: User, company: OrgUnit
) -> None:
    make_template(company, name="回访", body="{customer}您好，")
    customer = make_customer(company, name="李小龙")
    sign_in_by_form(page, person.username)
    page.goto(f"/customers/{customer.pk}/?tab=timeline")
    page.wait_for_load_state("networkidle")
    text = page.locator("#composer textarea")

    text.fill("今日电话：")
    page.get_by_role("button", name="使用模板").click()
    page.locator("#composer [data-text]").click()
    page.keyboard.type("请带上图纸")

    expect(text).to_have_value("今日电话：李小龙您好，请带上图纸")
