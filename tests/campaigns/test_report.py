"""What a campaign achieved, in figures and in words."""

import csv
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.utils import translation

from hearth.campaigns.imports import CampaignHistoryLoader
from hearth.campaigns.models import Campaign, CampaignMember
from hearth.campaigns.selectors.report import campaign_report
from hearth.campaigns.services.audience import draw_audience
from hearth.campaigns.wording import verdict_sentence
from hearth.core.actor import Actor
from hearth.core.models import EventRecord
from hearth.customers.models import Customer
from hearth.imports.kinds import ImportContext, Row
from hearth.organization.models import OrgUnit
from tests.campaigns.builders import make_campaign, make_reachable_customer
from tests.imports.builders import outcomes_of
from tests.privacy.builders import copy_customer, make_household, make_known_customer

pytestmark = pytest.mark.django_db
HILLSTROM = Path(settings.ROOT).parent / "shared" / "data" / "hillstrom" / "hillstrom.csv"


def make_loader(org_unit: OrgUnit, actor: Actor, now: datetime, **options: bool) -> CampaignHistoryLoader:
    return CampaignHistoryLoader(ImportContext(uuid4(), org_unit, actor, now, options))


def make_rows(org_unit: OrgUnit, arms: dict[str, tuple[int, int]]) -> list[Row]:
    """Write customers and the rows of a past campaign: arm → (members, responders)."""
    rows: list[Row] = []
    for arm, (members, responders) in arms.items():
        for number in range(members):
            key = f"{arm}{number}"
            make_known_customer(org_unit, external_key=key)
            values = {
                "customer_key": key,
                "campaign": "2025 春季",
                "arm": arm,
                "responded": number < responders,
            }
            rows.append(Row(len(rows) + 1, values))
    return rows


def test_a_campaign_of_the_past_is_read_with_the_same_eyes(
    company: OrgUnit, actor: Actor, now: datetime
) -> None:
    rows = make_rows(company, {"对照": (40, 2), "邮件": (60, 30)})
    loader = make_loader(company, actor, now)

    problems = list(loader.check(rows))
    outcomes = [*loader.write(rows[:50]), *loader.write(rows[50:]), *loader.write(rows[:3])]

    assert problems == []
    assert outcomes_of(outcomes) == ["created"] * 100 + ["skipped"] * 3
    campaign = Campaign.objects.get(name="2025 春季")
    report = campaign_report(campaign)
    assert [(arm.treatment.name, arm.size, arm.treatment.share) for arm in report.arms] == [
        ("对照", 40, Decimal("0.4")),
        ("邮件", 60, Decimal("0.6")),
    ]
    mail = report.arms[1]
    comparison = mail.results["response"].comparison
    assert comparison is not None
    assert round(comparison.difference, 10) == 0.45
    assert (mail.verdict, report.sample_ratio) == ("proven_better", None)
    with translation.override("en"):
        sentence = verdict_sentence(campaign, mail)
    assert sentence.startswith("“邮件” works: response is 45.00 percentage points higher")
    assert EventRecord.objects.filter(type="campaigns.response_recorded").count() == 32


def test_rows_about_strangers_and_times_to_come_are_problems(
    company: OrgUnit, actor: Actor, now: datetime
) -> None:
    make_known_customer(company, external_key="7")
    rows = [
        Row(1, {"customer_key": "nobody", "arm": "A"}),
        Row(7, {"arm": "A", "sent_at": now.replace(year=2030), "spend": Decimal(-1)}),
    ]

    problems = list(make_loader(company, actor, now, row_number_is_key=True).check(rows))

    assert [(problem.row, problem.code) for problem in problems] == [
        (1, "customer_unknown"),
        (7, "in_future"),
        (7, "negative"),
    ]


@pytest.mark.requirement("S32")
@pytest.mark.parametrize(
    ("arms", "verdict", "words"),
    [
        ({"对照": (30, 3), "邮件": (30, 4)}, "too_small", "cannot be judged"),
        ({"对照": (30, 30), "邮件": (30, 10)}, "proven_worse", "does harm"),
    ],
)
def test_what_is_not_proven_is_said_to_be_not_proven(
    company: OrgUnit,
    actor: Actor,
    now: datetime,
    arms: dict[str, tuple[int, int]],
    verdict: str,
    words: str,
) -> None:
    make_loader(company, actor, now).write(make_rows(company, arms))
    campaign = Campaign.objects.get()

    report = campaign_report(campaign)

    assert report.arms[1].verdict == verdict
    with translation.override("en"):
        assert words in verdict_sentence(campaign, report.arms[1])


