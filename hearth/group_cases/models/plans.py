"""The plan for a group complaint, its team, the script all keep to, and what the public is told."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.cases.models import Case
from hearth.cases.permissions import VIEW_CASE
from hearth.core.models import Record
from hearth.core.querysets import RecordQuerySet, ScopedQuerySet
from hearth.group_cases.models.groups import GroupCase


class TeamRole(models.TextChoices):
    """What somebody does in the team of a group complaint."""

    LEADER = "leader", pgettext_lazy("team of a group complaint", "leader")
    SPOKESPERSON = "spokesperson", pgettext_lazy("team of a group complaint", "spokesperson")
    NEGOTIATOR = "negotiator", pgettext_lazy("team of a group complaint", "negotiator")
    LAWYER = "lawyer", pgettext_lazy("team of a group complaint", "lawyer")
    ENGINEER = "engineer", pgettext_lazy("team of a group complaint", "engineer")
    CONTACT = "contact", pgettext_lazy("team of a group complaint", "contact of the customers")
    ON_SITE = "on_site", pgettext_lazy("team of a group complaint", "on site")


class PlanStepQuerySet(RecordQuerySet["PlanStep"]):
    def in_use(self) -> "PlanStepQuerySet":
        return self.filter(is_active=True)


class PlanStep(models.Model):
    """A step of the plan that ships: who does what, from which level on, and in how many hours. Data of the group."""

    code = models.SlugField(max_length=40, unique=True)
    name_zh = models.CharField(_("Chinese name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=120)
    role = models.CharField(_("who does it"), max_length=12, choices=TeamRole)
    hours = models.PositiveSmallIntegerField(_("in how many hours"))
    level = models.CharField(_("from which level on"), max_length=10, choices=Case.GroupLevel)
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    is_active = models.BooleanField(pgettext_lazy("step of a plan", "in use"), default=True)

    objects = PlanStepQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(hours__gt=0), name="a_step_of_the_plan_takes_time"),
        ]

    def __str__(self) -> str:
        return self.code


class GroupStepQuerySet(ScopedQuerySet["GroupStep"]):
    view_permission = VIEW_CASE
    place_path = "group_case__org_unit_id"

    def waiting(self) -> "GroupStepQuerySet":
        return self.filter(done_at=None)


class GroupStep(Record):
    """A step of the plan of one group complaint; `told_at` is when somebody heard that it is overdue."""

    group_case = models.ForeignKey(GroupCase, on_delete=models.CASCADE, related_name="steps")
    plan_step = models.ForeignKey(PlanStep, on_delete=models.PROTECT, related_name="+")
    due_at = models.DateTimeField(_("due"))
    done_at = models.DateTimeField(pgettext_lazy("step of a plan", "done"), null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    note = models.CharField(_("note"), max_length=300, blank=True)
    told_at = models.DateTimeField(null=True)

    objects = GroupStepQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"],
                name="group_step_overdue_untold",
                condition=models.Q(done_at__isnull=True, told_at__isnull=True),
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["group_case", "plan_step"], name="a_step_is_in_the_plan_of_a_group_case_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group_case_id} {self.plan_step_id}"


class TeamMemberQuerySet(ScopedQuerySet["TeamMember"]):
    view_permission = VIEW_CASE
    place_path = "group_case__org_unit_id"

    def present(self) -> "TeamMemberQuerySet":
        return self.filter(left_at=None)


class TeamMember(Record):
    """A colleague in the team of a group complaint, by what they do in it."""

    group_case = models.ForeignKey(GroupCase, on_delete=models.CASCADE, related_name="team")
    role = models.CharField(_("what they do"), max_length=12, choices=TeamRole)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    joined_at = models.DateTimeField(_("joined"))
    left_at = models.DateTimeField(pgettext_lazy("group complaint", "left"), null=True, blank=True)

    objects = TeamMemberQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["group_case", "role", "user"],
                condition=models.Q(left_at__isnull=True),
                name="a_colleague_has_a_role_in_a_team_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group_case_id} {self.role}"


class StatementQuerySet(ScopedQuerySet["Statement"]):
    view_permission = VIEW_CASE
    place_path = "group_case__org_unit_id"

    def approved(self) -> "StatementQuerySet":
        return self.exclude(approved_at=None)


class Statement(Record):
    """A version of what is said: the script that all keep to, or the reply to the public.

    A version is never changed; who wants other words writes the next. Somebody else approves it, and a reply is
    published when it is approved.
    """

    class Kind(models.TextChoices):
        SCRIPT = "script", pgettext_lazy("group complaint", "single script")
        REPLY = "reply", pgettext_lazy("group complaint", "public reply")

    group_case = models.ForeignKey(GroupCase, on_delete=models.CASCADE, related_name="statements")
    kind = models.CharField(_("kind"), max_length=6, choices=Kind)
    version = models.PositiveSmallIntegerField(_("version"))
    text = models.TextField(_("words"), max_length=8000)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    published_where = models.CharField(_("where it was published"), max_length=200, blank=True)

    objects = StatementQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["group_case", "kind", "version"], name="one_statement_for_each_version"
            ),
            models.CheckConstraint(
                condition=models.Q(approved_at__isnull=True)
                | models.Q(approved_by__isnull=True)
                | ~models.Q(approved_by=models.F("written_by")),
                name="nobody_approves_their_own_statement",
            ),
            models.CheckConstraint(
                condition=models.Q(published_at__isnull=True)
                | models.Q(kind="reply", published_at__gte=models.F("approved_at")),
                name="only_an_approved_reply_is_published",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group_case_id} {self.kind} {self.version}"
