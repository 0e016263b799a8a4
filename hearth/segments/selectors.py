"""What the pages of segments show."""

from django.db import models
from django.utils.timezone import localtime

from hearth.core.actor import Actor
from hearth.customers.models import Customer
from hearth.segments.models import Segment, SegmentCount, SegmentQuerySet

CHART_COUNTS = 60
FIRST_MEMBERS = 8


def with_sizes() -> SegmentQuerySet:
    """Return segments, each with `last_size`, `last_counted_at` and `uses`, the number of its campaigns."""
    newest = SegmentCount.objects.filter(segment=models.OuterRef("pk")).newest_first()
    uses = (
        Segment.objects.filter(pk=models.OuterRef("pk"))
        .annotate(uses=models.Count("campaigns"))
        .values("uses")
    )
    rows: SegmentQuerySet = Segment.objects.annotate(
        last_size=models.Subquery(newest.values("size")[:1]),
        last_counted_at=models.Subquery(newest.values("snapshot__taken_at")[:1]),
        uses=models.Subquery(uses),
    )
    return rows


def latest_members_count(segment: Segment) -> SegmentCount | None:
    """Return the newest count that kept its members; one query."""
    return segment.counts.filter(has_members=True).select_related("snapshot").newest_first().first()


def members_seen(count: SegmentCount, actor: Actor) -> list[Customer]:
    """Return the newest few of the members whom the actor may see; all stand in the list of customers. One query."""
    members = Customer.objects.visible_to(actor).filter(segment_memberships__count=count)
    return list(members.order_by("-id")[:FIRST_MEMBERS])


def list_sizes(segment: Segment) -> list[tuple[str, int]]:
    """Return the size of the segment at its last counts, the oldest first; one query."""
    rows = segment.counts.newest_first().values_list("snapshot__taken_at", "size")[:CHART_COUNTS]
    return [(localtime(taken_at).strftime("%Y-%m-%d %H:%M"), size) for taken_at, size in reversed(rows)]
