"""Meetings with the households, who was there, what was promised, and what was said."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.cases.permissions import VIEW_CASE
from hearth.core.models import Record
from hearth.core.querysets import ScopedQuerySet
from hearth.group_cases.models.groups import GroupCase, GroupHousehold


class GroupMeetingQuerySet(ScopedQuerySet["GroupMeeting"]):
    view_permission = VIEW_CASE
    place_path = "group_case__org_unit_id"


class GroupMeeting(Record):
    """A meeting about a group complaint, from its agenda to its end."""

    group_case = models.ForeignKey(GroupCase, on_delete=models.CASCADE, related_name="meetings")
    title = models.CharField(_("title"), max_length=120)
    agenda = models.TextField(_("agenda"), max_length=4000, blank=True)
    location = models.CharField(_("where"), max_length=120, blank=True)
    begins_at = models.DateTimeField(_("begins"))
    ended_at = models.DateTimeField(pgettext_lazy("meeting", "ended"), null=True, blank=True)

    objects = GroupMeetingQuerySet.as_manager()

    def __str__(self) -> str:
        return self.title


class Side(models.TextChoices):
    """On whose side somebody is."""

    OURS = "ours", pgettext_lazy("negotiation", "us")
    HOUSEHOLDS = "households", pgettext_lazy("negotiation", "the households")
    OUTSIDE = "outside", pgettext_lazy("negotiation", "authority or third party")


class AttendanceQuerySet(ScopedQuerySet["Attendance"]):
    view_permission = VIEW_CASE
    place_path = "meeting__group_case__org_unit_id"


class Attendance(Record):
    """Somebody who was at a meeting: a colleague, a household, or anybody else by name."""

    meeting = models.ForeignKey(GroupMeeting, on_delete=models.CASCADE, related_name="attendances")
    side = models.CharField(_("side"), max_length=10, choices=Side)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    household = models.ForeignKey(
        GroupHousehold, on_delete=models.CASCADE, null=True, related_name="attendances"
    )
    name = models.CharField(_("name"), max_length=80, blank=True)

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["meeting", "user"], name="a_colleague_is_at_a_meeting_once"),
            models.UniqueConstraint(fields=["meeting", "household"], name="a_household_is_at_a_meeting_once"),
            models.CheckConstraint(
                condition=models.Q(side="ours", household__isnull=True)
                | models.Q(side="households", user__isnull=True)
                | (models.Q(side="outside", user__isnull=True, household__isnull=True) & ~models.Q(name="")),
                name="who_is_at_a_meeting_is_on_one_side",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.side}"


class CommitmentQuerySet(ScopedQuerySet["Commitment"]):
    view_permission = VIEW_CASE
    place_path = "group_case__org_unit_id"

    def waiting(self) -> "CommitmentQuerySet":
        return self.filter(done_at=None)


class Commitment(Record):
    """What we promised the households: what, by when, and who keeps it.

    `told_at` is when somebody heard that it is overdue; nobody hears of one twice.
    """

    group_case = models.ForeignKey(GroupCase, on_delete=models.CASCADE, related_name="commitments")
    meeting = models.ForeignKey(
        GroupMeeting, on_delete=models.SET_NULL, null=True, blank=True, related_name="commitments"
    )
    what = models.CharField(_("what was promised"), max_length=300)
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    due_date = models.DateField(_("due"))
    done_at = models.DateTimeField(pgettext_lazy("commitment", "kept"), null=True, blank=True)
    done_note = models.CharField(_("how it was kept"), max_length=300, blank=True)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    told_at = models.DateTimeField(null=True)

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["due_date"],
                name="commitment_overdue_untold",
                condition=models.Q(done_at__isnull=True, told_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.what


class NegotiationEntryQuerySet(ScopedQuerySet["NegotiationEntry"]):
    view_permission = VIEW_CASE
    place_path = "group_case__org_unit_id"


class NegotiationEntry(Record):
    """What one side said or offered; entries are added, never changed."""

    group_case = models.ForeignKey(GroupCase, on_delete=models.CASCADE, related_name="negotiation")
    meeting = models.ForeignKey(
        GroupMeeting, on_delete=models.SET_NULL, null=True, blank=True, related_name="negotiation"
    )
    side = models.CharField(_("who said it"), max_length=10, choices=Side)
    text = models.TextField(_("what was said"), max_length=2000)
    offer_amount = models.DecimalField(
        _("offer for each household, ¥"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    said_at = models.DateTimeField(pgettext_lazy("negotiation", "said"))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    objects = NegotiationEntryQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(offer_amount__isnull=True) | models.Q(offer_amount__gt=0),
                name="an_offer_is_above_nothing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group_case_id} {self.side}"
