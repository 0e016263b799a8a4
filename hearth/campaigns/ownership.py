"""Who is in charge of campaigns."""

from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hearth.campaigns.models import Campaign
from hearth.campaigns.permissions import VIEW_CAMPAIGN
from hearth.campaigns.services.passing_on import pass_on_campaigns
from hearth.core.ownership import Holding, register_holding, register_mark


def _describe(row: Campaign) -> tuple[str, str]:
    return row.name, reverse("campaigns:campaign", args=[row.pk])


register_holding(
    Holding(
        code="campaigns",
        label=_("Campaigns not finished"),
        icon="speakerphone",
        field="owner",
        place="org_unit",
        permission=VIEW_CAMPAIGN,
        group=F("id"),
        open_rows=lambda: Campaign.objects.exclude(state=Campaign.State.FINISHED),
        pass_on=pass_on_campaigns,
        describe=_describe,
    )
)
register_mark("campaigns.Campaign.created_by", "who planned it first")
register_mark(
    "campaigns.CampaignMember.caller", "a call that was taken returns to the list after half an hour"
)
