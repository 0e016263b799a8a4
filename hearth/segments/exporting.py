"""The members of a segment as rows that can be written to a file."""

from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.customers.lists import CUSTOMERS
from hearth.exports.sources import ExportSource
from hearth.segments.models import Segment, SegmentMember
from hearth.segments.permissions import VIEW_SEGMENT
from hearth.segments.selectors import latest_members_count


def _segment(actor: Actor, segment_id: UUID) -> Segment | None:
    return Segment.objects.visible_to(actor).filter(pk=segment_id).first()


def _name(actor: Actor, segment_id: UUID) -> str:
    segment = _segment(actor, segment_id)
    return segment.name if segment else ""


def _members(rows: QuerySet[Any], actor: Actor, segment_id: UUID) -> QuerySet[Any]:
    """Keep who was in the segment at its newest count that kept them; nobody where it was never counted."""
    segment = _segment(actor, segment_id)
    count = latest_members_count(segment) if segment else None
    if count is None:
        return rows.none()
    return rows.filter(Exists(SegmentMember.objects.filter(count=count, customer=OuterRef("pk"))))


SEGMENT = ExportSource(
    key="segment",
    list_key=CUSTOMERS.key,
    label=_("Segment"),
    permission=VIEW_SEGMENT,
    url_name="segments:segment",
    name=_name,
    narrow=_members,
)
