"""Audiences as rules, and who was in them at each count."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from hearth.core.models import Record
from hearth.core.querysets import RecordQuerySet, ScopedQuerySet
from hearth.customers.models import Customer
from hearth.organization.models import OrgUnit
from hearth.segments.permissions import VIEW_SEGMENT
from hearth.warehouse.models import Snapshot


class SegmentQuerySet(ScopedQuerySet["Segment"]):
    view_permission = VIEW_SEGMENT


class Segment(Record):
    """A rule over the catalogue of fields, kept as JSON; it means the same on both engines."""

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="segments")
    name = models.CharField(_("name"), max_length=80)
    description = models.CharField(_("description"), max_length=300, blank=True)
    rule = models.JSONField(_("rule"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="segments"
    )

    objects = SegmentQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["org_unit", "name"], name="one_segment_for_each_name_at_a_place")
        ]

    def __str__(self) -> str:
        return self.name


class SegmentCountQuerySet(RecordQuerySet["SegmentCount"]):
    def newest_first(self) -> "SegmentCountQuerySet":
        return self.order_by("-created_at", "-id")


class SegmentCount(Record):
    """One count of a segment: the rule as it stood, the snapshot it read, and how many it found.

    `has_members` tells whether who they are was kept; the nightly count keeps the number alone.
    """

    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, related_name="counts")
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="+")
    rule = models.JSONField()
    size = models.PositiveIntegerField(_("size"))
    seconds = models.FloatField(default=0)
    has_members = models.BooleanField(default=False)

    objects = SegmentCountQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.segment_id} {self.size}"


class SegmentMemberQuerySet(RecordQuerySet["SegmentMember"]):
    pass


class SegmentMember(models.Model):
    """A customer was in a segment at one count."""

    count = models.ForeignKey(SegmentCount, on_delete=models.CASCADE, related_name="members")
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="segment_memberships")

    objects = SegmentMemberQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["count", "customer"], name="a_customer_is_once_in_a_count")
        ]

    def __str__(self) -> str:
        return f"{self.count_id} {self.customer_id}"
