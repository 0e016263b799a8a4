"""What a refusal of profiling does to audiences that were drawn and have not begun."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Exists, OuterRef

from hearth.campaigns.models import Campaign, CampaignMember
from hearth.segments.models import SegmentMember


def leave_out_refusing(customer_ids: Collection[UUID]) -> int:
    """Take customers out of audiences not begun whose segment no longer holds them; may be repeated.

    It follows the same step of segments. A campaign that has begun stays as it was drawn: its result would mean
    nothing otherwise.
    """
    inside = SegmentMember.objects.filter(count=OuterRef("campaign__audience"), customer=OuterRef("customer"))
    drawn = CampaignMember.objects.filter(
        customer__in=list(customer_ids),
        campaign__state=Campaign.State.SELECTED,
        campaign__audience__isnull=False,
    )
    return drawn.exclude(Exists(inside)).delete()[0]
