"""Two registrations, or one and a consultant, stand against each other; somebody who is neither side decides."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import pgettext_lazy

from hearth.brokers.models.registrations import ChannelRegistration
from hearth.brokers.permissions import VIEW_BROKER
from hearth.core.models import Record
from hearth.core.querysets import ScopedQuerySet
from hearth.customers.models import Customer
from hearth.leads.models import Lead
from hearth.organization.models import OrgUnit
from hearth.properties.models import Project


class RegistrationConflictQuerySet(ScopedQuerySet["RegistrationConflict"]):
    view_permission = VIEW_BROKER

    def waiting(self) -> "RegistrationConflictQuerySet":
        return self.filter(decided_at=None)


class RegistrationConflict(Record):
    """Whose customer it is: of one of the registrations, or of the consultant who had a lead before.

    `visited_at` is the visit that brought it up, if one did. Decided for no registration, it was decided for the
    consultant, or for nobody. What was decided stays.
    """

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="registration_conflicts")
    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, null=True, related_name="registration_conflicts"
    )
    visited_at = models.DateTimeField(pgettext_lazy("registration conflict", "visited"), null=True)
    lead = models.ForeignKey(Lead, on_delete=models.SET_NULL, null=True, related_name="+")
    consultant = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    claim = models.CharField(
        pgettext_lazy("registration conflict", "why it is theirs"), max_length=300, blank=True
    )
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    awarded_to = models.ForeignKey(
        ChannelRegistration, on_delete=models.PROTECT, null=True, related_name="awards"
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(pgettext_lazy("registration conflict", "decided"), null=True)
    reason = models.CharField(pgettext_lazy("registration conflict", "reason"), max_length=300, blank=True)

    objects = RegistrationConflictQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["org_unit", "-created_at", "-id"], name="conflict_at_a_place"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(decided_at=None) | ~models.Q(reason=""),
                name="a_decided_conflict_says_why",
            ),
            models.CheckConstraint(
                condition=models.Q(decided_at__isnull=False) | models.Q(awarded_to=None),
                name="a_conflict_is_awarded_when_it_is_decided",
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by=None)
                | models.Q(consultant=None)
                | ~models.Q(decided_by=models.F("consultant")),
                name="no_consultant_decides_about_their_own_customer",
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by=None)
                | models.Q(opened_by=None)
                | ~models.Q(decided_by=models.F("opened_by")),
                name="nobody_decides_a_conflict_they_opened",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project} {self.created_at:%Y-%m-%d}"

    @property
    def is_waiting(self) -> bool:
        return self.decided_at is None


class ConflictSideQuerySet(ScopedQuerySet["ConflictSide"]):
    view_permission = VIEW_BROKER


class ConflictSide(Record):
    """A registration that is one side of a conflict, and how it stood when the conflict was opened."""

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+")
    conflict = models.ForeignKey(RegistrationConflict, on_delete=models.CASCADE, related_name="sides")
    registration = models.ForeignKey(
        ChannelRegistration, on_delete=models.CASCADE, related_name="conflict_sides"
    )
    state_before = models.CharField(max_length=8, choices=ChannelRegistration.State)

    objects = ConflictSideQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["conflict", "registration"], name="a_registration_is_a_side_of_a_conflict_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.conflict_id} {self.registration_id}"
