"""The promise ledger 承诺台账: what was promised where, to whom, until when, and what became of it."""

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.cases.models import Case
from hearth.core.models import Record, StoredFile
from hearth.core.querysets import ScopedQuerySet
from hearth.organization.models import OrgUnit
from hearth.promises.permissions import VIEW_PROMISE
from hearth.properties.models import Project, Unit


class PromiseQuerySet(ScopedQuerySet["Promise"]):
    view_permission = VIEW_PROMISE

    def live(self) -> "PromiseQuerySet":
        """Keep what is still owed."""
        return self.filter(state__in=(Promise.State.OPEN, Promise.State.OVERDUE))

    def made_to(self, unit: Unit, day: date) -> "PromiseQuerySet":
        """Keep what held for a home on a day: made by then, and not withdrawn by then."""
        covers = models.Q(is_for_whole_project=True) | models.Q(homes__unit=unit)
        rows = self.filter(covers, project=unit.project_id, made_date__lte=day)
        return rows.exclude(state=Promise.State.WITHDRAWN, decided_date__lte=day).distinct()


class Promise(Record):
    """One promise in the words of its source. The words are never changed; what is owed until when may be.

    It covers the whole project, or the homes that are named. `org_unit` repeats the project's place.
    """

    class Source(models.TextChoices):
        BROCHURE = "brochure", pgettext_lazy("sales promise", "brochure")
        MODEL = "model", pgettext_lazy("sales promise", "model")
        SHOW_FLAT = "show_flat", pgettext_lazy("sales promise", "show flat")
        SALES_TALK = "sales_talk", pgettext_lazy("sales promise", "sales talk")
        ADVERTISEMENT = "advertisement", pgettext_lazy("sales promise", "advertisement")
        ANNEX = "annex", pgettext_lazy("sales promise", "contract annex")
        OTHER = "other", pgettext_lazy("sales promise", "other")

    class Audience(models.TextChoices):
        PUBLIC = "public", pgettext_lazy("sales promise", "everybody")
        VISITORS = "visitors", pgettext_lazy("sales promise", "visitors of the sales office")
        BUYERS = "buyers", pgettext_lazy("sales promise", "buyers of these homes")
        OWNERS = "owners", pgettext_lazy("sales promise", "owners of the project")

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("sales promise", "open")
        OVERDUE = "overdue", pgettext_lazy("sales promise", "overdue")
        KEPT = "kept", pgettext_lazy("sales promise", "kept")
        BROKEN = "broken", pgettext_lazy("sales promise", "broken")
        WITHDRAWN = "withdrawn", pgettext_lazy("sales promise", "withdrawn")

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="promises")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="promises")
    title = models.CharField(pgettext_lazy("sales promise", "what was promised"), max_length=200)
    wording = models.TextField(pgettext_lazy("sales promise", "in the words of the source"), blank=True)
    source = models.CharField(pgettext_lazy("sales promise", "source"), max_length=13, choices=Source)
    source_detail = models.CharField(
        pgettext_lazy("sales promise", "which one, and where in it"), max_length=200, blank=True
    )
    audience = models.CharField(pgettext_lazy("sales promise", "made to"), max_length=8, choices=Audience)
    made_date = models.DateField(pgettext_lazy("sales promise", "made on"))
    due_date = models.DateField(pgettext_lazy("sales promise", "due"), null=True)
    department = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="promises_to_keep")
    is_for_whole_project = models.BooleanField(pgettext_lazy("sales promise", "for the whole project"))
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.OPEN)
    decided_date = models.DateField(pgettext_lazy("sales promise", "decided"), null=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = PromiseQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["org_unit", "-id"], name="promise_at_a_place"),
            models.Index(fields=["due_date"], name="open_promise_by_due", condition=models.Q(state="open")),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(due_date=None) | models.Q(due_date__gte=models.F("made_date")),
                name="a_promise_is_due_after_it_was_made",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=("open", "overdue"), decided_date=None)
                | models.Q(state__in=("kept", "broken", "withdrawn"), decided_date__isnull=False),
                name="a_promise_says_since_when_it_is_decided",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="overdue") | models.Q(due_date__isnull=False),
                name="what_has_no_day_is_never_overdue",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_live(self) -> bool:
        """Tell whether it is still owed."""
        return self.state in (self.State.OPEN, self.State.OVERDUE)

    @property
    def days_late(self) -> int:
        """How many days the day by which it was due is over, while it is owed."""
        if not (self.is_live and self.due_date):
            return 0
        return max((localdate() - self.due_date).days, 0)


