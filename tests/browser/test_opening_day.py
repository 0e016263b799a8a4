"""An opening day on its pages: numbers are called, homes chosen by one press, and what another took is refused."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from hearth.inventory.models import Hold
from hearth.inventory.selectors import units_of
from hearth.inventory.services import call_numbers, choose_home
from hearth.organization.models import OrgUnit
from tests.browser.conftest import PASSWORD, sign_in_by_form
from tests.browser.journeys import faults_of, overflow_of
from tests.customers.builders import make_customer
from tests.exports.builders import actor_of
from tests.inventory.builders import make_consultant, make_manager, make_opening, queue_up
from tests.organization.builders import make_group

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_consultant_chooses_for_who_was_called_and_is_told_what_another_took(page: Page) -> None:
    make_group()
    company = OrgUnit.objects.get(code="SZ")
    manager, consultant = make_manager(company), make_consultant(company)
    consultant.set_password(PASSWORD)
    consultant.save()
    opening = make_opening(company, manager=manager)
    entries = [queue_up(make_customer(company), opening.batch, consultant=consultant) for _n in range(3)]
    call_numbers(opening, up_to=3, actor=actor_of(manager), now=timezone.now())
    first, second, third = units_of(opening.batch).order_by("floor", "number")[:3]
    sign_in_by_form(page, consultant.username, PASSWORD)
    page.goto(reverse("inventory:choosing", args=[opening.pk]))

    page.locator(f"#home-{first.pk}").click()
    expect(page.locator("#choice-message")).to_contain_text(first.number)
    expect(page.locator(f"#home-{first.pk}")).to_be_disabled()
    expect(page.get_by_role("radio")).to_have_count(2)
    other = actor_of(make_consultant(company))
    choose_home(opening, entry=entries[2], unit=second, actor=other, now=timezone.now())
    page.locator(f"#home-{second.pk}").click()
    expect(page.locator("#choice-message")).to_have_class(re.compile("alert-danger"))
    expect(page.locator(f"#home-{second.pk}")).to_be_disabled()
    page.locator(f"#home-{third.pk}").click()
    expect(page.locator("#choice-message")).to_contain_text(third.number)

    held = dict(Hold.objects.values_list("unit_id", "customer_id"))
    assert held == {
        first.pk: entries[0].customer_id,
        second.pk: entries[2].customer_id,
        third.pk: entries[1].customer_id,
    }
    assert faults_of(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    assert overflow_of(page) <= 0
