# domain data
"""Pairs are judged, merged and parted again by keyboard alone; the page fits a phone."""

from datetime import date

import pytest
from playwright.sync_api import Page, expect

from hearth.accounts.models import User
from hearth.customers.models import Customer, DuplicatePair
from hearth.organization.models import OrgUnit
from tests.browser.conftest import sign_in_by_form
from tests.browser.journeys import faults_of, has_visible_focus, overflow_of
from tests.customers.builders import make_customer, make_home, make_household, make_pair, make_unit_role

pytestmark = pytest.mark.django_db(transaction=True)


def make_queue(company: OrgUnit) -> list[DuplicatePair]:
    """Write three pairs, the likeliest first."""
    first = make_customer(
        company,
        name="王建国",
        phones=("13912345678", "13800001111"),
        birth_date=date(1981, 4, 5),
        occupation="教师",
        source="walk_in",
        note="周末来访，看重学区。",
        identity_number="11010519491231002X",
    )
    second = make_customer(
        company,
        name="王建國",
        phones=("13912345678",),
        emails=("wangjg@example.com",),
        birth_date=date(1981, 5, 4),
        source="call",
        note="怕吵，要高层。",
        external_key="CRM-2031",
    )
    make_household(first, make_customer(company, name="李娜"), name="王建国家")
    make_unit_role(second, make_home(company, number="1203"))
    others = [
        make_pair(make_customer(company, name=left), make_customer(company, name=right), score=score)
        for left, right, score in (("欧阳明月", "欧阳明玥", 0.86), ("林志强", "林志强", 0.71))
    ]
    return [make_pair(first, second, score=0.97), *others]


def press(page: Page, *keys: str) -> None:
    """Press keys one after another, each when the page has come to rest."""
    for key in keys:
        expect(page.locator("#duplicate-queue :is(.htmx-request, .htmx-settling)")).to_have_count(0)
        page.keyboard.press(key)


@pytest.mark.requirement("S140")
def test_the_queue_is_worked_by_keyboard_alone(page: Page, person: User, company: OrgUnit) -> None:
    pairs = make_queue(company)
    sign_in_by_form(page, person.username)
    page.goto("/")
    page.locator("body").press("g")
    page.keyboard.press("d")
    expect(page.locator(".hearth-comparison thead")).to_contain_text("王建國")
    page.wait_for_load_state()  # the keys work once the scripts have run

    press(page, "ArrowDown")
    assert has_visible_focus(page)
    press(page, "2", "m")
    expect(page.locator(".hearth-comparison thead")).to_contain_text("欧阳明玥")
    assert Customer.objects.get(pk=pairs[0].first_id).name == "王建國"
    press(page, "u")
    expect(page.locator(".hearth-comparison thead")).to_contain_text("王建國")
    assert Customer.objects.get(pk=pairs[0].first_id).name == "王建国"

    press(page, "j")
    expect(page.locator(".hearth-comparison thead")).to_contain_text("欧阳明玥")
    press(page, "k")
    expect(page.locator(".hearth-comparison thead")).to_contain_text("王建國")
    press(page, "l")
    expect(page.locator(".hearth-comparison thead")).to_contain_text("欧阳明玥")
    press(page, "d")
    expect(page.locator(".hearth-comparison thead")).to_contain_text("林志强")
    press(page, "m")
    expect(page.locator("#duplicate-queue")).to_contain_text("没有待判定的档案")

    states = [DuplicatePair.objects.get(pk=pair.pk).state for pair in pairs]
    assert states == ["later", "different", "merged"]


@pytest.mark.requirement("S133")
def test_a_merge_is_undone_in_the_history_by_keyboard(page: Page, person: User, company: OrgUnit) -> None:
    make_queue(company)
    sign_in_by_form(page, person.username)
    page.goto("/customers/duplicates/")
    press(page, "m")
    expect(page.locator(".hearth-comparison thead")).to_contain_text("欧阳明玥")
    page.goto("/customers/merges/")

    page.get_by_role("button", name="撤销").focus()
    press(page, "Enter")

    expect(page.locator("#merge-rows")).to_contain_text("已撤销")
    assert not Customer.objects.filter(merged_into__isnull=False).exists()


def test_the_pages_fit_a_phone_and_a_screen_reader(phone: Page, person: User, company: OrgUnit) -> None:
    make_queue(company)
    sign_in_by_form(phone, person.username)
    for address in ("/customers/duplicates/", "/customers/merges/"):
        phone.goto(address)
        assert (overflow_of(phone), faults_of(phone)) == (0, [])
