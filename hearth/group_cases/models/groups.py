"""Group complaints, the households in them, and the cases by which they came."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.cases.models import Case, Cause
from hearth.cases.permissions import VIEW_CASE
from hearth.core.fields import TokensField
from hearth.core.models import Record, next_value
from hearth.core.querysets import ScopedQuerySet
from hearth.customers.models import Customer
from hearth.organization.models import OrgUnit
from hearth.properties.models import Project, Unit


class GroupCaseQuerySet(ScopedQuerySet["GroupCase"]):
    view_permission = VIEW_CASE

    def open(self) -> "GroupCaseQuerySet":
        return self.filter(closed_at=None)


class GroupCase(Record):
    """One complaint of many households of a project.

    `households` and `level` are kept by the services, which judge them anew whenever somebody joins or leaves, and
    whenever a sign is noted. An empty level: fewer households than make a group complaint, and no sign.
    """

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("group complaint", "open")
        CLOSED = "closed", pgettext_lazy("group complaint", "closed")

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="group_cases")
    number = models.BigIntegerField(
        _("number"), unique=True, db_default=next_value("group_cases_number"), editable=False
    )
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="group_cases")
    kind = models.CharField(_("kind"), max_length=10, choices=Case.Kind, default=Case.Kind.COMPLAINT)
    topic = models.CharField(_("topic"), max_length=60, blank=True)
    cause = models.ForeignKey(
        Cause, on_delete=models.PROTECT, null=True, blank=True, related_name="group_cases"
    )
    title = models.CharField(_("title"), max_length=200)
    demand = models.TextField(_("what they ask for"), max_length=4000, blank=True)
    facts = models.TextField(_("what is known"), max_length=8000, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    level = models.CharField(_("level"), max_length=10, choices=Case.GroupLevel, blank=True)
    households = models.PositiveIntegerField(_("households"), default=0)
    opened_at = models.DateTimeField(_("opened"))
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    outcome = models.TextField(_("how it ended"), max_length=4000, blank=True)
    text_tokens = TokensField()

    objects = GroupCaseQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["-opened_at", "-id"], name="group_case_by_time"),
            GinIndex(fields=["text_tokens"], name="group_case_by_text"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state="closed", closed_at__gte=models.F("opened_at"))
                | models.Q(state="open", closed_at__isnull=True),
                name="a_closed_group_case_says_when",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class GroupHouseholdQuerySet(ScopedQuerySet["GroupHousehold"]):
    view_permission = VIEW_CASE
    place_path = "group_case__org_unit_id"

    def present(self) -> "GroupHouseholdQuerySet":
        """Keep those that have not left."""
        return self.filter(left_at=None)


class GroupHousehold(Record):
    """A household in a group complaint: by whom and for which home it speaks, since when, and by which case it came.

    One household is in it once, however many of its members complain and however many homes it has: `household_key`
    is the household's id, or the customer's where no household is known.
    """

    group_case = models.ForeignKey(GroupCase, on_delete=models.CASCADE, related_name="members")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="group_households")
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="group_households"
    )
    household_key = models.UUIDField()
    case = models.ForeignKey(
        Case, on_delete=models.SET_NULL, null=True, blank=True, related_name="group_households"
    )
    is_representative = models.BooleanField(_("speaks for the others"), default=False)
    joined_at = models.DateTimeField(_("joined"))
    left_at = models.DateTimeField(pgettext_lazy("group complaint", "left"), null=True, blank=True)
    left_because = models.CharField(_("why it left"), max_length=200, blank=True)

    objects = GroupHouseholdQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["group_case", "household_key"],
                condition=models.Q(left_at__isnull=True),
                name="a_household_is_in_a_group_case_once",
            ),
            models.UniqueConstraint(
                fields=["group_case", "unit"],
                condition=models.Q(left_at__isnull=True, unit__isnull=False),
                name="a_home_is_in_a_group_case_once",
            ),
            models.CheckConstraint(
                condition=models.Q(left_at__isnull=True) | models.Q(left_at__gte=models.F("joined_at")),
                name="a_household_leaves_after_it_joins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group_case_id} {self.household_key}"

    def named(self, *, sees_customer: bool) -> str:
        """Name the household by its customer, by the number alone where the reader may not see customers."""
        name = self.customer.name if sees_customer else f"#{self.customer.number}"
        return f"{name} · {self.unit.building.name} {self.unit.number}" if self.unit else name


class GroupChildQuerySet(ScopedQuerySet["GroupChild"]):
    view_permission = VIEW_CASE
    place_path = "group_case__org_unit_id"

    def present(self) -> "GroupChildQuerySet":
        return self.filter(removed_at=None)


class GroupChild(Record):
    """An ordinary case that is part of a group complaint; it is answered, settled and closed by itself.

    A case whose customer nobody knows belongs to no household, and counts for none.
    """

    group_case = models.ForeignKey(GroupCase, on_delete=models.CASCADE, related_name="children")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="group_children")
    household = models.ForeignKey(
        GroupHousehold, on_delete=models.SET_NULL, null=True, blank=True, related_name="children"
    )
    added_at = models.DateTimeField(_("added"))
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    removed_at = models.DateTimeField(_("taken out"), null=True, blank=True)

    objects = GroupChildQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case"],
                condition=models.Q(removed_at__isnull=True),
                name="a_case_is_in_one_group_case_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group_case_id} {self.case_id}"
