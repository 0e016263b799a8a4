"""Scoring runs, and the rounds of the loop record → analyse → plan → act → measure."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from hearth.campaigns.models import Campaign
from hearth.core.models import Record
from hearth.core.querysets import RecordQuerySet, ScopedQuerySet
from hearth.insight.permissions import VIEW_INSIGHT
from hearth.organization.models import OrgUnit
from hearth.segments.models import Segment, SegmentCount
from hearth.warehouse.models import Snapshot


class ScoringRunQuerySet(RecordQuerySet["ScoringRun"]):
    def done(self) -> "ScoringRunQuerySet":
        return self.filter(state=ScoringRun.State.DONE)

    def unfinished(self) -> "ScoringRunQuerySet":
        return self.filter(state__in=ScoringRun.UNFINISHED)

    def newest_first(self) -> "ScoringRunQuerySet":
        return self.order_by("-created_at", "-id")


class ScoringRun(Record):
    """One computation of all profiles: the snapshot it read, the rules as they stood, and its cut points.

    `cut_points` gives for each tier the amount in yuan above which it begins, none where nobody bought.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting for its turn")
        COPYING = "copying", _("copying the records")
        RUNNING = "running", _("computing")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    UNFINISHED: ClassVar = (State.QUEUED, State.COPYING, State.RUNNING)

    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, null=True, related_name="+")
    as_of_at = models.DateTimeField(_("as of"))
    state = models.CharField(_("state"), max_length=8, choices=State)
    rules = models.JSONField()
    cut_points = models.JSONField(default=dict)
    scored = models.PositiveIntegerField(_("customers"), default=0)
    seconds = models.FloatField(default=0)
    error = models.TextField(blank=True)

    objects = ScoringRunQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(state="done") | models.Q(snapshot__isnull=False),
                name="a_finished_scoring_run_read_a_snapshot",
            )
        ]

    @property
    def is_unfinished(self) -> bool:
        return self.state in self.UNFINISHED

    def __str__(self) -> str:
        return str(self.as_of_at)


class RoundQuerySet(ScopedQuerySet["Round"]):
    view_permission = VIEW_INSIGHT


class Round(Record):
    """One turn of the loop at a place: dated, with what was seen, decided, done and measured."""

    class State(models.TextChoices):
        OPEN = "open", _("under way")
        CLOSED = "closed", _("closed")

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="rounds")
    name = models.CharField(_("name"), max_length=80)
    goal = models.CharField(_("goal"), max_length=300, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.OPEN)
    starts_date = models.DateField(_("from"))
    ends_date = models.DateField(_("until"), null=True, blank=True)
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="+")
    figures = models.JSONField(default=dict)
    closing_snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, null=True, related_name="+")
    closing_figures = models.JSONField(default=dict)
    lessons = models.TextField(_("lessons"), blank=True)

    objects = RoundQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["org_unit", "-starts_date", "-id"], name="round_by_date")]

    def __str__(self) -> str:
        return self.name


class RoundDecisionQuerySet(RecordQuerySet["RoundDecision"]):
    pass


class RoundDecision(Record):
    """What was decided in a round: for which segment, which campaign, why and by whom."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="decisions")
    segment = models.ForeignKey(Segment, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    count = models.ForeignKey(SegmentCount, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    text = models.TextField(_("decision"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided"))

    objects = RoundDecisionQuerySet.as_manager()

    def __str__(self) -> str:
        return self.text[:40]


class ProfileCountQuerySet(RecordQuerySet["ProfileCount"]):
    pass


class ProfileCount(models.Model):
    """How many customers known at a place or below it are alike, as of the newest run; amounts in yuan.

    Counted once after each run, because a customer known at two places below a third counts there once: to find
    that out anew for each reader takes seconds at a million customers.
    """

    run = models.ForeignKey(ScoringRun, on_delete=models.CASCADE, related_name="counts")
    org_unit = models.ForeignKey(OrgUnit, on_delete=models.CASCADE, related_name="+")
    owner_stage = models.CharField(max_length=24)
    value_tier = models.CharField(max_length=16)
    action = models.CharField(max_length=16)
    source = models.CharField(max_length=10, blank=True)
    customers = models.IntegerField()
    new_customers = models.IntegerField()
    amount = models.DecimalField(max_digits=18, decimal_places=2)
    open_complaints = models.IntegerField()
    contacts = models.IntegerField()

    objects = ProfileCountQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["run", "org_unit"], name="profile_count_of_a_place")]

    def __str__(self) -> str:
        return f"{self.org_unit_id} {self.owner_stage} {self.value_tier}"


class DuplicateSearchQuerySet(RecordQuerySet["DuplicateSearch"]):
    def done(self) -> "DuplicateSearchQuerySet":
        return self.filter(state=DuplicateSearch.State.DONE)

    def unfinished(self) -> "DuplicateSearchQuerySet":
        return self.filter(state__in=DuplicateSearch.UNFINISHED)

    def newest_first(self) -> "DuplicateSearchQuerySet":
        return self.order_by("-created_at", "-id")


class DuplicateSearch(Record):
    """One search for records that may be one customer: among all, or of those changed since the search before.

    `as_of_at` is the moment from which the next search counts changes; `weights` are the model's, as they were
    estimated or taken over; `groups` are people recorded more than once beyond reasonable doubt.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting for its turn")
        READING = "reading", _("reading the records")
        RUNNING = "running", _("comparing")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    UNFINISHED: ClassVar = (State.QUEUED, State.READING, State.RUNNING)

    as_of_at = models.DateTimeField(_("as of"))
    state = models.CharField(_("state"), max_length=8, choices=State)
    is_whole = models.BooleanField(_("all records"), default=False)
    records = models.PositiveIntegerField(_("records"), default=0)
    fresh = models.PositiveIntegerField(_("changed records"), default=0)
    compared = models.PositiveBigIntegerField(_("compared pairs"), default=0)
    found = models.PositiveIntegerField(_("likely pairs"), default=0)
    new = models.PositiveIntegerField(_("new pairs"), default=0)
    groups = models.PositiveIntegerField(_("people recorded more than once"), default=0)
    weights = models.JSONField(default=dict)
    seconds = models.FloatField(default=0)
    error = models.TextField(blank=True)

    objects = DuplicateSearchQuerySet.as_manager()

    @property
    def is_unfinished(self) -> bool:
        return self.state in self.UNFINISHED

    def __str__(self) -> str:
        return str(self.as_of_at)
