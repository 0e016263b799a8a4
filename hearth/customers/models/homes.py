"""What customers are to homes over time, and what was thought of it before."""

from datetime import date, datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from hearth.core.models import Record
from hearth.core.querysets import RecordQuerySet
from hearth.customers.models.people import Customer
from hearth.customers.periods import in_force, overlaps
from hearth.properties.models import Unit


class UnitRoleQuerySet(RecordQuerySet["UnitRole"]):
    def current(self, day: date) -> "UnitRoleQuerySet":
        """Keep the roles in force on a day."""
        return self.filter(in_force(day))

    def overlapping(self, first: date | None, end: date | None) -> "UnitRoleQuerySet":
        """Keep the roles in force on a day of a period; an open end is None."""
        return self.filter(overlaps(first, end))

    def believed_at(self, instant: datetime) -> "UnitRoleQuerySet":
        """Keep the roles whose present version was known at an instant."""
        return self.alias(first_known_at=Coalesce("recorded_at", "created_at")).filter(
            first_known_at__lte=instant
        )


class UnitRole(Record):
    """What a customer is to a home, from one day to another, as it is known today.

    What was thought before stands in `UnitRoleVersion`: a trigger of the database writes it whenever home, role or
    days change, whatever code changes them. `recorded_at` is when the present version was written; it is empty
    until the first change, when that was `created_at`.
    """

    class Role(models.TextChoices):
        OWNER = "owner", _("owner")
        CO_OWNER = "co_owner", _("co-owner")
        BUYER = "buyer", _("buyer")
        RESIDENT = "resident", _("resident")
        TENANT = "tenant", _("tenant")
        PAYER = "payer", _("payer")
        DECISION_MAKER = "decision_maker", _("decision maker")

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="unit_roles")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="customer_roles")
    role = models.CharField(_("role"), max_length=16, choices=Role)
    valid_from = models.DateField(_("from"), null=True, blank=True)
    valid_to = models.DateField(_("until"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("recorded"), null=True, editable=False)

    objects = UnitRoleQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["customer", "unit", "role"],
                condition=models.Q(valid_to__isnull=True),
                name="one_open_role_of_each_kind_on_a_unit",
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True)
                | models.Q(valid_from__isnull=True)
                | models.Q(valid_to__gte=models.F("valid_from")),
                name="a_unit_role_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.unit_id}"

    @property
    def known_at(self) -> datetime:
        """When this was recorded as it stands now."""
        return self.recorded_at or self.created_at


class UnitRoleVersionQuerySet(RecordQuerySet["UnitRoleVersion"]):
    def believed_at(self, instant: datetime) -> "UnitRoleVersionQuerySet":
        """Keep what was thought at an instant and is thought no more."""
        return self.filter(recorded_at__lte=instant, superseded_at__gt=instant)


class UnitRoleVersion(models.Model):
    """What was thought of a role on a home between two instants, before it was ended, corrected or withdrawn.

    `unit_role_id` is the role's id and no foreign key: a role that never was leaves no row but this.
    """

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    unit_role_id = models.UUIDField(db_index=True)
    role = models.CharField(_("role"), max_length=16, choices=UnitRole.Role)
    valid_from = models.DateField(_("from"), null=True)
    valid_to = models.DateField(_("until"), null=True)
    recorded_at = models.DateTimeField(_("recorded"))
    superseded_at = models.DateTimeField(_("thought until"))
    superseded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    reason = models.CharField(_("reason"), max_length=200, default="", db_default="")
    is_sample = models.BooleanField(default=False)

    objects = UnitRoleVersionQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(superseded_at__gte=models.F("recorded_at")),
                name="a_version_of_a_role_is_superseded_after_it_was_recorded",
            )
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.unit_id} {self.superseded_at}"
