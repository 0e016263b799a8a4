# domain data
"""The sample city on every main page: it fits a phone, a keyboard and a screen reader; two pages are pictured."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.db.models import Model
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django import Settings

from hearth.accounts.models import User
from hearth.campaigns.models import Campaign
from hearth.cases.models import Case
from hearth.core.actor import Actor
from hearth.customers.models import Customer
from hearth.demo.services import load_demo
from hearth.insight.services import score_all
from hearth.organization.models import OrgUnit
from hearth.privacy.services import sync_purposes
from hearth.properties.models import Building, Project, Unit
from hearth.sales.models import Contract
from hearth.segments.models import Segment
from tests.browser.conftest import sign_in_by_form
from tests.browser.journeys import faults_of, has_visible_focus, overflow_of

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 3, 18, 6, 30, tzinfo=UTC)
CITY_PASSWORD = "visit-the-city-2026"
WRITES = os.environ.get("HEARTH_WRITE_SCREENSHOTS") == "1"
HOUSEHOLDS = 4_000 if WRITES else 60
PICTURES = Path(settings.ROOT) / "docs" / "screenshots"
LISTS = (
    "workspace:home", "customers:customers", "customers:new", "properties:list", "properties:units", "sales:contracts",
    "cases:cases", "cases:new", "cases:times", "imports:list", "imports:new", "organization:tree",
    "organization:users", "organization:roles", "segments:segments", "segments:new", "campaigns:list",
    "campaigns:create", "campaigns:call_lists", "insight:overview", "insight:customers", "insight:rounds",
    "insight:new_round", "insight:runs", "channels:messages", "warehouse:snapshots", "demo:status", "accounts:profile",
)  # fmt: skip
RECORDS: tuple[tuple[str, type[Model]], ...] = (
    ("workspace:customer", Customer),
    ("customers:edit", Customer),
    ("insight:profile", Customer),
    ("properties:project", Project),
    ("properties:building", Building),
    ("properties:unit", Unit),
    ("sales:contract", Contract),
    ("cases:case", Case),
    ("segments:segment", Segment),
    ("segments:edit", Segment),
    ("campaigns:plan", Campaign),
    ("campaigns:audience", Campaign),
    ("campaigns:calls", Campaign),
    ("campaigns:report", Campaign),
    ("organization:unit", OrgUnit),
)


@pytest.fixture
def city(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> User:
    """The sample city with its profiles computed; returns its administrator."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    monkeypatch.setenv("HEARTH_DEMO_PASSWORD", CITY_PASSWORD)
    actor = Actor.system("test")
    sync_purposes()
    load_demo(HOUSEHOLDS, seed=7, today=NOW.date(), actor=actor, now=NOW)
    score_all(actor=actor, now=NOW)
    user: User = User.objects.get(username="administrator")
    return user


def addresses() -> list[str]:
    """Return the lists, and the first record of each kind."""
    records = [reverse(name, args=[first_of(model)]) for name, model in RECORDS]
    displays = [f"{reverse('cases:cases')}?display={display}" for display in ("board", "calendar")]
    return [*(reverse(name) for name in LISTS), *displays, *records, reverse("workspace:search") + "?q=金色"]


def first_of(model: type[Model]) -> object:
    return model._default_manager.order_by("id").values_list("pk", flat=True)[0]


def test_every_page_fits_a_phone_a_keyboard_and_a_screen_reader(page: Page, city: User) -> None:
    sign_in_by_form(page, city.username, CITY_PASSWORD)
    expect(page.get_by_role("button", name="清除示例数据")).to_be_visible()

    found: dict[str, list[str]] = {}
    for address in addresses():
        page.set_viewport_size({"width": 1440, "height": 900})
        page.goto(address)
        faults = faults_of(page)
        page.keyboard.press("Tab")
        faults += [] if has_visible_focus(page) else ["the focus is not visible"]
        page.set_viewport_size({"width": 390, "height": 844})
        faults += [f"{wide} pixels too wide"] if (wide := overflow_of(page)) > 0 else []
        if faults:
            found[address] = faults
    assert found == {}

    page.goto(reverse("customers:customers"))
    expect(page.locator("#list-table thead")).to_be_hidden()
    picture(page, reverse("workspace:customer", args=[busiest_customer()]), "customer.png")
    report = Campaign.objects.filter(state=Campaign.State.FINISHED).order_by("-starts_at", "-id")[0]
    picture(page, reverse("campaigns:report", args=[report.pk]), "campaign-report.png")


def busiest_customer() -> object:
    """Return a customer with homes and an answered case, for a page that is not empty."""
    rows = Customer.objects.filter(cases__isnull=False, profile__homes__gt=0, household__isnull=False)
    return rows.order_by("-profile__monetary_amount", "id").values_list("pk", flat=True)[0]


def picture(page: Page, address: str, name: str) -> None:
    """Take the README's picture of a page when asked to, else see that the page and the picture are there."""
    page.set_viewport_size({"width": 1280, "height": 860})
    page.goto(address)
    page.wait_for_load_state("networkidle")
    expect(page.locator("main .card").first).to_be_visible()
    if WRITES:
        PICTURES.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=PICTURES / name)
    assert 10_000 < (PICTURES / name).stat().st_size < 300_000
