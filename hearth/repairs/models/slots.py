"""The working days of who repairs, cut into slots."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import pgettext_lazy

from hearth.core.models import Record
from hearth.core.querysets import ScopedQuerySet
from hearth.organization.models import OrgUnit
from hearth.repairs.permissions import VIEW_REPAIR


class RepairSlotQuerySet(ScopedQuerySet["RepairSlot"]):
    view_permission = VIEW_REPAIR

    def free(self) -> "RepairSlotQuerySet":
        """Keep those with room for one repair more."""
        return self.filter(taken__lt=models.F("capacity"))

    def for_place(self, place: OrgUnit) -> "RepairSlotQuerySet":
        """Keep those of who works at a place or above it."""
        return self.filter(org_unit__path__in=place.ancestor_paths())


class RepairSlot(Record):
    """A time in which an engineer or a contractor comes to so many homes. `taken` counts the orders booked into it."""

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+")
    engineer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="repair_slots"
    )
    starts_at = models.DateTimeField(pgettext_lazy("repair slot", "from"))
    ends_at = models.DateTimeField(pgettext_lazy("repair slot", "until"))
    capacity = models.PositiveSmallIntegerField(pgettext_lazy("repair slot", "homes"), default=1)
    taken = models.PositiveSmallIntegerField(pgettext_lazy("repair slot", "booked"), default=0)

    objects = RepairSlotQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["org_unit", "starts_at"], name="repair_slot_at_a_place")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["engineer", "starts_at"], name="an_engineer_has_one_slot_at_a_time"
            ),
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")),
                name="a_repair_slot_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=models.Q(taken__lte=models.F("capacity")), name="no_repair_slot_is_booked_double"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.engineer_id} {self.starts_at:%Y-%m-%d %H:%M}"

    @property
    def is_free(self) -> bool:
        return self.taken < self.capacity
