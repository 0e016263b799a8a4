"""What campaigns give to the rail, imports and timelines."""

from collections.abc import Sequence
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hearth.campaigns.imports import CAMPAIGN_HISTORY
from hearth.campaigns.models import Campaign, CampaignMember, Response
from hearth.campaigns.permissions import CHANGE_CAMPAIGN, VIEW_CAMPAIGN, WORK_CALL_LIST
from hearth.campaigns.services.refusing import leave_out_refusing
from hearth.core.actor import Actor
from hearth.core.models import EventRecord
from hearth.core.navigation import Place, Section, register_place
from hearth.core.profiling import traces_of_scores
from hearth.core.timeline import Detail, timeline_detail
from hearth.customers.following import rows_follow
from hearth.imports.kinds import register_import_kind

register_import_kind(CAMPAIGN_HISTORY)
traces_of_scores.register("campaigns.audiences", leave_out_refusing)
register_place(
    Place(
        _("Campaigns"),
        "speakerphone",
        "campaigns:list",
        VIEW_CAMPAIGN,
        order=20,
        section=Section.ACTION,
        shortcut="m",
    )
)
register_place(
    Place(
        _("Campaign"),
        "speakerphone",
        "campaigns:create",
        CHANGE_CAMPAIGN,
        order=20,
        section=Section.ACTION,
        is_creation=True,
    )
)
# Who calls need not see campaigns: their own entry is the only way in.
register_place(
    Place(
        _("My call lists"),
        "phone-call",
        "campaigns:call_lists",
        WORK_CALL_LIST,
        order=10,
        section=Section.WORK,
    )
)


@timeline_detail("campaigns.response_recorded", "campaigns.call_made", "campaigns.call_taken")
def campaign_details(events: Sequence[EventRecord], actor: Actor) -> dict[UUID, Detail]:
    """Say which campaign it was and what came of it; one query."""
    wanted = {event.subject_id for event in events if event.subject_id}
    names = dict(Campaign.objects.visible_to(actor).filter(pk__in=wanted).values_list("id", "name"))
    words = {**dict(Response.Kind.choices), **dict(CampaignMember.CallResult.choices)}
    details = {}
    for event in events:
        if event.subject_id and (name := names.get(event.subject_id)):
            word = words.get(event.payload.get("kind") or event.payload.get("result") or "", "")
            details[event.id] = Detail(
                f"{name} · {word}", url=reverse("campaigns:campaign", args=[event.subject_id])
            )
    return details


# Two records in one campaign were drawn apart: each keeps its arm, and the absorbed one is no longer addressed.
rows_follow(CampaignMember, "customer")