class PromisedUnitQuerySet(ScopedQuerySet["PromisedUnit"]):
    view_permission = VIEW_PROMISE


class PromisedUnit(Record):
    """A home that a promise covers."""

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+")
    promise = models.ForeignKey(Promise, on_delete=models.CASCADE, related_name="homes")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="promises")

    objects = PromisedUnitQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["promise", "unit"], name="a_promise_covers_a_home_once")
        ]

    def __str__(self) -> str:
        return str(self.unit_id)


class PromiseFileQuerySet(ScopedQuerySet["PromiseFile"]):
    view_permission = VIEW_PROMISE


class PromiseFile(Record):
    """A page, picture or recording note that shows the promise."""

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+")
    promise = models.ForeignKey(Promise, on_delete=models.CASCADE, related_name="files")
    stored = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = PromiseFileQuerySet.as_manager()

    def __str__(self) -> str:
        return self.stored.name


class PromiseOutcomeQuerySet(ScopedQuerySet["PromiseOutcome"]):
    view_permission = VIEW_PROMISE

    def waiting(self) -> "PromiseOutcomeQuerySet":
        return self.filter(decided_at=None)


class PromiseOutcome(Record):
    """What somebody says became of a promise, with proof; it holds once somebody else has confirmed it."""

    class Outcome(models.TextChoices):
        KEPT = "kept", pgettext_lazy("sales promise", "kept")
        BROKEN = "broken", pgettext_lazy("sales promise", "broken")
        WITHDRAWN = "withdrawn", pgettext_lazy("sales promise", "withdrawn")

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+")
    promise = models.ForeignKey(Promise, on_delete=models.CASCADE, related_name="outcomes")
    outcome = models.CharField(pgettext_lazy("sales promise", "outcome"), max_length=9, choices=Outcome)
    proof = models.TextField(pgettext_lazy("sales promise", "what shows it"))
    evidence_file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(pgettext_lazy("sales promise", "decided"), null=True)
    is_confirmed = models.BooleanField(null=True)
    returned_because = models.CharField(max_length=500, blank=True)

    objects = PromiseOutcomeQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["promise"],
                condition=models.Q(decided_at=None),
                name="one_outcome_of_a_promise_waits_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["promise"],
                condition=models.Q(is_confirmed=True),
                name="one_outcome_of_a_promise_is_confirmed",
            ),
            models.CheckConstraint(
                condition=~models.Q(decided_by=models.F("said_by")),
                name="nobody_confirms_what_they_say_of_a_promise",
            ),
            models.CheckConstraint(
                condition=models.Q(decided_at=None, decided_by=None, is_confirmed=None)
                | models.Q(decided_at__isnull=False, decided_by__isnull=False, is_confirmed__isnull=False),
                name="a_decided_outcome_says_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_outcome_display())


class PromiseCaseQuerySet(ScopedQuerySet["PromiseCase"]):
    view_permission = VIEW_PROMISE


class PromiseCase(Record):
    """The case that a broken promise opened for a home."""

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+")
    promise = models.ForeignKey(Promise, on_delete=models.PROTECT, related_name="cases")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="broken_promise")

    objects = PromiseCaseQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["promise", "unit"], name="a_broken_promise_opens_one_case_for_a_home"
            )
        ]

    def __str__(self) -> str:
        return str(self.case_id)
