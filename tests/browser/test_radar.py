# domain data
"""Three families complain of one pipe; the radar says so, and a person makes a group complaint of it."""

import pytest
from django.db import transaction
from playwright.sync_api import Page, ViewportSize, expect

from hearth.accounts.models import User
from hearth.group_cases.models import GroupCase
from hearth.organization.models import OrgUnit
from hearth.radar.models import RadarAlarm
from hearth.radar.services import listen
from tests.browser.conftest import sign_in_by_form
from tests.browser.journeys import faults_of, overflow_of
from tests.cases.builders import NOW
from tests.radar.builders import TOPIC, make_leak, make_quiet_project

PHONE = ViewportSize(width=390, height=844)
pytestmark = pytest.mark.django_db(transaction=True)


def test_an_alarm_is_read_merged_and_made_a_group_complaint(
    page: Page, person: User, company: OrgUnit
) -> None:
    with transaction.atomic():
        project = make_quiet_project(company, name="临江苑")
        make_leak(project, homes=6)
        make_leak(project, homes=6, topic="漏水")
        listen(company, now=NOW)
    other = RadarAlarm.objects.get(topic="漏水")
    sign_in_by_form(page, person.username)

    page.get_by_role("link", name="群诉雷达").first.click()
    expect(page.locator(".card-link")).to_have_count(2)
    page.locator(".card-link", has_text=f"临江苑 · {TOPIC}").click()
    expect(page.locator("main")).to_contain_text("户就“渗漏”反映问题")
    expect(page.locator("svg polyline")).to_have_count(3)
    expect(page.locator(".stacking a:not(.stacking-other)")).to_have_count(6)
    assert faults_of(page) == []
    page.set_viewport_size(PHONE)
    assert overflow_of(page) == 0

    page.goto(f"/radar/{other.pk}/")
    page.get_by_label("并入").select_option(label=TOPIC)
    page.get_by_role("button", name="并入").click()
    expect(page.locator("h1")).to_contain_text(TOPIC)
    page.get_by_role("button", name="受理为群诉").click()
    expect(page.locator("main")).to_contain_text("6")

    group = GroupCase.objects.get()
    assert group.households == 6
    assert RadarAlarm.objects.get(topic=TOPIC).group_case == group
    page.goto("/radar/?state=accepted")
    expect(page.locator(".card-link")).to_have_count(1)
