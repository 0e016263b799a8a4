# domain data
"""The week of a group complaint, from the list of cases to the check in a sister project."""

import pytest
from django.db import transaction
from playwright.sync_api import Page, expect

from hearth.accounts.models import User
from hearth.group_cases.models import GroupCase, PreventiveCheck
from hearth.group_cases.plans import sync_plan
from hearth.organization.models import OrgUnit
from tests.browser.conftest import RunJobs, sign_in_by_form
from tests.browser.journeys import choose
from tests.customers.builders import make_home
from tests.group_cases.builders import make_complaint

pytestmark = pytest.mark.django_db(transaction=True)


def open_it(page: Page, numbers: list[int]) -> None:
    """Make cases one group complaint, and note that banners were seen."""
    page.goto(f"/group-cases/new/?numbers={'+'.join(map(str, numbers))}")
    page.fill("[name=title]", "7栋外窗渗漏群诉")
    page.locator("main .card-footer .btn-primary").click()
    expect(page.locator("h1")).to_contain_text("7栋外窗渗漏群诉")
    expect(page.locator("h1")).to_contain_text("一般群诉")
    page.get_by_text("记录看到的情况").click()
    choose(page, "what", "拉横幅")
    page.get_by_role("button", name="记录", exact=True).click()
    expect(page.locator("h1")).to_contain_text("重大群诉")


def meet(page: Page, person: User) -> None:
    """Plan a meeting, note who is there, promise something and end it."""
    page.get_by_role("link", name="会议与承诺").click()
    page.locator("summary", has_text="安排会议").click()
    page.fill("#meetings [name=title]", "业主沟通会")
    page.get_by_role("button", name="安排会议").click()
    expect(page.locator("h1")).to_contain_text("业主沟通会")
    page.select_option("[name=household]", index=1)
    page.get_by_role("button", name="记录出席").click()
    expect(page.locator("#attendance .list-group")).to_contain_text("业主方")
    page.fill("[name=what]", "三日内检查全部外窗")
    page.select_option("[name=responsible]", label=str(person))
    page.fill("[name=due_date]", "2100-01-01")
    page.get_by_role("button", name="记录承诺").click()
    expect(page.locator("#promises")).to_contain_text("三日内检查全部外窗")
    page.get_by_role("button", name="结束会议").click()
    expect(page.get_by_role("button", name="结束会议")).to_have_count(0)


def learn(page: Page) -> None:
    """Close it, review it, and have the region check."""
    page.fill("[name=outcome]", "全部更换外窗，五户和解。")
    page.get_by_role("button", name="关闭群诉").click()
    page.get_by_role("link", name="复盘").click()
    page.fill("[name=course]", "五户渗漏，三周内扩散。")
    page.fill("[name=reasons]", "外窗批次不合格。")
    page.fill("[name=lessons]", "外窗进场复检。")
    page.fill("[name=prevention]", "检查外窗批次 A-17。")
    page.get_by_role("button", name="保存").click()
    choose(page, "reach", "本区域")
    page.get_by_role("button", name="完成复盘").click()
    expect(page.locator("main")).to_contain_text("已完成")


def test_the_week_of_a_group_complaint(page: Page, person: User, company: OrgUnit, run_jobs: RunJobs) -> None:
    with transaction.atomic():
        sync_plan()
        numbers = [make_complaint(company).number for _each in range(5)]
        make_home(company, project="远山")
    sign_in_by_form(page, person.username)

    open_it(page, numbers)
    group = GroupCase.objects.get()
    page.get_by_role("link", name="预案与口径").click()
    expect(page.locator("#plan")).to_contain_text("拟定统一口径并报批")
    meet(page, person)
    page.goto(f"/group-cases/{group.pk}/")
    learn(page)
    run_jobs()

    check = PreventiveCheck.objects.get()
    page.goto(f"/group-cases/checks/{check.pk}/")
    page.fill("[name=finding]", "批次不同，没有渗漏。")
    choose(page, "is_found", "否")
    page.get_by_role("button", name="完成检查").click()
    expect(page.locator("h1")).to_contain_text("本项目没有")
    group.refresh_from_db()
    assert (group.state, group.level, group.households) == ("closed", "major", 5)
