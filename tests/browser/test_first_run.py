# domain data
"""From an empty installation to a colleague who signs in: the first run, left and taken up again."""

import re
from collections.abc import Callable, Iterator

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from hearth.accounts.models import User
from hearth.core.actor import Actor
from hearth.organization.models import FirstStep, OrgUnit
from hearth.organization.services import make_first_account
from tests.accounts.mail_server import Mailbox, start_server
from tests.browser.conftest import DESKTOP, PASSWORD, RunJobs, sign_in_by_form
from tests.browser.journeys import choose, faults_of, overflow_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def mailbox(settings: Settings, live_server: LiveServer) -> Iterator[Mailbox]:
    """A mail server whose letters lead to this test's pages."""
    kept = Mailbox()
    server = start_server(kept)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT, settings.PUBLIC_ADDRESS = server.port, live_server.url
    yield kept
    server.stop()


def add_place(page: Page, parent: str, kind: str, name: str, code: str) -> None:
    choose(page, "parent", parent)
    page.select_option("[name=kind]", kind)
    page.fill("[name=name]", name)
    page.fill("[name=code]", code)
    page.get_by_role("button", name="添加", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text(name)


def name_the_group(page: Page) -> None:
    expect(page).to_have_url(re.compile("/start/company/"))
    assert faults_of(page) == []
    page.fill("[name=name]", "远山地产集团")
    page.fill("[name=display_name]", "林晓安")
    page.fill("[name=email]", "lin@example.com")
    page.get_by_role("button", name="保存并继续").click()
    expect(page).to_have_url(re.compile("/start/places/"))


def invite_a_consultant(page: Page) -> None:
    page.fill("[name=display_name]", "王芳")
    page.fill("[name=email]", "wangfang@example.com")
    page.fill("[name=username]", "wangfang")
    choose(page, "org_unit", "南京公司")
    choose(page, "role", "置业顾问")
    page.get_by_role("button", name="发送邀请").click()
    expect(page.get_by_role("status").first).to_contain_text("王芳")


def come_in(page: Page, address: str) -> None:
    """Choose a password by the link of the letter, and sign in with it."""
    page.goto(address)
    page.fill("[name=password1]", "mountain-river-12")
    page.fill("[name=password2]", "mountain-river-12")
    page.locator("form .btn-primary").click()
    page.wait_for_load_state()
    sign_in_by_form(page, "wangfang", "mountain-river-12")
    expect(page.locator("h1")).to_contain_text("王芳")


def test_an_empty_installation_is_set_up_and_a_colleague_comes_in(
    open_page: Callable[..., Page], run_jobs: RunJobs, mailbox: Mailbox
) -> None:
    make_first_account(actor=Actor.system("test"), now=timezone.now(), password=PASSWORD)
    page = open_page(DESKTOP)
    sign_in_by_form(page, "admin")

    name_the_group(page)
    add_place(page, "远山地产集团", "region", "华东区域", "E")
    add_place(page, "华东区域", "city_company", "南京公司", "NJ")
    page.get_by_role("link", name="以后再说").click()
    expect(page.get_by_role("heading", name="初始设置")).to_be_visible()
    expect(page.locator("main .badge.bg-green-lt")).to_have_count(2)
    page.get_by_role("link", name="继续").click()
    expect(page).to_have_url(re.compile("/start/records/"))
    page.get_by_role("button", name="跳过").click()
    expect(page).to_have_url(re.compile("/start/people/"))
    page.set_viewport_size({"width": 390, "height": 844})
    assert overflow_of(page) <= 0
    invite_a_consultant(page)
    page.get_by_role("button", name="完成").click()
    expect(page.locator("#toasts")).to_contain_text("设置完成")
    expect(page.get_by_role("heading", name="初始设置")).to_have_count(0)
    assert OrgUnit.objects.get(code="NJ").parent == OrgUnit.objects.get(code="E")
    assert FirstStep.objects.get(code="records").state == FirstStep.State.SKIPPED

    run_jobs()
    (address,) = re.findall(r"http\S+", mailbox.text())
    come_in(open_page(DESKTOP), address)
    assert User.objects.get(username="wangfang").last_login is not None
