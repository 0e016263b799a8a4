"""Group complaints 群诉 as the radar sees them coming, and how it listens to each project."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.cases.models import Case
from hearth.core.models import Record
from hearth.core.querysets import RecordQuerySet, ScopedQuerySet
from hearth.group_cases.models import GroupCase
from hearth.organization.models import OrgUnit
from hearth.properties.models import Building, Project
from hearth.radar.permissions import VIEW_RADAR


class RadarAlarmQuerySet(ScopedQuerySet["RadarAlarm"]):
    view_permission = VIEW_RADAR

    def waiting(self) -> "RadarAlarmQuerySet":
        """Keep those that nobody has judged."""
        return self.filter(state=RadarAlarm.State.OPEN)

    def real(self) -> "RadarAlarmQuerySet":
        """Keep those that were not dismissed: their voices say nothing of what is usual."""
        return self.exclude(state=RadarAlarm.State.DISMISSED)


class RadarAlarm(Record):
    """More households of a project speak of one topic than is usual there.

    `households`, `expected`, `window_days` and `score` are those of the day of the alarm: so many within so many days,
    where so many were expected; the score is −log10 of how likely that was, `limit` the score from which this project
    has an alarm. `building` is empty where it is not one building that speaks.
    """

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("group complaint", "new")
        ACCEPTED = "accepted", pgettext_lazy("group complaint", "accepted")
        MERGED = "merged", pgettext_lazy("group complaint", "part of another")
        DISMISSED = "dismissed", pgettext_lazy("group complaint", "dismissed")

    class Reason(models.TextChoices):
        UNRELATED = "unrelated", _("no common cause")
        HANDLED = "handled", _("known, and handled already")
        MISTAKEN = "mistaken", _("wrong topic or project in the cases")

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="radar_alarms")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="radar_alarms")
    building = models.ForeignKey(
        Building, on_delete=models.SET_NULL, null=True, blank=True, related_name="radar_alarms"
    )
    topic = models.CharField(_("topic"), max_length=60)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    raised_at = models.DateTimeField(_("raised"))
    first_date = models.DateField(_("first voice"))
    last_date = models.DateField(_("last voice"))
    window_days = models.PositiveSmallIntegerField(_("within days"))
    households = models.PositiveIntegerField(_("households"))
    expected = models.FloatField(_("expected"))
    score = models.FloatField(_("score"))
    limit = models.FloatField(_("limit"))
    # What was heard, expected and needed for an alarm day by day, as the radar last knew it (`charts.figures_of`).
    curve = models.JSONField(default=dict)
    reason = models.CharField(_("reason"), max_length=10, choices=Reason, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)
    judged_at = models.DateTimeField(_("judged"), null=True, blank=True)
    judged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    merged_into = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="merged"
    )
    group_case = models.ForeignKey(
        GroupCase, on_delete=models.SET_NULL, null=True, blank=True, related_name="radar_alarms"
    )

    objects = RadarAlarmQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["org_unit", "state", "-raised_at"], name="radar_alarm_by_state"),
            models.Index(fields=["-raised_at", "-id"], name="radar_alarm_by_time"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["project", "topic"],
                condition=models.Q(state="open"),
                name="one_open_alarm_of_a_topic_in_a_project",
            ),
            models.CheckConstraint(
                condition=models.Q(state="merged", merged_into__isnull=False)
                | (~models.Q(state="merged") & models.Q(merged_into__isnull=True)),
                name="a_merged_alarm_says_into_which",
            ),
            models.CheckConstraint(
                condition=(models.Q(state="dismissed") & ~models.Q(reason=""))
                | (~models.Q(state="dismissed") & models.Q(reason="")),
                name="a_dismissed_alarm_says_why",
            ),
            models.CheckConstraint(
                condition=models.Q(first_date__lte=models.F("last_date")),
                name="the_first_voice_comes_before_the_last",
            ),
        ]

    def __str__(self) -> str:
        return self.topic


class RadarVoiceQuerySet(RecordQuerySet["RadarVoice"]):
    pass


class RadarVoice(models.Model):
    """A case that speaks in an alarm."""

    alarm = models.ForeignKey(RadarAlarm, on_delete=models.CASCADE, related_name="voices")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="radar_voices")

    objects = RadarVoiceQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["alarm", "case"], name="a_case_speaks_once_in_an_alarm")
        ]

    def __str__(self) -> str:
        return f"{self.alarm_id} {self.case_id}"


class RadarLimitQuerySet(ScopedQuerySet["RadarLimit"]):
    view_permission = VIEW_RADAR
    place_path = "project__org_unit_id"


class RadarLimit(models.Model):
    """How much more the radar asks of a project than of others, learnt from what people made of its alarms."""

    project = models.OneToOneField(Project, on_delete=models.CASCADE, related_name="radar_limit")
    extra = models.FloatField(_("more than the limit of the place"), default=0.0)
    changed_at = models.DateTimeField(_("changed"))

    objects = RadarLimitQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.project_id} {self.extra:+}"


class RadarWatchQuerySet(RecordQuerySet["RadarWatch"]):
    pass


class RadarWatch(models.Model):
    """Until when the radar has listened to a place; its row is the lock of whoever listens."""

    org_unit = models.OneToOneField(OrgUnit, on_delete=models.CASCADE, related_name="radar_watch")
    listened_at = models.DateTimeField()

    objects = RadarWatchQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.org_unit_id} {self.listened_at}"