def test_no_effect_in_a_large_enough_campaign_is_a_result(
    company: OrgUnit, actor: Actor, now: datetime
) -> None:
    make_loader(company, actor, now).write(make_rows(company, {"对照": (200, 20), "邮件": (200, 21)}))
    campaign = Campaign.objects.get()
    campaign.planned_lift = 20.0

    report = campaign_report(campaign)

    assert report.arms[1].verdict == "not_proven"
    with translation.override("en"):
        assert "That is a result" in verdict_sentence(campaign, report.arms[1])


def test_households_are_counted_where_several_members_share_one(
    company: OrgUnit, actor: Actor, now: datetime
) -> None:
    rows = make_rows(company, {"对照": (20, 4), "邮件": (20, 8)})
    for first in range(0, 20, 2):
        household = make_household()
        keys = [f"邮件{first}", f"邮件{first + 1}"]
        Customer.objects.filter(external_key__in=keys).update(household=household)

    make_loader(company, actor, now).write(rows)

    arms = {arm.treatment.name: arm for arm in campaign_report(Campaign.objects.get()).arms}
    assert (arms["邮件"].size, arms["邮件"].households) == (20, 10)
    comparison = arms["邮件"].results["response"].comparison
    assert comparison is not None
    assert round(comparison.difference, 10) == 0.2
    assert comparison.degrees_of_freedom < 30


def test_arms_of_other_sizes_than_planned_raise_the_alarm(
    company: OrgUnit, actor: Actor, now: datetime
) -> None:
    members = [make_reachable_customer(company) for _ in range(40)]
    campaign = make_campaign(company, now=now, members=members)
    draw_audience(campaign, actor=actor, now=now)
    control, mail = campaign.treatments.order_by("position")
    kept = campaign.members.filter(treatment=control).first()
    assert kept is not None
    campaign.members.exclude(pk=kept.pk).update(treatment=mail)

    report = campaign_report(campaign)

    assert report.sample_ratio is not None
    assert report.sample_ratio.is_alarm
    assert report.arms[1].verdict == "invalid_ratio"


def test_a_report_without_members_says_nothing(company: OrgUnit, now: datetime) -> None:
    campaign = make_campaign(company, now=now)

    report = campaign_report(campaign)

    assert (report.members, [arm.verdict for arm in report.arms]) == (0, [None, None])


@pytest.mark.real
@pytest.mark.skipif(not HILLSTROM.exists(), reason="the data set is not here")
@pytest.mark.requirement("S248")
def test_hillstroms_campaign_comes_out_as_published(group: OrgUnit, actor: Actor, now: datetime) -> None:
    with HILLSTROM.open() as file:
        rows = [Row(number, read_row(cells)) for number, cells in enumerate(csv.DictReader(file), start=1)]
    copy_customer(make_known_customer(group), keys=len(rows))
    loader = make_loader(group, actor, now, row_number_is_key=True)

    for start in range(0, len(rows), 5_000):
        loader.write(rows[start : start + 5_000])

    arms = {arm.treatment.name: arm for arm in campaign_report(Campaign.objects.get()).arms}
    assert CampaignMember.objects.count() == 64_000
    published = {
        "Mens E-Mail": (0.076590, 0.003386, 0.769827, 0.145247),
        "Womens E-Mail": (0.045233, 0.003234, 0.424412, 0.130333),
    }
    for name, figures in published.items():
        visit, spend = arms[name].results["response"], arms[name].results["revenue"]
        assert visit.comparison is not None
        assert spend.comparison is not None
        found = (
            visit.comparison.difference,
            visit.comparison.standard_error,
            spend.comparison.difference,
            spend.comparison.standard_error,
        )
        assert tuple(round(figure, 6) for figure in found) == figures
        assert arms[name].verdict == "proven_better"
    assert round(arms["No E-Mail"].results["purchase"].mean or 0, 6) == 0.005726
    adjusted = arms["Mens E-Mail"].results["response"].adjusted
    assert adjusted is not None
    assert round(adjusted.variance_reduction, 4) == 0.0044


def read_row(cells: dict[str, str]) -> dict[str, object]:
    """Read the cells as the import does."""
    return {
        "campaign": "Hillstrom",
        "arm": cells["segment"],
        "responded": cells["visit"] == "1",
        "purchased": cells["conversion"] == "1",
        "spend": Decimal(cells["spend"]),
        "prior_amount": Decimal(cells["history"]),
    }
