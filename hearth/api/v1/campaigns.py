"""Operations on campaigns and what they achieved."""

from datetime import datetime
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router
from pydantic import AwareDatetime, BaseModel, Field

from hearth.api.endpoints import Reply, endpoint
from hearth.api.envelope import DatabaseId, ListOf, ListQuery, OneOf
from hearth.api.filters import equals, ordered
from hearth.api.listing import list_rows
from hearth.api.v1 import audience_examples as examples
from hearth.campaigns.models import Campaign
from hearth.campaigns.permissions import VIEW_CAMPAIGN
from hearth.campaigns.selectors.report import ArmReport, OutcomeResult, campaign_report
from hearth.core.permissions import actor_of

router = Router(tags=["campaigns"])
State = Annotated[str, OneOf(Campaign.State)]
Outcome = Annotated[str, OneOf(Campaign.Outcome)]
FILTERS = {
    "org_unit_id": equals(DatabaseId, "org_unit_id"),
    "segment_id": equals(UUID, "segment_id", can_be_empty=True),
    "state": equals(State, "state"),
    "starts_at": ordered(AwareDatetime, "starts_at", can_be_empty=True),
}


class CampaignQuery(ListQuery):
    """What the list of campaigns can be asked for."""

    filters: ClassVar = FILTERS
    sort: Literal["-created_at", "created_at"] = "-created_at"


class CampaignRecord(BaseModel):
    """An experiment: who is addressed, why, and which result would count as success."""

    id: UUID
    org_unit_id: int
    name: str
    goal: str
    hypothesis: str
    segment_id: UUID | None
    purpose_code: str
    state: State
    main_outcome: Outcome
    window_days: int
    starts_at: datetime | None
    ends_at: datetime | None
    created_at: datetime
    updated_at: datetime


class CampaignList(ListOf[CampaignRecord]):
    pass


class Effect(BaseModel):
    """The difference from control; shares are of one, revenue is in yuan."""

    difference: float
    low: float = Field(description="Lower end of the 95 % interval.")
    high: float
    p_value: float | None = Field(description="After Holm over all treated arms.")


class ArmOutcome(BaseModel):
    """One outcome of one arm: its mean, and the effect where it can be told."""

    outcome: str
    mean: float | None
    effect: Effect | None


class Arm(BaseModel):
    """An arm with what its members did."""

    treatment_id: UUID
    name: str
    is_control: bool
    size: int
    households: int
    verdict: str | None
    outcomes: list[ArmOutcome]


class CampaignResults(BaseModel):
    """What a campaign achieved, control first."""

    campaign_id: UUID
    members: int
    addressed: int
    excluded: dict[str, int]
    arms: list[Arm]


@endpoint(
    router,
    "GET /campaigns",
    permission=VIEW_CAMPAIGN,
    returns=CampaignList,
    summary="List campaigns",
    example=examples.CAMPAIGNS,
    parameters=CampaignQuery,
)
def list_campaigns(request: HttpRequest, query: Query[CampaignQuery]) -> Reply:
    """Campaigns the caller may see, the latest planned first."""
    rows = Campaign.objects.visible_to(actor_of(request))
    found = list_rows(request, query, rows, order=query.sort)
    return Reply(CampaignList(data=[_read(row) for row in found.rows], page=found.page))


@endpoint(
    router,
    "GET /campaigns/{uuid:campaign_id}",
    permission=VIEW_CAMPAIGN,
    returns=CampaignRecord,
    summary="Get a campaign",
    example=examples.CAMPAIGN,
    problems=(404,),
)
def get_campaign(request: HttpRequest, campaign_id: UUID) -> Reply:
    """One campaign as it was planned."""
    return Reply(_read(_campaign(request, campaign_id)))


@endpoint(
    router,
    "GET /campaigns/{uuid:campaign_id}/report",
    permission=VIEW_CAMPAIGN,
    returns=CampaignResults,
    summary="Get a campaign's results",
    example=examples.CAMPAIGN_RESULTS,
    problems=(404,),
)
def get_campaign_report(request: HttpRequest, campaign_id: UUID) -> Reply:
    """What each arm did, held against control."""
    report = campaign_report(_campaign(request, campaign_id))
    results = CampaignResults(
        campaign_id=campaign_id,
        members=report.members,
        addressed=report.addressed,
        excluded=dict(report.excluded),
        arms=[_arm(arm) for arm in report.arms],
    )
    return Reply(results)


def _campaign(request: HttpRequest, campaign_id: UUID) -> Campaign:
    return get_object_or_404(Campaign.objects.visible_to(actor_of(request)), pk=campaign_id)


def _read(row: Campaign) -> CampaignRecord:
    return CampaignRecord.model_validate(row, from_attributes=True)


def _arm(arm: ArmReport) -> Arm:
    return Arm(
        treatment_id=arm.treatment.pk,
        name=arm.treatment.name,
        is_control=arm.treatment.is_control,
        size=arm.size,
        households=arm.households,
        verdict=arm.verdict.value if arm.verdict else None,
        outcomes=[_outcome(result) for result in arm.results.values()],
    )


def _outcome(result: OutcomeResult) -> ArmOutcome:
    found, effect = result.comparison, None
    if found:
        effect = Effect(difference=found.difference, low=found.low, high=found.high, p_value=result.p_value)
    return ArmOutcome(outcome=result.outcome, mean=result.mean, effect=effect)
