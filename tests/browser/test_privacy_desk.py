# domain data
"""The privacy desk on its pages: a request from the customer's own page to the erasure, and the times of keeping."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from hearth.accounts.models import User
from hearth.customers.models import Customer
from hearth.organization.models import OrgUnit
from hearth.privacy.links import preferences_token
from hearth.privacy.models import PersonRequest
from hearth.privacy.services import sync_purposes, sync_retention
from tests.browser.conftest import PASSWORD, RunJobs, sign_in_by_form
from tests.browser.journeys import faults_of, overflow_of
from tests.customers.builders import make_customer
from tests.organization.builders import make_group, make_member

pytestmark = pytest.mark.django_db(transaction=True)
RIGHTS = (
    "core.signed_in",
    "customers.view",
    "privacy.take_requests",
    "privacy.answer_requests",
    "privacy.approve_erasures",
    "privacy.change_retention",
    "privacy.view_consent",
)
PICTURES = os.environ.get("HEARTH_LOOK")


def officer(place: OrgUnit) -> User:
    user = make_member(place, *RIGHTS)
    user.set_password(PASSWORD)
    user.save()
    return user


def look_at(page: Page, name: str) -> None:
    """See that the page fits a phone and a screen reader."""
    assert faults_of(page) == []
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)
    page.set_viewport_size({"width": 390, "height": 844})
    assert overflow_of(page) <= 0
    page.set_viewport_size({"width": 1440, "height": 900})


def ask(page: Page, customer: Customer) -> PersonRequest:
    """Have a customer ask to be erased on the page behind their link."""
    page.goto(f"/p/c/{preferences_token(customer.pk, now=timezone.now())}")
    page.select_option("#ask", "erasure")
    page.fill("#wish", "请删除我的信息")
    page.get_by_role("button", name="提交请求").click()
    expect(page.locator(".alert-success")).to_contain_text("已登记")
    look_at(page, "portal")
    return PersonRequest.objects.get()


def propose(page: Page, row: PersonRequest, who: User) -> None:
    """Check who asks, give the data out, and propose the erasure, as the first person."""
    sign_in_by_form(page, who.username, PASSWORD)
    page.goto(reverse("privacy:requests"))
    look_at(page, "requests")
    page.goto(reverse("privacy:request", args=[row.pk]))
    page.fill("[name=how]", "柜台查验身份证")
    page.get_by_role("button", name="身份已核实").click()
    with page.expect_download() as taken:
        page.get_by_role("button", name="提供信息").click()
    assert taken.value.suggested_filename == f"{row.number}.zip"
    look_at(page, "request")
    page.get_by_role("button", name="提出删除").click()
    expect(page.locator("h1")).to_contain_text("待第二人批准")
    expect(page.get_by_role("button", name="批准删除")).to_have_count(0)


def test_a_customer_asks_to_be_erased_and_two_colleagues_do_it(page: Page, run_jobs: RunJobs) -> None:
    group = make_group()
    sync_purposes()
    customer = make_customer(group, name="欧阳静", phone="13900001234", at=datetime(2026, 1, 1, tzinfo=UTC))
    first, second = officer(group), officer(group)

    row = ask(page, customer)
    propose(page, row, first)
    page.context.clear_cookies()
    sign_in_by_form(page, second.username, PASSWORD)
    page.goto(reverse("privacy:request", args=[row.pk]))
    page.get_by_role("button", name="批准删除").click()
    expect(page.locator("h1")).to_contain_text("正在删除")
    run_jobs()
    page.reload()

    expect(page.get_by_role("heading", name="删除证明")).to_be_visible()
    look_at(page, "erased")
    assert Customer.objects.get(pk=customer.pk).name == f"#{customer.number}"


def test_the_desk_fits_a_phone_and_a_screen_reader(page: Page) -> None:
    group = make_group()
    sync_purposes()
    sync_retention()
    customer = make_customer(group)
    sign_in_by_form(page, officer(group).username, PASSWORD)

    for name, address in (
        ("new", reverse("privacy:new_request")),
        ("retention", reverse("privacy:retention")),
        ("rule", reverse("privacy:retention_rule", args=["channels.contacts"])),
        ("gone", reverse("privacy:gone")),
        ("consents", reverse("privacy:customer_consents", args=[customer.pk])),
    ):
        page.goto(address)
        look_at(page, name)
