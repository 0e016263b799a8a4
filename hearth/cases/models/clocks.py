"""By when a customer was promised what, and when the clock stood because the customer was asked something."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.cases.models.cases import Case
from hearth.cases.permissions import VIEW_CASE
from hearth.core.models import Record
from hearth.core.querysets import ScopedQuerySet
from hearth.lib.service_clock import ClockState
from hearth.lib.timetable import Counting


class Step(models.TextChoices):
    """What a customer waits for."""

    ANSWER = "answer", pgettext_lazy("promise", "first answer")
    DISPATCH = "dispatch", pgettext_lazy("promise", "dispatch")
    ON_SITE = "on_site", pgettext_lazy("promise", "visit on site")
    SOLUTION = "solution", pgettext_lazy("promise", "solution")
    CALL_BACK = "call_back", pgettext_lazy("promise", "call-back")


class ClockStates(models.TextChoices):
    """How a promise stands."""

    RUNNING = ClockState.RUNNING.value, pgettext_lazy("promise", "in time")
    PAUSED = ClockState.PAUSED.value, pgettext_lazy("promise", "waiting for the customer")
    OVERDUE = ClockState.OVERDUE.value, pgettext_lazy("promise", "overdue")
    MET = ClockState.MET.value, pgettext_lazy("promise", "kept")
    MISSED = ClockState.MISSED.value, pgettext_lazy("promise", "missed")


COUNTINGS = (
    (Counting.WORKING_HOURS.value, _("working hours")),
    (Counting.WORKING_DAYS.value, _("working days, around the clock")),
    (Counting.DAILY_HOURS.value, _("the working hours of every day")),
    (Counting.ALL_HOURS.value, _("all hours")),
)

IS_BROKEN = models.Q(stopped_at__isnull=True) | models.Q(stopped_at__gt=models.F("due_at"))


class ServiceClockQuerySet(ScopedQuerySet["ServiceClock"]):
    view_permission = VIEW_CASE
    place_path = "case__org_unit_id"

    def running(self) -> "ServiceClockQuerySet":
        """Keep the clocks of what has not happened yet, paused ones too."""
        return self.filter(stopped_at=None)

    def overdue(self) -> "ServiceClockQuerySet":
        return self.running().filter(due_at__lt=Now())

    def due_soon(self) -> "ServiceClockQuerySet":
        """Keep those with a quarter of their time left at most."""
        return self.running().filter(soon_at__lte=Now(), due_at__gte=Now())

    def paused(self) -> "ServiceClockQuerySet":
        return self.running().filter(due_at=None)


class ServiceClock(Record):
    """One promise about a case: made from the case, the rules and the calendar of its place, and made anew with them.

    `due_at` is empty while an open pause holds it up. Once stopped it stays as it is, whatever rules come later.
    `noticed_at` is when its breach was noticed; nobody is told of one twice.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="clocks")
    step = models.CharField(_("step"), max_length=10, choices=Step)
    started_at = models.DateTimeField(pgettext_lazy("promise", "from"))
    minutes = models.PositiveIntegerField(_("minutes"))
    counting = models.CharField(_("counted in"), max_length=14, choices=COUNTINGS)
    is_pausing = models.BooleanField(_("stands while we wait for the customer"))
    soon_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(_("due"), null=True)
    stopped_at = models.DateTimeField(pgettext_lazy("promise", "done"), null=True)
    noticed_at = models.DateTimeField(null=True)

    objects = ServiceClockQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"],
                name="clock_broken_and_unnoticed",
                condition=models.Q(noticed_at__isnull=True) & IS_BROKEN,
            ),
            models.Index(
                fields=["due_at", "case"], name="clock_running", condition=models.Q(stopped_at__isnull=True)
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "step"], name="one_clock_for_each_step_of_a_case"),
            models.CheckConstraint(
                condition=models.Q(due_at__isnull=True) | models.Q(due_at__gte=models.F("started_at")),
                name="a_clock_is_due_after_it_starts",
            ),
            models.CheckConstraint(
                condition=models.Q(noticed_at__isnull=True) | models.Q(due_at__isnull=False),
                name="only_what_was_due_is_noticed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.step}"


class CasePauseQuerySet(ScopedQuerySet["CasePause"]):
    view_permission = VIEW_CASE
    place_path = "case__org_unit_id"

    def open(self) -> "CasePauseQuerySet":
        return self.filter(ended_at=None)


class CasePause(Record):
    """A time in which we waited for the customer."""

    class Reason(models.TextChoices):
        PAPERS = "papers", _("papers or pictures from the customer")
        APPOINTMENT = "appointment", _("the customer is away, or wants a later appointment")
        DECISION = "decision", _("the customer decides on what we offered")
        OTHER = "other", pgettext_lazy("waiting for the customer", "something else")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="pauses")
    reason = models.CharField(_("waiting for"), max_length=12, choices=Reason)
    note = models.CharField(_("note"), max_length=200, blank=True)
    began_at = models.DateTimeField(_("from"))
    ended_at = models.DateTimeField(_("until"), null=True)
    begun_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    objects = CasePauseQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case"],
                condition=models.Q(ended_at__isnull=True),
                name="one_open_pause_for_each_case",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True) | models.Q(ended_at__gte=models.F("began_at")),
                name="a_pause_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.reason}"
