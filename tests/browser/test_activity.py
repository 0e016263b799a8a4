"""The pill of background jobs: it comes with the page, its list stays open, and it ends with the job."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from hearth.accounts.models import User
from hearth.exports.models import Export
from hearth.organization.models import OrgUnit
from tests.browser.conftest import sign_in_by_form
from tests.browser.journeys import faults_of
from tests.exports.builders import make_export

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_running_job_is_followed_from_any_page(page: Page, person: User, company: OrgUnit) -> None:
    export = make_export(person, language="zh-hans")
    running = Export.objects.filter(pk=export.pk)
    running.update(state="running", total_rows=200, written_rows=124)
    sign_in_by_form(page, person.username)
    pill = page.locator("#activity")

    expect(pill.locator("button")).to_contain_text("62 %")
    pill.locator("button").click()
    expect(pill.locator(".dropdown-menu")).to_contain_text("后台任务")
    assert faults_of(page) == []
    page.keyboard.press("Escape")
    running.update(written_rows=150)
    expect(pill.locator("button")).to_contain_text("75 %", timeout=20_000)
    now = timezone.now()
    running.update(state="done", size=1, expires_at=now, updated_at=now)
    expect(pill.locator("button")).not_to_contain_text("%", timeout=20_000)
    expect(pill.locator("[hx-trigger]")).to_have_count(0)
