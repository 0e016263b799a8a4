"""Who gets the leads that arrive at a project, and who is away."""

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import pgettext_lazy

from hearth.core.models import Record
from hearth.core.querysets import ScopedQuerySet
from hearth.leads.permissions import ASSIGN_LEAD
from hearth.organization.models import OrgUnit
from hearth.properties.models import Project


class Way(models.TextChoices):
    """How the next consultant is found."""

    ROTATION = "rotation", pgettext_lazy("assignment", "in turn")
    LOAD = "load", pgettext_lazy("assignment", "to who has the fewest open leads")


class AssignmentRuleQuerySet(ScopedQuerySet["AssignmentRule"]):
    view_permission = ASSIGN_LEAD


class AssignmentRule(Record):
    """Among whom the leads of a project are shared out, and how.

    `user_ids` are keys of users, in the order of their turns; `last_user_id` is whose turn it was last.
    """

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+")
    project = models.OneToOneField(Project, on_delete=models.CASCADE, related_name="assignment_rule")
    way = models.CharField(pgettext_lazy("assignment", "leads go"), max_length=8, choices=Way)
    user_ids = ArrayField(models.BigIntegerField())
    last_user_id = models.BigIntegerField(null=True)
    is_active = models.BooleanField(pgettext_lazy("assignment", "in force"), default=True)

    objects = AssignmentRuleQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(user_ids=[]), name="leads_are_shared_out_among_somebody"
            )
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.way}"


class AbsenceQuerySet(ScopedQuerySet["Absence"]):
    view_permission = ASSIGN_LEAD

    def on(self, day: date) -> "AbsenceQuerySet":
        return self.filter(from_date__lte=day, until_date__gte=day)


class Absence(Record):
    """Somebody who sells is away from a place, both days included; the deputy gets the leads of their turns there."""

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    deputy = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    from_date = models.DateField(pgettext_lazy("absence", "from"))
    until_date = models.DateField(pgettext_lazy("absence", "until"))

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(until_date__gte=models.F("from_date")),
                name="an_absence_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=models.Q(deputy=None) | ~models.Q(deputy=models.F("user")),
                name="nobody_is_their_own_deputy",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.from_date:%Y-%m-%d}"
