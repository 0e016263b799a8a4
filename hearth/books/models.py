"""Handing over the customers and the work of a colleague, and where each of them went."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.books.permissions import HAND_OVER
from hearth.core.models import Record
from hearth.core.querysets import RecordQuerySet, ScopedQuerySet
from hearth.organization.models import OrgUnit


class BookHandoverQuerySet(ScopedQuerySet["BookHandover"]):
    view_permission = HAND_OVER

    def covers_to_end(self, day: object) -> "BookHandoverQuerySet":
        """Keep the covers whose last day has passed."""
        return self.filter(
            rule=BookHandover.Rule.COVER, state__in=BookHandover.RETURNABLE, until_date__lte=day
        )


class BookHandover(Record):
    """What a person was in charge of at a place and below it goes to others, by one rule.

    `recipients` are keys of users; `by_place` gives, as `{place: user}`, who gets what lies at a place. A cover ends
    by itself on `until_date`, the first day on which it no longer holds.
    """

    class Rule(models.TextChoices):
        ONE = "one", _("to one person")
        EVEN = "even", _("split evenly")
        PLACE = "place", _("by place")
        COVER = "cover", _("covered until a day")

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        ENDED = "ended", _("cover has ended")
        UNDONE = "undone", _("undone")
        STOPPED = "stopped", _("stopped: who asked for it no longer may")

    # What was moved can be given back.
    RETURNABLE = (State.DONE, State.STOPPED)

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="book_handovers")
    from_user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    rule = models.CharField(_("rule"), max_length=5, choices=Rule)
    recipients = ArrayField(models.BigIntegerField())
    by_place = models.JSONField(default=dict)
    holdings = ArrayField(models.CharField(max_length=20))
    until_date = models.DateField(_("until"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    state = models.CharField(_("state"), max_length=7, choices=State, default=State.WAITING)
    total = models.PositiveIntegerField(default=0)
    moved = models.PositiveIntegerField(_("moved"), default=0)
    left = models.PositiveIntegerField(_("left behind"), default=0)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    done_at = models.DateTimeField(_("done"), null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)

    objects = BookHandoverQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["-created_at", "-id"], name="book_handover_by_time")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=(models.Q(rule="cover") & models.Q(until_date__isnull=False))
                | (~models.Q(rule="cover") & models.Q(until_date__isnull=True)),
                name="a_cover_and_nothing_else_has_a_last_day",
            )
        ]

    def __str__(self) -> str:
        return f"{self.from_user_id} {self.rule}"

    @property
    def is_under_way(self) -> bool:
        return self.state in (self.State.WAITING, self.State.RUNNING)

    @property
    def is_returnable(self) -> bool:
        return self.state in self.RETURNABLE

    @property
    def share_done(self) -> int:
        """How much is done, in percent."""
        return 100 * (self.moved + self.left) // self.total if self.total else 100


class BookMoveQuerySet(RecordQuerySet["BookMove"]):
    pass


class BookMove(Record):
    """One row of a handover: where it went, or why it stayed."""

    class Outcome(models.TextChoices):
        MOVED = "moved", pgettext_lazy("book", "handed over")
        NOBODY = "nobody", _("nobody may have it there")
        CHANGED = "changed", _("changed hands meanwhile")
        RETURNED = "returned", _("came back")
        KEPT = "kept", _("stayed, since it changed hands again")

    handover = models.ForeignKey(BookHandover, on_delete=models.CASCADE, related_name="moves")
    holding = models.CharField(max_length=20)
    row_id = models.UUIDField()
    to_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+"
    )
    outcome = models.CharField(max_length=8, choices=Outcome)

    objects = BookMoveQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["handover", "holding", "row_id"], name="a_row_goes_once_in_a_handover"
            )
        ]

    def __str__(self) -> str:
        return f"{self.holding} {self.row_id} {self.outcome}"
