"""Sales around a group complaint, beside the projects that went on."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from hearth.group_cases.models import GroupCase
from hearth.organization.models import OrgUnit
from hearth.sales.services import cancel_contract
from hearth.sales_figures.incidents import first_day_of, sales_around
from hearth.sales_figures.permissions import VIEW_SALES_FIGURES
from tests.cases.builders import NOW
from tests.customers.builders import make_customer, make_home
from tests.group_cases.builders import make_complaint, make_group_case
from tests.leads.builders import SYSTEM, make_lead
from tests.organization.builders import make_actor, make_member, sign_in
from tests.sales.builders import make_contract

pytestmark = pytest.mark.django_db
RIGHTS = (VIEW_SALES_FIGURES, "cases.view", "properties.view")
BEGAN = NOW.date()
LATER = NOW + timedelta(weeks=30)


def sell(company: OrgUnit, weeks: int, *, project: str = "金色家园", at: datetime = LATER) -> None:
    """Sell a home so many weeks from the week of the complaint on."""
    day = BEGAN + timedelta(weeks=weeks)
    make_contract(make_home(company, project=project), make_customer(company), signed_date=day, now=at)


@pytest.mark.requirement("S173")
def test_two_months_before_and_after_are_set_beside_the_other_projects(company: OrgUnit) -> None:
    group = make_group_case(company, cases=[make_complaint(company, home=make_home(company))])
    for weeks in (-10, -9, -5, -2, -1, 0, 12):
        sell(company, weeks)
    for weeks in (-8, -3, 2, 3, 4):
        sell(company, weeks, project="银色家园")
    make_lead(company, project_id=group.project_id, now=NOW - timedelta(weeks=2))

    around = sales_around(group, make_actor(company, *RIGHTS), now=LATER)

    assert (around.sold_before, around.sold_after, around.change) == (4, 0, -1.0)
    assert (around.elsewhere_before, around.elsewhere_after) == (2, 3)
    assert (around.expected, around.lost) == (6.0, 6.0)
    assert (around.leads_before, around.leads_after) == (1, 0)
    assert around.silent_weeks == 11
    assert around.is_whole
    assert {week.number: week.sold for week in around.weeks if week.sold} == {
        -9: 1,
        -5: 1,
        -2: 1,
        -1: 1,
        0: 1,
        12: 1,
    }


def test_what_is_not_over_yet_says_so(company: OrgUnit) -> None:
    group = make_group_case(company)

    around = sales_around(group, make_actor(company, *RIGHTS), now=NOW + timedelta(weeks=3))

    assert not around.is_whole
    assert around.weeks[-1].number == 3
    assert (around.change, around.expected, around.lost) == (None, None, None)


def test_it_begins_with_the_first_complaint_and_not_with_the_group(company: OrgUnit) -> None:
    early = make_complaint(company, opened_at=NOW - timedelta(days=20))
    group = make_group_case(company, cases=[early, make_complaint(company)])

    assert first_day_of(group) == (NOW - timedelta(days=20)).date()


def test_cancelled_contracts_and_other_cities_are_not_counted(company: OrgUnit, neighbour: OrgUnit) -> None:
    group = make_group_case(company)
    home = make_home(company)
    contract = make_contract(
        home, make_customer(company), signed_date=date(2026, 2, 1), total_amount=Decimal(1)
    )
    cancel_contract(contract, actor=SYSTEM, now=NOW)
    sell(neighbour, -2)

    around = sales_around(group, make_actor(company, *RIGHTS), now=LATER)
    unseen = sales_around(group, make_actor(company, "cases.view"), now=LATER)

    assert (around.sold_before, around.elsewhere_before) == (0, 0)
    assert (unseen.sold_before, unseen.elsewhere_before) == (0, 0)


def test_the_page_says_what_the_complaint_cost(company: OrgUnit, client: Client) -> None:
    group: GroupCase = make_group_case(company)
    browser = sign_in(client, make_member(company, "core.signed_in", "market.view", *RIGHTS))

    browser.cookies["hearth_language"] = "en"
    listed = browser.get(reverse("sales_figures:incidents")).content.decode()
    shown = browser.get(reverse("sales_figures:incident", args=[group.pk]))

    assert group.title in listed
    assert f"{group.project} sold 0 homes in the nine weeks before" in shown.content.decode()
