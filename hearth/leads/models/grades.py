"""Grades of leads as data: three schemes ship, of which two use the letter A for opposite things."""

from typing import ClassVar

from django.db import models
from django.utils.translation import pgettext_lazy

from hearth.core.querysets import RecordQuerySet


class Scheme(models.TextChoices):
    """What a letter stands for."""

    INTENTION = "intention", pgettext_lazy("grades", "by intention")
    TRANSACTION = "transaction", pgettext_lazy("grades", "by state of the purchase")
    FOLLOW_UP = "follow_up", pgettext_lazy("grades", "by days of follow-up")


class GradeQuerySet(RecordQuerySet["Grade"]):
    def in_use(self) -> "GradeQuerySet":
        return self.filter(is_active=True)


class Grade(models.Model):
    """One letter of one scheme: what it means, and how soon to follow up.

    `chance` is the share, in percent, of leads of this grade that take the next step of the purchase, where the
    scheme says so.
    """

    scheme = models.CharField(pgettext_lazy("grades", "scheme"), max_length=12, choices=Scheme)
    letter = models.CharField(pgettext_lazy("grades", "grade"), max_length=2)
    name_zh = models.CharField(pgettext_lazy("grades", "Chinese meaning"), max_length=80)
    name_en = models.CharField(pgettext_lazy("grades", "English meaning"), max_length=120)
    chance = models.PositiveSmallIntegerField(pgettext_lazy("grades", "chance, %"), null=True, blank=True)
    follow_up_days = models.PositiveSmallIntegerField(
        pgettext_lazy("grades", "days until the next contact"), null=True, blank=True
    )
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(pgettext_lazy("grades", "in use"), default=True)

    objects = GradeQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["scheme", "letter"], name="one_grade_for_each_letter_of_a_scheme"
            ),
            models.CheckConstraint(
                condition=models.Q(chance__isnull=True) | models.Q(chance__lte=100),
                name="a_chance_is_no_more_than_certain",
            ),
        ]

    def __str__(self) -> str:
        return self.letter
