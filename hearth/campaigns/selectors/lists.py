"""Lists of campaigns, audiences and calls."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q

from hearth.campaigns.models import Campaign, CampaignMember, Treatment
from hearth.campaigns.permissions import WORK_CALL_LIST
from hearth.core.actor import Actor
from hearth.core.pages import Page, keyset_page
from hearth.customers.models import ContactPoint


def campaign_page(actor: Actor, *, state: str = "", query: str = "", cursor: str = "") -> Page[Campaign]:
    """Return a page of campaigns, newest first; one query."""
    rows = Campaign.objects.visible_to(actor).select_related("segment", "org_unit")
    if state:
        rows = rows.filter(state=state)
    if query:
        rows = rows.filter(name__icontains=query)
    return keyset_page(rows, order="-created_at", cursor=cursor)


def occasion_shares(actor: Actor) -> dict[str, float]:
    """Return by occasion which share of the campaigns that began it accounts for; one query."""
    began = Campaign.objects.visible_to(actor).filter(
        state__in=[Campaign.State.RUNNING, Campaign.State.FINISHED], external_key=""
    )
    counts = dict(began.order_by().values_list("occasion").annotate(number=Count("id")))
    total = sum(counts.values())
    return {occasion: number / total for occasion, number in counts.items()} if total else {}


CALLED = Count("id", filter=~Q(call_result=CampaignMember.CallResult.OPEN))


@dataclass(frozen=True)
class ArmSize:
    """How many members and which share of the audience fell into an arm."""

    treatment: Treatment
    size: int
    share: float


def arm_sizes(campaign: Campaign) -> list[ArmSize]:
    """Count the members of each arm, control first; two queries."""
    sizes = dict(campaign.treatments.values_list("id", Count("members")))
    total = sum(sizes.values())
    arms = campaign.treatments.order_by("position", "id")
    return [ArmSize(arm, sizes[arm.pk], sizes[arm.pk] / total if total else 0.0) for arm in arms]


@dataclass(frozen=True)
class Reason:
    """Why members were left out, and how many."""

    code: str
    label: str
    size: int


def exclusions(campaign: Campaign) -> list[Reason]:
    """Count the members left out by reason, most first; one query."""
    rows = campaign.members.exclude(exclusion="").order_by().values_list("exclusion")
    labels = {str(code): str(label) for code, label in CampaignMember.Exclusion.choices}
    counted = rows.annotate(number=Count("id")).order_by("-number", "exclusion")
    return [Reason(code, labels[code], number) for code, number in counted]


def member_page(
    campaign: Campaign, *, treatment_id: UUID | None = None, exclusion: str = "", cursor: str = ""
) -> Page[CampaignMember]:
    """Return a page of members, in one arm or left out for one reason; one query."""
    rows = campaign.members.select_related("customer", "treatment")
    if treatment_id:
        rows = rows.filter(treatment_id=treatment_id)
    if exclusion:
        rows = rows.filter(exclusion=exclusion)
    return keyset_page(rows, order="id", cursor=cursor, limit=20)


@dataclass(frozen=True)
class CallProgress:
    """How far a call list has come."""

    total: int
    done: int

    @property
    def is_empty(self) -> bool:
        return self.total == 0


def call_list_page(actor: Actor, *, cursor: str = "") -> Page[Campaign]:
    """Return the running campaigns with a call list that the actor may work through, newest first; one query."""
    by_phone = Treatment.objects.filter(campaign=OuterRef("pk"), channel=Treatment.Channel.CALL)
    rows = Campaign.objects.visible_with(actor, WORK_CALL_LIST).filter(
        Exists(by_phone), state=Campaign.State.RUNNING
    )
    return keyset_page(rows.select_related("org_unit"), order="-created_at", cursor=cursor)


def calls_of(campaigns: Sequence[Campaign]) -> list[tuple[Campaign, CallProgress]]:
    """Return with each campaign how far its call list is; one query."""
    members = CampaignMember.objects.filter(campaign__in=campaigns, treatment__channel=Treatment.Channel.CALL)
    counted = members.order_by().values_list("campaign_id").annotate(total=Count("id"), done=CALLED)
    progress = {campaign_id: CallProgress(total, done) for campaign_id, total, done in counted}
    return [(campaign, progress.get(campaign.pk, CallProgress(0, 0))) for campaign in campaigns]


def call_progress(campaign: Campaign) -> CallProgress:
    """Count the calls of a campaign; one query."""
    (_campaign, progress), *_others = calls_of([campaign])
    return progress


def phone_of(member: CampaignMember) -> str:
    """Return the phone to call, the preferred one first; one query. Only for whoever took the call."""
    points = ContactPoint.objects.usable().filter(
        customer_id=member.customer_id, kind=ContactPoint.Kind.PHONE
    )
    point = points.order_by("-is_primary", "id").first()
    return point.value if point else ""
