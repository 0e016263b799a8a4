# domain data
"""An incident on its pages: reported by a colleague, judged, searched in the access log, and closed by the officer."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from hearth.accounts.models import User
from hearth.core.models import Record
from hearth.organization.models import OrgUnit
from hearth.registers.models import Incident
from tests.browser.conftest import PASSWORD, sign_in_by_form
from tests.browser.journeys import faults_of, overflow_of
from tests.customers.builders import make_customer
from tests.organization.builders import make_group, make_member
from tests.registers.builders import OFFICER_RIGHTS, make_approved, make_audit, make_draft, make_processor
from tests.vigilance.builders import make_reads

pytestmark = pytest.mark.django_db(transaction=True)


def officer(place: OrgUnit) -> User:
    user = make_member(place, *OFFICER_RIGHTS)
    user.set_password(PASSWORD)
    user.save()
    return user


def look_at(page: Page) -> None:
    """See that the page fits a phone and a screen reader."""
    assert faults_of(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    assert overflow_of(page) <= 0
    page.set_viewport_size({"width": 1440, "height": 900})


def test_an_incident_goes_from_the_report_to_its_end(page: Page) -> None:
    group = make_group()
    company = OrgUnit.objects.get(code="SZ")
    keeper, thief = officer(group), make_member(company, "core.signed_in")
    make_reads(
        thief,
        1,
        until=timezone.now() - timedelta(minutes=5),
        records=[make_customer(company, name="王青枫").pk],
    )
    sign_in_by_form(page, keeper.username, PASSWORD)

    page.goto(reverse("registers:new_incident"))
    page.fill("#id_title", "名单被兜售")
    page.get_by_label("姓名和电话").check()
    look_at(page)
    page.locator("form.card button.btn-primary").click()
    expect(page.locator("h1")).to_contain_text("名单被兜售")
    row = Incident.objects.get()

    search = page.locator(f"form[action='{reverse('registers:search', args=[row.pk])}']")
    search.locator("[name=account_name]").fill(thief.username)
    search.locator("[name=began_at]").fill("2020-01-01T00:00")
    search.locator("button").click()
    expect(page.locator("body")).to_contain_text(thief.display_name)
    look_at(page)
    page.goto(f"{reverse('registers:affected')}?incident=equal:{row.number}")
    expect(page.locator("#list-table")).to_contain_text("王青枫")

    page.goto(reverse("registers:incident", args=[row.pk]))
    notice = page.locator(f"form[action='{reverse('registers:notice', args=[row.pk])}']")
    notice.locator("[name=because]").fill("已逐一电话告知")
    notice.locator("button").click()
    end = page.locator(f"form[action='{reverse('registers:close', args=[row.pk])}']")
    end.locator("[name=cause]").fill("账号外借")
    end.locator("[name=measures]").fill("停用账号")
    end.locator("button").click()
    expect(page.locator(".badge.bg-green-lt").first).to_be_visible()
    assert Incident.objects.get().state == "closed"


def test_the_registers_fit_a_phone_and_a_screen_reader(page: Page) -> None:
    group = make_group()
    made: dict[str, list[Record]] = {
        "assessment": [make_draft(group), make_approved(group)],
        "processor": [make_processor(group)],
        "audit": [make_audit(group)],
    }
    sign_in_by_form(page, officer(group).username, PASSWORD)

    for name, rows in made.items():
        for address in (f"registers:{name}s", f"registers:new_{name}"):
            page.goto(reverse(address))
            look_at(page)
        for row in rows:
            page.goto(reverse(f"registers:{name}", args=[row.pk]))
            look_at(page)
