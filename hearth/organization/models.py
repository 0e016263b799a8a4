"""The tree group → region → city company → project team, who works where, and what is set at each place."""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.core.querysets import RecordQuerySet, ScopedQuerySet
from hearth.organization.permissions import VIEW_ORGANIZATION


class OrgUnitQuerySet(ScopedQuerySet["OrgUnit"]):
    view_permission = VIEW_ORGANIZATION
    place_path = "id"

    def below(self, unit: "OrgUnit") -> "OrgUnitQuerySet":
        """Keep the unit and everything under it."""
        return self.filter(path__startswith=unit.path)

    def above(self, unit: "OrgUnit") -> "OrgUnitQuerySet":
        """Keep the unit and its ancestors, the root first."""
        return self.filter(path__in=unit.ancestor_paths()).order_by("depth")

    def for_records(self) -> "OrgUnitQuerySet":
        """Keep the places in use that records belong to, which departments are not, in the order of the tree."""
        return self.filter(is_active=True).exclude(kind=OrgUnit.Kind.DEPARTMENT).in_tree_order()

    def in_tree_order(self) -> "OrgUnitQuerySet":
        return self.order_by("path", "id")


KIND_ICONS = {
    "group": "building-skyscraper",
    "region": "map-2",
    "city_company": "building-community",
    "project_team": "crane",
    "department": "users-group",
}


