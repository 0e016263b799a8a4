"""The way of a lead to a purchase: what each stage asks for, and why leads are lost."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import pgettext_lazy

from hearth.core.querysets import RecordQuerySet


class Stage(models.TextChoices):
    """How far a customer has come; the words of a developer's funnel 线索阶段."""

    ENQUIRY = "enquiry", pgettext_lazy("stage", "enquiry")
    VISIT = "visit", pgettext_lazy("stage", "visit")
    INTENTION = "intention", pgettext_lazy("stage", "intention")
    RESERVATION = "reservation", pgettext_lazy("stage", "reservation")
    CONTRACT = "contract", pgettext_lazy("stage", "contract")
    LOST = "lost", pgettext_lazy("stage", "lost")


WAY = (Stage.ENQUIRY, Stage.VISIT, Stage.INTENTION, Stage.RESERVATION, Stage.CONTRACT)


class Proof(models.TextChoices):
    """What a stage may ask for. Each is looked up where it is kept, and ticked by nobody."""

    VISIT = "visit", pgettext_lazy("proof", "a visit on record")
    GRADE = "grade", pgettext_lazy("proof", "a grade")
    NEEDS = "needs", pgettext_lazy("proof", "the customer's needs")
    NEXT_STEP = "next_step", pgettext_lazy("proof", "a next step that is not overdue")
    RESERVATION = "reservation", pgettext_lazy("proof", "a reserved home of the project")
    CONTRACT = "contract", pgettext_lazy("proof", "a signed contract of the project")


class StageRuleQuerySet(RecordQuerySet["StageRule"]):
    pass


class StageRule(models.Model):
    """What must be on record before a lead enters a stage. Data of the group."""

    stage = models.CharField(pgettext_lazy("lead", "stage"), max_length=11, choices=Stage, unique=True)
    proofs = ArrayField(models.CharField(max_length=11, choices=Proof), default=list, blank=True)

    objects = StageRuleQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(stage__in=("enquiry", "lost")),
                name="nothing_is_asked_for_before_an_enquiry_or_a_loss",
            )
        ]

    def __str__(self) -> str:
        return self.stage


class LossReasonQuerySet(RecordQuerySet["LossReason"]):
    def in_use(self) -> "LossReasonQuerySet":
        """Keep what may be chosen: neither put aside, nor in a group that is."""
        return self.filter(models.Q(parent=None) | models.Q(parent__is_active=True), is_active=True)

    def in_order(self) -> "LossReasonQuerySet":
        """Order by group, each followed by what is in it."""
        of_group = Coalesce("parent__position", "position")
        return self.order_by(of_group, models.F("parent").asc(nulls_first=True), "position", "id")


class LossReason(models.Model):
    """Why customers do not buy: groups, and reasons in them. What is put aside stays with the leads that have it.

    After `win_back_days` somebody asks the customer again; without them nobody ever does.
    """

    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="reasons"
    )
    code = models.SlugField(max_length=40, unique=True)
    name_zh = models.CharField(pgettext_lazy("loss", "Chinese name"), max_length=40)
    name_en = models.CharField(pgettext_lazy("loss", "English name"), max_length=60)
    win_back_days = models.PositiveSmallIntegerField(
        pgettext_lazy("loss", "days until the customer is asked again"), null=True, blank=True
    )
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(pgettext_lazy("loss", "in use"), default=True)

    objects = LossReasonQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(win_back_days=None) | models.Q(win_back_days__gte=1),
                name="a_lost_customer_is_not_asked_again_at_once",
            )
        ]

    def __str__(self) -> str:
        return self.code
