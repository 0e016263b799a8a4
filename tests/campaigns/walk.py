"""Objects for the walk over all routes."""

from typing import Any

from django.utils import timezone

from hearth.organization.models import OrgUnit
from tests.campaigns.builders import CALL, CONTROL, make_campaign, make_running_campaign, member_of


def make_campaign_route(company: OrgUnit) -> dict[str, Any]:
    return {"campaign_id": make_campaign(company, now=timezone.now()).pk}


def make_trial_route(company: OrgUnit) -> dict[str, Any]:
    campaign = make_campaign(company, now=timezone.now())
    return {"campaign_id": campaign.pk, "treatment_id": campaign.treatments.get(channel="email").pk}


def make_call_route(company: OrgUnit) -> dict[str, Any]:
    campaign = make_running_campaign(company, now=timezone.now(), arms=[CONTROL, CALL])
    return {"campaign_id": campaign.pk, "member_id": member_of(campaign).pk}


def make_call_list(company: OrgUnit) -> str:
    return make_running_campaign(company, now=timezone.now(), arms=[CONTROL, CALL]).name


def make_listed_campaign(company: OrgUnit) -> str:
    return make_campaign(company, now=timezone.now()).name


SAMPLES = {
    **{
        f"campaigns:{name}": make_campaign_route
        for name in (
            "campaign",
            "report",
            "plan",
            "change_arms",
            "audience",
            "draw",
            "launch",
            "end",
            "calls",
        )
    },
    "campaigns:trial": make_trial_route,
    "campaigns:close_call": make_call_route,
}
TRACES = {"campaigns:list": make_listed_campaign, "campaigns:call_lists": make_call_list}
# A call is closed by who has taken it.
PREPARED = {"campaigns:close_call": 404}
