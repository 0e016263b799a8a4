"""The signs of a group complaint, how its level went, and who above was told of it."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.cases.models import Case, Level
from hearth.cases.permissions import VIEW_CASE
from hearth.core.models import Record
from hearth.core.querysets import ScopedQuerySet
from hearth.group_cases.models.groups import GroupCase
from hearth.organization.models import OrgUnit

BELOW = pgettext_lazy("group complaint", "no group complaint yet")


class Sign(models.TextChoices):
    """What makes a group complaint graver than the number of its households."""

    SIT_IN = "sit_in", pgettext_lazy("group complaint", "sit-in")
    BANNERS = "banners", pgettext_lazy("group complaint", "banners")
    PETITION = "petition", pgettext_lazy("group complaint", "petition to an authority")
    MEDIA = "media", pgettext_lazy("group complaint", "media report on it")
    ONLINE = "online", pgettext_lazy("group complaint", "it spreads online")
    LAWSUIT = "lawsuit", pgettext_lazy("group complaint", "joint lawsuit")


class GroupSignQuerySet(ScopedQuerySet["GroupSign"]):
    view_permission = VIEW_CASE
    place_path = "group_case__org_unit_id"


class GroupSign(Record):
    """Something that was seen; signs are added, never changed."""

    group_case = models.ForeignKey(GroupCase, on_delete=models.CASCADE, related_name="signs")
    what = models.CharField(_("what was seen"), max_length=10, choices=Sign)
    note = models.CharField(_("note"), max_length=200, blank=True)
    seen_at = models.DateTimeField(_("seen"))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    objects = GroupSignQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.group_case_id} {self.what}"


class LevelChangeQuerySet(ScopedQuerySet["LevelChange"]):
    view_permission = VIEW_CASE
    place_path = "group_case__org_unit_id"


class LevelChange(Record):
    """One step in the history of a level; `because` is a sign, or empty for the number of households."""

    group_case = models.ForeignKey(GroupCase, on_delete=models.CASCADE, related_name="level_changes")
    from_level = models.CharField(max_length=10, choices=Case.GroupLevel, blank=True)
    to_level = models.CharField(max_length=10, choices=Case.GroupLevel, blank=True)
    households = models.PositiveIntegerField(_("households"))
    because = models.CharField(max_length=10, choices=Sign, blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    objects = LevelChangeQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.group_case_id} {self.to_level}"

    @property
    def label(self) -> str:
        return str(self.get_to_level_display() if self.to_level else BELOW)


class GroupTellingQuerySet(ScopedQuerySet["GroupTelling"]):
    view_permission = VIEW_CASE
    place_path = "group_case__org_unit_id"

    def waiting(self) -> "GroupTellingQuerySet":
        return self.filter(told_at=None)


class GroupTelling(Record):
    """A level of the tree is to be told of a group complaint: from when, by when, and the proof of whom and when."""

    group_case = models.ForeignKey(GroupCase, on_delete=models.CASCADE, related_name="tellings")
    level = models.CharField(_("level"), max_length=12, choices=Level)
    of = models.CharField(_("because of"), max_length=10, choices=Case.GroupLevel)
    tell_at = models.DateTimeField(_("from"))
    due_at = models.DateTimeField(_("to be told by"))
    told_at = models.DateTimeField(_("told"), null=True)
    told_ids = ArrayField(models.BigIntegerField(), default=list)
    place = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, null=True, related_name="+")

    objects = GroupTellingQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["tell_at"],
                name="group_telling_waiting",
                condition=models.Q(told_at__isnull=True),
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["group_case", "level", "of"], name="no_level_is_told_twice_of_one_group_level"
            ),
            models.CheckConstraint(
                condition=models.Q(told_at__isnull=True)
                | (models.Q(place__isnull=False) & ~models.Q(told_ids=[])),
                name="who_was_told_of_a_group_case_is_named",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group_case_id} {self.level} {self.of}"
