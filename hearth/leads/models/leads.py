"""Somebody who may buy at a project: where they came from, who looks after them, and what comes next."""

from datetime import date, datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.core.actor import Actor
from hearth.core.models import Record
from hearth.core.querysets import RecordQuerySet, ScopedQuerySet
from hearth.customers.models import Customer
from hearth.leads.models.assigning import Way
from hearth.leads.models.grades import Grade
from hearth.leads.models.pipeline import WAY, LossReason, Stage
from hearth.leads.permissions import VIEW_LEAD
from hearth.organization.models import OrgUnit
from hearth.properties.models import Project

LIVE = ("open", "pooled")


class LeadQuerySet(ScopedQuerySet["Lead"]):
    view_permission = VIEW_LEAD

    def visible_to(self, actor: Actor) -> "LeadQuerySet":
        """Keep the leads of places the actor sees, but for those that stay with a record merged into another."""
        return super().visible_to(actor).unmerged()

    def unmerged(self) -> "LeadQuerySet":
        return self.filter(customer__merged_into__isnull=True)

    def open(self) -> "LeadQuerySet":
        return self.unmerged().filter(state=Lead.State.OPEN)

    def live(self) -> "LeadQuerySet":
        """Keep those that may still become a purchase: somebody's, or in the public pool."""
        return self.unmerged().filter(state__in=LIVE)

    def to_win_back(self, today: date) -> "LeadQuerySet":
        """Keep the lost leads whose day of asking again has come, unless the customer came back by themselves."""
        lost = self.unmerged().filter(state=Lead.State.LOST, win_back_date__lte=today)
        again = Lead.objects.filter(
            models.Q(project=models.OuterRef("project"))
            | models.Q(project__isnull=True, org_unit=models.OuterRef("org_unit")),
            customer=models.OuterRef("customer"),
            created_at__gt=models.OuterRef("closed_at"),
        )
        return lost.exclude(models.Exists(again))

    def due(self, today: date) -> "LeadQuerySet":
        """Keep the open leads whose next step is due by the day."""
        return self.open().filter(next_step_date__lte=today)

    def not_warned(self) -> "LeadQuerySet":
        """Keep those whose consultant was not told since they were touched; they are annotated with `touched_at`."""
        return self.filter(
            models.Q(pool_warned_at__isnull=True) | models.Q(pool_warned_at__lt=models.F("touched_at"))
        )

    def warned_before(self, at: datetime) -> "LeadQuerySet":
        """Keep those whose consultant was told before a time, and who were not touched since; annotated likewise."""
        return self.filter(pool_warned_at__gte=models.F("touched_at"), pool_warned_at__lt=at)


