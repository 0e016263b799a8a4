# domain data
"""A file of customers becomes customers; a second record of one of them is noticed."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from hearth.accounts.models import User
from hearth.customers.models import Customer
from tests.browser.conftest import RunJobs, sign_in_by_form
from tests.browser.journeys import choose, look_up

pytestmark = pytest.mark.django_db(transaction=True)
LINES = (
    "客户编号,姓名,手机,邮箱,性别,来源",
    "K-001,欧阳明月,13912345678,mingyue@example.com,女,来访",
    "K-002,林志强,13800000002,zhiqiang@example.com,男,来电",
    "K-003,,13800000003,,男,来访",
    "K-004,陈雨桐,12345,,女,来访",
    "K-005,黄建国,13800000005,not-a-mail,男,来访",
    "K-006,李思琪,13800000006,siqi@example.com,女,老带新",
)


def import_good_rows(page: Page, source: Path, run_jobs: RunJobs) -> None:
    """Lead a file through the wizard, leaving its three bad rows out."""
    page.goto("/imports/new/")
    page.locator("label", has=page.locator("input[value=customers]")).click()
    page.set_input_files("input[type=file]", source)
    choose(page, "place", "深圳公司")
    page.get_by_role("button", name="上传").click()
    page.get_by_role("button", name="检查各行").click()
    issues = page.locator("#issues")
    expect(issues.locator("tbody tr")).to_have_count(3)
    expect(issues).to_contain_text("电话号码位数不够。")
    expect(issues).to_contain_text("这不是邮箱地址。")
    page.locator("[name=good_rows_only]").check()
    page.get_by_role("button", name="立即导入").click()
    expect(page.locator("#progress")).to_be_visible()
    run_jobs()
    expect(page.get_by_role("link", name="结果文件")).to_be_visible()


def record_again(page: Page) -> None:
    """Enter the same phone under another name, and open the customer whom the warning names."""
    page.goto("/customers/new/")
    page.fill("[name=name]", "欧阳明玥")
    page.fill("[name=phones]", "13912345678")
    choose(page, "org_unit", "深圳公司")
    page.locator("form .card-footer .btn-primary").click()
    warning = page.locator("form [role=alert]").first
    expect(warning).to_contain_text("欧阳明月")
    expect(warning).to_contain_text("电话")
    warning.get_by_role("link").first.click()
    expect(page.locator("h1")).to_contain_text("欧阳明月")


def test_a_file_of_customers_is_checked_in_words_and_its_good_rows_are_found_again(
    page: Page, person: User, run_jobs: RunJobs, tmp_path: Path
) -> None:
    source = tmp_path / "customers.csv"
    source.write_text("\n".join(LINES) + "\n", encoding="gb18030")
    sign_in_by_form(page, person.username)

    import_good_rows(page, source, run_jobs)
    assert Customer.objects.count() == 3

    look_up(page, "oymy", "欧阳明月")
    expect(page.locator("h1")).to_contain_text("欧阳明月")
    look_up(page, "5678", "欧阳明月")
    page.click("[data-key=c]")
    page.fill("#composer [name=body]", "咨询样板间开放时间")
    page.locator("#composer [name=body]").press("Control+Enter")
    expect(page.locator("#timeline-entries")).to_contain_text("咨询样板间开放时间")

    record_again(page)
    assert Customer.objects.count() == 3
