"""Opening day 开盘: homes of a batch are chosen in the order of the queue."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.core.models import Record
from hearth.core.querysets import ScopedQuerySet
from hearth.inventory.models.releases import ReleaseBatch
from hearth.inventory.permissions import VIEW_INVENTORY
from hearth.organization.models import OrgUnit


class OpeningQuerySet(ScopedQuerySet["Opening"]):
    view_permission = VIEW_INVENTORY


class Opening(Record):
    """The sales launch of a batch: numbers are called in rounds, and who was called chooses.

    While it runs, homes of the batch are taken by queue number alone. `called_to` is the last number that was called.
    """

    class State(models.TextChoices):
        RUNNING = "running", pgettext_lazy("opening day", "runs")
        CLOSED = "closed", pgettext_lazy("opening day", "closed")

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+")
    batch = models.OneToOneField(ReleaseBatch, on_delete=models.PROTECT, related_name="opening")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(_("state"), max_length=7, choices=State, default=State.RUNNING)
    called_to = models.PositiveIntegerField(pgettext_lazy("opening day", "called up to"), default=0)
    rounds = models.PositiveIntegerField(pgettext_lazy("opening day", "rounds"), default=0)
    closed_at = models.DateTimeField(pgettext_lazy("opening day", "closed"), null=True)

    objects = OpeningQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state="closed", closed_at__isnull=False)
                | models.Q(state="running", closed_at=None),
                name="a_closed_opening_says_when",
            )
        ]

    def __str__(self) -> str:
        return str(self.batch_id)