class Lead(Record):
    """A customer's interest in a project. One that is open has a next step with a day; a pooled one has nobody.

    `stage` is how far it has come, and `stage_at` since when; one that was won or lost stands at the end of the way.
    `furthest` is the furthest stage that it ever reached, also where it went back or was lost.
    """

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("lead", "open")
        POOLED = "pooled", pgettext_lazy("lead", "in the public pool")
        WON = "won", pgettext_lazy("lead", "won")
        LOST = "lost", pgettext_lazy("lead", "lost")

    class Source(models.TextChoices):
        WALK_IN = "walk_in", pgettext_lazy("lead", "walk-in")
        CALL = "call", pgettext_lazy("lead", "call")
        WEB = "web", pgettext_lazy("lead", "web form")
        BROKER = "broker", pgettext_lazy("lead", "broker")
        REFERRAL = "referral", pgettext_lazy("lead", "referral")
        EVENT = "event", pgettext_lazy("lead", "event")
        IMPORT = "import", pgettext_lazy("lead", "import")
        API = "api", pgettext_lazy("lead", "interface")

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="leads")
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="leads")
    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, null=True, blank=True, related_name="leads"
    )
    source = models.CharField(pgettext_lazy("lead", "source"), max_length=10, choices=Source)
    source_detail = models.CharField(pgettext_lazy("lead", "source in detail"), max_length=120, blank=True)
    grade = models.ForeignKey(Grade, on_delete=models.PROTECT, null=True, blank=True, related_name="leads")
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.OPEN)
    stage = models.CharField(
        pgettext_lazy("lead", "stage"), max_length=11, choices=Stage, default=Stage.ENQUIRY
    )
    stage_at = models.DateTimeField(pgettext_lazy("lead", "in the stage since"))
    furthest = models.CharField(
        pgettext_lazy("lead", "came as far as"), max_length=11, choices=Stage, default=Stage.ENQUIRY
    )
    lost_because = models.ForeignKey(
        LossReason, on_delete=models.PROTECT, null=True, blank=True, related_name="leads"
    )
    lost_reason = models.CharField(pgettext_lazy("lead", "why it was lost"), max_length=200, blank=True)
    win_back_date = models.DateField(pgettext_lazy("lead", "day to ask again"), null=True, blank=True)
    consultant = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="leads"
    )
    next_step = models.CharField(pgettext_lazy("lead", "next step"), max_length=120, blank=True)
    next_step_date = models.DateField(pgettext_lazy("lead", "day of the next step"), null=True, blank=True)
    last_contact_at = models.DateTimeField(_("last contact"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    # When its consultant was told that it goes to the public pool soon.
    pool_warned_at = models.DateTimeField(null=True, blank=True)

    objects = LeadQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["org_unit", "state", "next_step_date"], name="lead_at_a_place"),
            models.Index(fields=["consultant", "state", "next_step_date"], name="lead_of_a_consultant"),
            models.Index(fields=["-created_at", "-id"], name="lead_by_day"),
            models.Index(
                fields=["win_back_date", "id"], name="lead_to_win_back", condition=models.Q(state="lost")
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["customer", "org_unit", "project"],
                condition=models.Q(state__in=LIVE),
                nulls_distinct=False,
                name="a_customer_has_one_live_lead_for_a_project",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="open")
                | (~models.Q(next_step="") & models.Q(next_step_date__isnull=False)),
                name="an_open_lead_has_a_next_step_with_a_day",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="pooled") | models.Q(consultant__isnull=True),
                name="a_lead_in_the_pool_is_nobodys",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="lost")
                | ~models.Q(lost_reason="")
                | models.Q(lost_because__isnull=False),
                name="a_lost_lead_says_why",
            ),
            models.CheckConstraint(
                condition=models.Q(state="lost") | models.Q(win_back_date=None),
                name="only_a_lost_lead_is_won_back",
            ),
            models.CheckConstraint(
                condition=models.Q(state="lost", stage="lost")
                | models.Q(state="won", stage="contract")
                | (models.Q(state__in=LIVE) & ~models.Q(stage__in=("contract", "lost"))),
                name="a_lead_stands_at_the_end_of_its_way_when_it_is_closed",
            ),
            models.CheckConstraint(
                condition=~models.Q(furthest="lost"), name="a_lead_comes_as_far_as_a_stage_of_the_way"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=LIVE, closed_at__isnull=True)
                | (~models.Q(state__in=LIVE) & models.Q(closed_at__isnull=False)),
                name="a_closed_lead_says_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer.name} · {self.project}" if self.project else self.customer.name

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def is_live(self) -> bool:
        return self.state in LIVE

    def is_overdue(self, today: date) -> bool:
        return self.is_open and self.next_step_date is not None and self.next_step_date < today

    def stand_at(self, stage: str, now: datetime) -> None:
        """Have the lead stand at a stage from now on; the furthest one is kept. The row is not saved."""
        self.stage, self.stage_at = stage, now
        if stage in WAY and WAY.index(Stage(stage)) > WAY.index(Stage(self.furthest)):
            self.furthest = stage

    def days_in_stage(self, now: datetime) -> int:
        return max(0, (now - self.stage_at).days)

    def untouched_days(self, now: datetime) -> int:
        """Return for how many days nobody spoke with the customer; from the first day where nobody has."""
        return (now - max(self.last_contact_at or self.created_at, self.created_at)).days


class LeadOwnershipQuerySet(RecordQuerySet["LeadOwnership"]):
    def visible_to(self, actor: Actor) -> "LeadOwnershipQuerySet":
        return self.filter(lead__in=Lead.objects.visible_to(actor))

    def running(self) -> "LeadOwnershipQuerySet":
        return self.filter(ended_at__isnull=True)


class LeadOwnership(Record):
    """Whose a lead was, and from when to when 客户归属. What follows upon a period is told by the next one."""

    class How(models.TextChoices):
        CAPTURED = "captured", pgettext_lazy("ownership", "recorded it")
        ASSIGNED = "assigned", pgettext_lazy("ownership", "was given it")
        CLAIMED = "claimed", pgettext_lazy("ownership", "took it from the public pool")
        HANDED_OVER = "handed_over", pgettext_lazy("ownership", "got it with a book")
        DECIDED = "decided", pgettext_lazy("ownership", "got it by decision of a dispute")
        RULED = "ruled", pgettext_lazy("ownership", "got it by the rule of the project")

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="ownerships")
    consultant = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="lead_ownerships"
    )
    how = models.CharField(max_length=12, choices=How)
    # Why the rule of the project chose them: how many open leads they had, and whose turn it was.
    way = models.CharField(max_length=8, choices=Way, blank=True, default="")
    open_leads = models.PositiveIntegerField(null=True)
    instead_of = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    began_at = models.DateTimeField(_("from"))
    ended_at = models.DateTimeField(_("until"), null=True, blank=True)

    objects = LeadOwnershipQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["lead", "-began_at", "-id"], name="ownership_of_a_lead"),
            models.Index(fields=["consultant", "-began_at"], name="ownership_of_a_consultant"),
            models.Index(
                fields=["-began_at", "-id"], name="ownership_by_rule", condition=models.Q(how="ruled")
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["lead"],
                condition=models.Q(ended_at__isnull=True),
                name="a_lead_has_one_owner_at_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True) | models.Q(ended_at__gte=models.F("began_at")),
                name="an_ownership_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lead_id} {self.how}"
