"""The rules of the profile are data of the group, and refused where they make no sense."""

from datetime import date, datetime
from typing import Any

import pytest

from hearth.analytics.profile_rules import ProfileRules
from hearth.customers.models import CustomerProfile
from hearth.insight.rules import KEY, BadProfileRules, current_rules, read_rules
from hearth.organization.models import OrgUnit
from hearth.organization.services.settings import BadSettingValue, set_setting
from tests.customers.builders import make_customer
from tests.insight.builders import SYSTEM, make_contract, score_here

pytestmark = pytest.mark.django_db

TWO_STAGES: list[dict[str, Any]] = [
    {"label": "signed", "anchor": "signed_date"},
    {"label": "moved_in", "anchor": "handover_date", "min_days": 0, "max_days": None},
]


def test_what_ships_counts_until_the_group_sets_something_else(group: OrgUnit) -> None:
    assert current_rules() == ProfileRules()


@pytest.mark.requirement("S71")
def test_a_group_decides_its_stages_and_windows_and_the_run_keeps_them(
    company: OrgUnit, group: OrgUnit, now: datetime
) -> None:
    value = {"stages": TWO_STAGES, "value_days": 365}
    set_setting(KEY, actor=SYSTEM, now=now, org_unit=group, value=value)
    customer = make_customer(company)
    make_contract(customer, company, at=now, signed=date(2024, 1, 5), handed_over=date(2025, 1, 5))

    run = score_here(now)

    profile = CustomerProfile.objects.get(customer=customer)
    assert (profile.owner_stage, profile.value_tier) == ("moved_in", "inactive")
    assert run.rules["value_days"] == 365
    assert read_rules(run.rules).stage_labels == ("signed", "moved_in", "prospect")


@pytest.mark.parametrize(
    "value",
    [
        {"no_such_rule": 1},
        {"value_days": 0},
        {"value_days": "long"},
        {"stages": [{"label": "signed", "anchor": "signed_date"}]},
        {"stages": [{"anchor": "signed_date"}]},
        {"stages": 4},
        {"tiers": [{"label": "top", "share": "much"}]},
        {"stages": [{**stage, "label": f"{stage['label']} !"} for stage in TWO_STAGES]},
        {"rest_tier": "a_label_that_is_far_too_long"},
    ],
)
def test_rules_that_make_no_sense_are_refused(group: OrgUnit, now: datetime, value: dict[str, Any]) -> None:
    with pytest.raises(BadProfileRules):
        read_rules(value)
    with pytest.raises(BadSettingValue):
        set_setting(KEY, actor=SYSTEM, now=now, org_unit=group, value=value)


def test_a_list_is_no_set_of_rules(group: OrgUnit, now: datetime) -> None:
    with pytest.raises(BadSettingValue):
        set_setting(KEY, actor=SYSTEM, now=now, org_unit=group, value=[])
