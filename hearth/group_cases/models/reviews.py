"""What is learned from a group complaint: its review, checks elsewhere, and the cases of the past."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.cases.permissions import VIEW_CASE
from hearth.core.models import Record
from hearth.core.querysets import RecordQuerySet, ScopedQuerySet
from hearth.group_cases.models.groups import GroupCase
from hearth.organization.models import OrgUnit
from hearth.properties.models import Project


class GroupReviewQuerySet(ScopedQuerySet["GroupReview"]):
    view_permission = VIEW_CASE
    place_path = "group_case__org_unit_id"


class GroupReview(Record):
    """What happened, why, and what is to be done otherwise; due some working days after the closing."""

    group_case = models.OneToOneField(GroupCase, on_delete=models.CASCADE, related_name="review")
    due_date = models.DateField(_("due"))
    course = models.TextField(_("what happened"), max_length=8000, blank=True)
    reasons = models.TextField(_("why it came to this"), max_length=8000, blank=True)
    lessons = models.TextField(_("what we do otherwise from now on"), max_length=8000, blank=True)
    prevention = models.TextField(_("what other projects are to check"), max_length=1000, blank=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    finished_at = models.DateTimeField(pgettext_lazy("review", "finished"), null=True, blank=True)
    finished_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    told_at = models.DateTimeField(null=True)

    objects = GroupReviewQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["due_date"],
                name="group_review_overdue_untold",
                condition=models.Q(finished_at__isnull=True, told_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group_case_id} {self.due_date}"


class Reach(models.TextChoices):
    """How far the lesson of a group complaint goes."""

    COMPANY = "city_company", pgettext_lazy("preventive check", "the other projects of the city company")
    REGION = "region", pgettext_lazy("preventive check", "the other projects of the region")
    GROUP = "group", pgettext_lazy("preventive check", "the other projects of the group")


class PreventiveCheckQuerySet(ScopedQuerySet["PreventiveCheck"]):
    view_permission = VIEW_CASE

    def waiting(self) -> "PreventiveCheckQuerySet":
        return self.filter(done_at=None)


class PreventiveCheck(Record):
    """A question to a sister project: is it so with you as well? Its words stand by themselves.

    It belongs to the place of that project, where nobody needs to see the group complaint that it came from.
    """

    group_case = models.ForeignKey(GroupCase, on_delete=models.PROTECT, related_name="checks")
    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="preventive_checks")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="preventive_checks")
    what = models.TextField(_("what to check"), max_length=1000)
    due_date = models.DateField(_("due"))
    done_at = models.DateTimeField(pgettext_lazy("preventive check", "done"), null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    is_found = models.BooleanField(_("it is so here as well"), null=True)
    finding = models.TextField(_("what was found"), max_length=2000, blank=True)

    objects = PreventiveCheckQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["group_case", "project"], name="a_project_checks_once_for_each_group_case"
            ),
            models.CheckConstraint(
                condition=models.Q(done_at__isnull=True, is_found__isnull=True)
                | models.Q(done_at__isnull=False, is_found__isnull=False),
                name="a_check_that_is_done_says_what_was_found",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project_id} {self.due_date}"


class LibraryEntryQuerySet(RecordQuerySet["LibraryEntry"]):
    pass


class LibraryEntry(models.Model):
    """A group complaint of the past, for everybody to learn from. What is not known of it is left empty."""

    class Category(models.TextChoices):
        UNKNOWN = "unknown", pgettext_lazy("historical case", "not recorded")
        SEVERAL = "several", pgettext_lazy("historical case", "several matters")
        LEGACY = "legacy", pgettext_lazy("historical case", "legacy issue")
        OUTSIDE = "outside", pgettext_lazy("historical case", "adverse factor outside the site")
        CONSTRUCTION = "construction", pgettext_lazy("historical case", "construction quality")

    code = models.SlugField(max_length=40, unique=True)
    year = models.PositiveSmallIntegerField(_("year"))
    category = models.CharField(_("category"), max_length=12, choices=Category)
    name_zh = models.CharField(_("Chinese name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=120)
    company_zh = models.CharField(max_length=40, blank=True)
    company_en = models.CharField(max_length=60, blank=True)
    project_zh = models.CharField(max_length=40, blank=True)
    project_en = models.CharField(max_length=60, blank=True)
    scale = models.PositiveIntegerField(_("households"), null=True, blank=True)
    story_zh = models.TextField(blank=True)
    story_en = models.TextField(blank=True)
    source_zh = models.CharField(max_length=200, blank=True)
    source_en = models.CharField(max_length=200, blank=True)

    objects = LibraryEntryQuerySet.as_manager()

    def __str__(self) -> str:
        return self.code
