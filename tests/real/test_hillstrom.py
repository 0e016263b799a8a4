"""Hillstrom's trial of 2008 (64,000 customers, two e-mails and a control): the report shows the published effects."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from hearth.analytics.verdicts import Plan, judge_experiment
from hearth.campaigns.models import Campaign, CampaignMember
from hearth.campaigns.selectors.report import arm_totals_of, campaign_report
from hearth.customers.models import Customer
from hearth.organization.models import OrgUnit
from tests.real.files import HILLSTROM, needs, run_import

pytestmark = [pytest.mark.real, pytest.mark.django_db, needs(HILLSTROM)]
CUSTOMERS = ("--row-number", "external_key=H", "--row-number", "name=顾客")
HISTORY = (
    *("--row-number", "customer_key=H", "--constant", "campaign=Hillstrom 2008"),
    *("--map", "arm=segment", "--map", "responded=visit", "--map", "purchased=conversion"),
    *("--map", "spend=spend", "--map", "prior_amount=history"),
)
# Shares of visitors and buyers and spending per head: mens, womens, none.
MEANS = {
    "Mens E-Mail": (0.182757, 0.012531, 1.422617),
    "Womens E-Mail": (0.151400, 0.008837, 1.077202),
    "No E-Mail": (0.106167, 0.005726, 0.652789),
}
# Effect on visits and its standard error, then the same on spending.
EFFECTS = {
    "Mens E-Mail": (0.076590, 0.003386, 0.769827, 0.145247),
    "Womens E-Mail": (0.045233, 0.003234, 0.424412, 0.130333),
}


@pytest.mark.requirement("S32")
def test_the_trial_comes_in_by_command_and_shows_the_published_effects(
    company: OrgUnit, signed_in: Client
) -> None:
    people = run_import("customers", HILLSTROM, *CUSTOMERS)
    history = run_import("campaign_history", HILLSTROM, *HISTORY)

    written = (
        0,
        ["64000 rows checked, 0 with problems.", "64000 created, 0 updated, 0 not imported."],
    )
    campaign = Campaign.objects.get()
    assert (people, history) == (written, written)
    assert Customer.objects.count() == CampaignMember.objects.count() == 64_000
    check_figures(campaign)
    check_arms_are_thirds(campaign)
    check_page(campaign, signed_in)


def check_figures(campaign: Campaign) -> None:
    report = campaign_report(campaign)
    means, effects, verdicts = {}, {}, []
    for arm in report.arms:
        visit, purchase, spend = arm.results.values()
        means[arm.treatment.name] = tuple(round(each.mean or 0, 6) for each in (visit, purchase, spend))
        if visit.comparison and spend.comparison:
            verdicts.append(arm.verdict)
            effects[arm.treatment.name] = tuple(
                round(figure, 6)
                for each in (visit.comparison, spend.comparison)
                for figure in (each.difference, each.standard_error)
            )
    assert means == MEANS
    assert effects == EFFECTS
    assert verdicts == ["proven_better", "proven_better"]


def check_arms_are_thirds(campaign: Campaign) -> None:
    """The file does not tell the plan; its author did: three arms of the same size."""
    arms = {str(arm.pk): arm for arm in campaign.treatments.all()}
    control = next(key for key, arm in arms.items() if arm.is_control)
    plan = Plan(
        control=control, outcome="response", shares=dict.fromkeys(arms, Decimal(1) / 3), planned_lift=0.02
    )

    judged = judge_experiment(arm_totals_of(campaign.pk), plan)

    assert not judged.sample_ratio.is_alarm
    assert judged.sample_ratio.p_value > 0.5
    assert {each.verdict for each in judged.arms} == {"proven_better"}


def check_page(campaign: Campaign, browser: Client) -> None:
    page = browser.get(reverse("campaigns:report", args=[campaign.pk]), HTTP_ACCEPT_LANGUAGE="en")

    text = page.content.decode()
    assert page.status_code == 200
    assert [share for share in ("18.28", "15.14", "10.62", "+7.66", "+4.52") if share not in text] == []
