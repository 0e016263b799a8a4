# domain data
"""A filtered list is exported and taken away, with a reason and by the rights of the person."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from hearth.accounts.models import User
from hearth.exports.models import Export
from hearth.organization.models import OrgUnit
from tests.browser.conftest import RunJobs, sign_in_by_form
from tests.browser.journeys import faults_of
from tests.customers.builders import make_customer
from tests.exports.builders import read_back

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_filtered_list_is_exported_and_downloaded(
    page: Page, person: User, company: OrgUnit, run_jobs: RunJobs, tmp_path: Path
) -> None:
    make_customer(company, name="来电客", source="call", phone="13800001234")
    make_customer(company, name="网上客", source="web")
    sign_in_by_form(page, person.username)
    page.goto("/customers/?source=call")
    page.wait_for_load_state("networkidle")

    page.get_by_title("更多").click()
    page.get_by_role("button", name="导出…").click()
    dialog = page.locator("#list-dialog")
    expect(dialog).to_contain_text("1 行")
    assert faults_of(page) == []
    dialog.get_by_label("业主阶段").uncheck()
    dialog.get_by_label("文件用于什么").fill("年度回访名单")
    dialog.get_by_role("button", name="生成文件").click()
    expect(page.locator("main").get_by_text("等待中")).to_be_visible()
    run_jobs()
    ready = page.get_by_role("link", name="下载")
    expect(ready).to_be_visible()
    with page.expect_download() as waiting:
        ready.click()
    path = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(path)

    columns, rows = read_back(path, path.name)
    assert (path.suffix, [row[:2] for row in rows]) == (".xlsx", [["来电客", "13800001234"]])
    assert "业主阶段" not in columns
    assert Export.objects.get().reason == "年度回访名单"
    page.get_by_role("link", name="我的导出").first.click()
    expect(page.locator("#export-list")).to_contain_text("年度回访名单")
    assert faults_of(page) == []
