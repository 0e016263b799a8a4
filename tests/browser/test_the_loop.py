# domain data
"""The loop on real pages: record, analyse, plan, act, measure."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from hearth.accounts.models import User
from hearth.campaigns.models import Campaign, CampaignMember
from hearth.organization.models import OrgUnit
from tests.browser.conftest import RunJobs, sign_in_by_form
from tests.browser.journeys import choose
from tests.channels.mailbox import Mailbox, open_mailbox
from tests.customers.builders import make_customer
from tests.privacy.builders import make_consent

pytestmark = pytest.mark.django_db(transaction=True)
WOMEN, MEN = 24, 4
TEXT = "{name},您好!周六样板间开放日,诚邀您参观:{link} 不再接收:{opt_out}"


@pytest.fixture
def mailbox(settings: Settings, live_server: LiveServer) -> Iterator[Mailbox]:
    """A mail server that the jobs send through, with links to the server of this test."""
    with open_mailbox() as opened:
        settings.EMAIL_PORT, settings.PUBLIC_ADDRESS = opened.port, live_server.url
        yield opened


@pytest.fixture
def customers(company: OrgUnit) -> None:
    for number in range(WOMEN + MEN):
        sex = "female" if number < WOMEN else "male"
        customer = make_customer(company, sex=sex, emails=(f"owner{number}@example.com",))
        make_consent(customer.pk)


def compute_profiles(page: Page, run_jobs: RunJobs) -> None:
    page.goto("/insight/")
    page.get_by_role("button", name="立即计算").first.click()
    expect(page.locator("#progress")).to_be_visible()
    run_jobs()
    expect(page.locator(".insight-map")).to_be_visible()


def write_segment(page: Page) -> None:
    page.goto("/segments/new/")
    page.get_by_role("button", name="添加条件", exact=True).click()
    page.get_by_label("字段").select_option(label="性别")
    page.get_by_label("女", exact=True).check()
    expect(page.locator("#estimate")).to_contain_text(str(WOMEN))
    page.fill("[name=name]", "女性客户")
    choose(page, "org_unit", "深圳公司")
    page.get_by_role("button", name="保存").click()
    page.get_by_role("button", name="立即统计").click()
    expect(page.locator("#members")).to_contain_text(str(WOMEN))


def plan_campaign(page: Page) -> None:
    page.goto("/campaigns/new/")
    choose(page, "org_unit", "深圳公司")
    page.fill("[name=name]", "春季样板间开放日")
    page.select_option("[name=segment]", label="女性客户")
    page.select_option("[name=main_outcome]", "response")
    page.get_by_role("button", name="下一步").click()
    page.fill("[name=form-0-share]", "50")
    page.fill("[name=form-1-name]", "邮件邀请")
    page.fill("[name=form-1-share]", "50")
    page.locator("details", has=page.locator("[name=form-1-subject]")).locator("summary").click()
    page.fill("[name=form-1-subject]", "样板间开放日")
    page.fill("[name=form-1-body]", TEXT)
    page.get_by_role("button", name="保存分组").click()
    expect(page.locator("#toasts")).to_contain_text("分组")


def start_campaign(page: Page) -> None:
    page.get_by_role("button", name="抽取受众").click()
    page.get_by_label("我已核对受众").check()
    page.get_by_role("button", name="立即启动").click()
    expect(page.get_by_text("进行中").first).to_be_visible()


def hold_round(page: Page) -> None:
    page.goto("/insight/rounds/new/")
    choose(page, "org_unit", "深圳公司")
    page.fill("[name=name]", "2026 春季")
    page.locator("main .btn-primary").click()
    expect(page.locator("h1")).to_have_text("2026 春季")
    page.fill("[name=text]", "开放日继续办,先邀请女性客户。")
    page.select_option("[name=campaign]", label="春季样板间开放日")
    page.get_by_role("button", name="记录决定").click()
    expect(page.locator("main")).to_contain_text("开放日继续办")


def test_a_segment_is_addressed_by_mail_one_answers_and_the_report_tells_what_it_is_worth(
    page: Page, phone: Page, person: User, customers: None, mailbox: Mailbox, run_jobs: RunJobs
) -> None:
    sign_in_by_form(page, person.username)
    compute_profiles(page, run_jobs)
    write_segment(page)
    plan_campaign(page)
    start_campaign(page)
    run_jobs()
    treated = CampaignMember.objects.filter(exclusion="").exclude(treatment__channel="").count()
    assert len(mailbox.mails) == treated

    text = mailbox.mails[0].get_body(("plain",))
    assert text
    link = re.search(r"http://\S+/p/r/\S+", text.get_content())
    assert link
    phone.goto(link.group())
    phone.get_by_role("button", name="是的").click()
    expect(phone.locator("h1")).to_have_text("谢谢您")

    campaign = Campaign.objects.get()
    page.goto(f"/campaigns/{campaign.pk}/result/")
    row = page.locator("tbody tr", has_text="邮件邀请").first
    expect(row).to_contain_text(str(treated))
    expect(row).to_contain_text(f"{100 / treated:.2f} %")
    expect(page.locator("tbody tr", has_text="对照组").first).to_contain_text(str(WOMEN - treated))
    expect(page.locator("main .fs-3").first).to_contain_text("邮件邀请")
    hold_round(page)
