# domain data
"""A file is paused, goes on and is taken back but for what was used since; another comes in by itself."""

import csv
import os
import time
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings

from hearth.accounts.models import User
from hearth.customers.models import Customer
from tests.browser.conftest import RunJobs, sign_in_by_form
from tests.browser.journeys import choose, faults_of, look_up, overflow_of

pytestmark = pytest.mark.django_db(transaction=True)
HEADER = "客户编号,姓名,手机"
LINES = (HEADER, "K-001,欧阳明月,13912345678", "K-002,林志强,13800000002", "K-003,陈雨桐,13800000003")


def write(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n")
    return path


def begin_import(page: Page, source: Path) -> None:
    """Lead a file through the wizard until its rows are written next."""
    page.goto("/imports/new/")
    page.locator("label", has=page.locator("input[value=customers]")).click()
    page.set_input_files("input[type=file]", source)
    choose(page, "place", "深圳公司")
    page.get_by_role("button", name="上传").click()
    page.get_by_role("button", name="检查各行").click()
    page.get_by_role("button", name="立即导入").click()
    expect(page.locator("#progress")).to_be_visible()


def write_of(page: Page, phone: str, name: str) -> None:
    """Note something on a customer's page."""
    look_up(page, phone, name)
    page.click("[data-key=c]")
    page.fill("#composer [name=body]", "咨询样板间开放时间")
    page.locator("#composer [name=body]").press("Control+Enter")
    expect(page.locator("#timeline-entries")).to_contain_text("咨询样板间开放时间")


def test_a_file_is_paused_goes_on_and_is_taken_back_but_for_what_was_used_since(
    page: Page, person: User, run_jobs: RunJobs, tmp_path: Path
) -> None:
    sign_in_by_form(page, person.username)
    begin_import(page, write(tmp_path / "customers.csv", *LINES))
    here = page.url

    page.get_by_role("button", name="暂停").click()
    expect(page.locator("h1")).to_contain_text("已暂停")
    run_jobs()
    assert Customer.objects.count() == 0
    page.get_by_role("button", name="继续").click()
    expect(page.locator("#progress")).to_be_visible()
    run_jobs()
    expect(page.get_by_role("link", name="结果文件")).to_be_visible()
    assert Customer.objects.count() == 3

    write_of(page, "5678", "欧阳明月")
    page.goto(here)
    page.get_by_role("button", name="撤销导入").click()
    page.locator("#take-back .btn-danger").click()
    expect(page.locator("#progress")).to_be_visible()
    run_jobs()
    report = page.get_by_role("link", name="撤销报告")
    expect(report).to_be_visible()
    with page.expect_download() as download:
        report.click()

    with download.value.path().open(encoding="utf-8-sig", newline="") as file:
        told = [line for line in csv.reader(file) if "已有其他记录引用该记录，保持不变。" in line]
    assert [line[0] for line in told] == ["2"]
    assert list(Customer.objects.values_list("name", flat=True)) == ["欧阳明月"]


def set_up_pick_up(page: Page) -> None:
    """Say where the files of another system lie; a folder outside the inbox is refused first."""
    page.get_by_role("link", name="新建定时取件").first.click()
    page.fill("[name=name]", "旧系统")
    page.select_option("[name=kind]", "customers")
    choose(page, "place", "深圳公司")
    page.select_option("[name=way]", "folder")
    page.fill("[name=path]", "../elsewhere")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    page.fill("[name=path]", "SZ/crm")
    page.get_by_role("button", name="保存").click()


def test_a_file_in_a_folder_comes_in_by_itself_and_its_result_is_shown(
    page: Page,
    person: User,
    run_jobs: RunJobs,
    tmp_path: Path,
    settings: Settings,
) -> None:
    settings.INBOX = tmp_path / "inbox"
    folder = tmp_path / "inbox" / "SZ" / "crm"
    folder.mkdir(parents=True)
    sign_in_by_form(page, person.username)
    page.goto("/imports/sources/")
    assert (faults_of(page), overflow_of(page)) == ([], 0)

    set_up_pick_up(page)
    line = page.locator("#source-list tbody tr")
    expect(line).to_contain_text("旧系统")

    settled = time.time() - 60
    for name, lines in (("good.csv", LINES), ("bad.csv", (HEADER, "K-009,,12345"))):
        os.utime(write(folder / name, *lines), (settled, settled))
        page.get_by_role("button", name="立即查看").click()
        run_jobs()
        page.reload()
        expect(line).to_contain_text(name)

    assert sorted(path.suffixes[-1] for path in (folder / "done").iterdir()) == [".csv", ".csv"]
    assert sorted(path.suffixes[-1] for path in (folder / "failed").iterdir()) == [".csv", ".txt"]
    assert Customer.objects.count() == 3
    line.get_by_role("link", name="bad.csv").click()
    expect(page.locator("#issues")).to_contain_text("电话号码位数不够。")
    page.goto("/imports/")
    page.get_by_role("link", name="good.csv").click()
    expect(page.get_by_role("link", name="结果文件")).to_be_visible()
    assert (faults_of(page), overflow_of(page)) == ([], 0)