class OrgUnit(models.Model):
    """A place in the organisation. `path` lists the ids from the root, for example `1/4/17/`."""

    class Kind(models.TextChoices):
        GROUP = "group", pgettext_lazy("organisation", "group")
        REGION = "region", _("region")
        CITY_COMPANY = "city_company", _("city company")
        PROJECT_TEAM = "project_team", _("project team")
        DEPARTMENT = "department", _("department")

    class Function(models.TextChoices):
        CUSTOMER_RELATIONS_CENTER = "customer_relations_center", _("customer relations centre")
        PROPERTY_SERVICE = "property_service", _("property service")
        PROJECT_DEVELOPMENT = "project_development", _("project development")
        SALES_OPERATIONS = "sales_operations", _("operations and sales")
        PLANNING_DESIGN = "planning_design", _("planning and design")
        PROJECT_MANAGEMENT = "project_management", _("project management")
        ENGINEERING = "engineering", _("engineering management")
        COST = "cost", _("cost management")
        LEGAL = "legal", _("legal affairs")

    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="children")
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    function = models.CharField(_("function"), max_length=40, choices=Function, blank=True)
    name = models.CharField(_("name"), max_length=100)
    code = models.CharField(_("code"), max_length=40, unique=True)
    path = models.CharField(max_length=200, unique=True, db_collation="C")
    depth = models.PositiveSmallIntegerField()
    is_active = models.BooleanField(_("active"), default=True)
    is_sample = models.BooleanField(default=False)
    created_at = models.DateTimeField(_("created"), db_default=Now())

    objects = OrgUnitQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(kind="group", parent__isnull=True)
                | (~models.Q(kind="group") & models.Q(parent__isnull=False)),
                name="only_the_group_has_no_parent",
            ),
            models.CheckConstraint(
                condition=models.Q(function="") | models.Q(kind="department"),
                name="only_a_department_has_a_function",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def icon(self) -> str:
        """The icon that stands for the kind."""
        return KIND_ICONS[self.kind]

    def ancestor_paths(self) -> list[str]:
        """Return the paths from the root to this unit."""
        parts = self.path.rstrip("/").split("/")
        return ["/".join(parts[: end + 1]) + "/" for end in range(len(parts))]


class RoleQuerySet(RecordQuerySet["Role"]):
    pass


class Role(models.Model):
    """A named set of rights; the group may change what ships.

    `level` is the lowest kind of place where it may be held: strategy at the group, rules at the region, and
    empty for work that is done anywhere. `shipped` keeps what the last migration brought, so that a right the
    group took away stays away. `field_rules` mask or hide fields for the role, each as
    `{"field", "place", "access"}`; the rule of the nearest place counts. Who holds a role that
    `needs_second_step` reaches nothing without one once the days of grace are over.
    """

    class Level(models.TextChoices):
        GROUP = "group", _("strategy, at the group")
        REGION = "region", _("rules, at the region")
        ANYWHERE = "", _("execution, anywhere")

    code = models.CharField(_("code"), max_length=40, unique=True)
    name_zh = models.CharField(_("Chinese name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=60)
    level = models.CharField(_("level"), max_length=20, choices=Level, blank=True)
    permissions = ArrayField(models.CharField(max_length=60), default=list)
    shipped = ArrayField(models.CharField(max_length=60), default=list)
    field_rules = models.JSONField(default=list, blank=True)
    needs_second_step = models.BooleanField(_("signs in with a second step"), default=False)

    objects = RoleQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name_en


class MembershipQuerySet(RecordQuerySet["Membership"]):
    def current(self, day: Any) -> "MembershipQuerySet":
        """Keep the memberships in force on a day."""
        return self.filter(valid_from__lte=day).filter(
            models.Q(valid_to__isnull=True) | models.Q(valid_to__gt=day)
        )


class Membership(models.Model):
    """A person holds a role at a place, and everywhere below it, for a time."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    org_unit = models.ForeignKey(OrgUnit, on_delete=models.CASCADE, related_name="memberships")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="memberships")
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("until"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "org_unit", "role"], name="one_membership_for_each_role_at_a_place"
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gt=models.F("valid_from")),
                name="a_membership_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role_id} {self.org_unit_id}"


class SettingQuerySet(RecordQuerySet["Setting"]):
    pass


class Setting(models.Model):
    """The value of a setting at a place; places below inherit it, and may not change it when it is locked."""

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.CASCADE, related_name="settings")
    key = models.CharField(max_length=80)
    value = models.JSONField()
    is_locked = models.BooleanField(_("locked below"), default=False)
    updated_at = models.DateTimeField(_("changed"))

    objects = SettingQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["org_unit", "key"], name="one_value_for_each_setting_at_a_place"),
        ]

    def __str__(self) -> str:
        return f"{self.key} @ {self.org_unit_id}"


class CalendarDayQuerySet(RecordQuerySet["CalendarDay"]):
    pass


class CalendarDay(models.Model):
    """A day that differs from the national calendar at a place: a company holiday or an extra working day."""

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.CASCADE, related_name="calendar_days")
    day_date = models.DateField(_("day"))
    is_working = models.BooleanField(_("working day"))
    reason = models.CharField(_("reason"), max_length=100, blank=True)

    objects = CalendarDayQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["org_unit", "day_date"], name="one_exception_for_each_day_at_a_place"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day_date} {self.org_unit_id}"


class FirstStepQuerySet(RecordQuerySet["FirstStep"]):
    def open(self) -> "FirstStepQuerySet":
        return self.filter(state=FirstStep.State.OPEN)


class FirstStep(models.Model):
    """A step on the way from an empty installation to work; there are none where the first run is long over."""

    class Code(models.TextChoices):
        COMPANY = "company", _("Company and language")
        PLACES = "places", _("Places")
        RECORDS = "records", _("Customers")
        PEOPLE = "people", _("Colleagues")

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("step", "open")
        DONE = "done", pgettext_lazy("step", "done")
        SKIPPED = "skipped", pgettext_lazy("step", "skipped")

    code = models.CharField(max_length=12, choices=Code, unique=True)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="first_steps"
    )

    objects = FirstStepQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state="open", settled_at__isnull=True)
                | (~models.Q(state="open") & models.Q(settled_at__isnull=False)),
                name="a_settled_step_says_when",
            ),
        ]

    def __str__(self) -> str:
        return self.code
