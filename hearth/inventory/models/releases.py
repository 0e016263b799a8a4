"""Release batches 放盘: which homes go on sale together, by which permit and from when."""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.core.models import Record
from hearth.core.querysets import ScopedQuerySet
from hearth.inventory.permissions import VIEW_INVENTORY
from hearth.organization.models import OrgUnit
from hearth.properties.models import Project, Unit


class ReleaseBatchQuerySet(ScopedQuerySet["ReleaseBatch"]):
    view_permission = VIEW_INVENTORY


class ReleaseBatch(Record):
    """Homes of one project that go on sale together.

    `author` began it and `editor` changed it last; neither approves it. `org_unit` repeats the project's place.
    """

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("release batch", "draft")
        SUBMITTED = "submitted", pgettext_lazy("release batch", "waits for approval")
        APPROVED = "approved", pgettext_lazy("release batch", "approved")
        RELEASED = "released", pgettext_lazy("release batch", "released")

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="release_batches")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="release_batches")
    name = models.CharField(pgettext_lazy("release batch", "name of the batch"), max_length=60)
    permit_number = models.CharField(_("pre-sale permit"), max_length=60, blank=True)
    opens_at = models.DateTimeField(pgettext_lazy("release batch", "on sale from"), null=True)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.DRAFT)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    editor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    approved_at = models.DateTimeField(pgettext_lazy("release batch", "approved"), null=True)
    released_at = models.DateTimeField(pgettext_lazy("release batch", "released"), null=True)
    returned_because = models.CharField(max_length=500, blank=True)

    objects = ReleaseBatchQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["org_unit", "-id"], name="release_batch_at_a_place")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["project", "name"], name="one_release_batch_for_each_name_in_a_project"
            ),
            models.CheckConstraint(
                condition=~models.Q(approved_by=models.F("author"))
                & ~models.Q(approved_by=models.F("editor")),
                name="nobody_approves_a_batch_they_prepared",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=("draft", "submitted"))
                | models.Q(approved_by__isnull=False, approved_at__isnull=False, opens_at__isnull=False),
                name="an_approved_batch_says_by_whom_and_when_it_opens",
            ),
            models.CheckConstraint(
                condition=models.Q(state="draft") | ~models.Q(permit_number=""),
                name="a_batch_is_released_by_a_permit",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def is_open(self, now: datetime) -> bool:
        """Tell whether its homes are on sale at an instant."""
        return self.state == self.State.RELEASED and self.opens_at is not None and self.opens_at <= now


class BatchUnitQuerySet(ScopedQuerySet["BatchUnit"]):
    view_permission = VIEW_INVENTORY


class BatchUnit(Record):
    """A home in a batch; the database admits a home to one batch."""

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+")
    batch = models.ForeignKey(ReleaseBatch, on_delete=models.CASCADE, related_name="homes")
    unit = models.OneToOneField(Unit, on_delete=models.PROTECT, related_name="released_in")

    objects = BatchUnitQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["batch", "unit"], name="home_of_a_batch")]

    def __str__(self) -> str:
        return str(self.unit_id)
