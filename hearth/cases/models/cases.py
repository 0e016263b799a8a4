"""Enquiries, repairs, complaints and suggestions of customers, with the answers."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.cases.permissions import VIEW_CASE
from hearth.channels.models import Channel
from hearth.core.fields import TokensField
from hearth.core.models import Record, next_value
from hearth.core.querysets import ScopedQuerySet
from hearth.customers.models import Customer
from hearth.organization.models import OrgUnit
from hearth.properties.models import Project, Unit


class CaseQuerySet(ScopedQuerySet["Case"]):
    view_permission = VIEW_CASE

    def open(self) -> "CaseQuerySet":
        return self.exclude(state=Case.State.CLOSED)


class Case(Record):
    """One matter a customer raised, from intake to closing."""

    class Kind(models.TextChoices):
        ENQUIRY = "enquiry", _("enquiry")
        REPAIR = "repair", _("repair")
        COMPLAINT = "complaint", _("complaint")
        SUGGESTION = "suggestion", _("suggestion")
        PRAISE = "praise", _("praise")

    class Grade(models.TextChoices):
        ORDINARY = "ordinary", _("ordinary")
        IMPORTANT = "important", _("important")
        HOT = "hot", _("hot")
        MAJOR = "major", _("major")

    class State(models.TextChoices):
        OPEN = "open", _("open")
        ANSWERED = "answered", _("answered")
        CLOSED = "closed", _("closed")

    class GroupLevel(models.TextChoices):
        ORDINARY = "ordinary", pgettext_lazy("group complaint", "ordinary group complaint")
        MAJOR = "major", pgettext_lazy("group complaint", "major group complaint")
        CRISIS = "crisis", pgettext_lazy("group complaint", "crisis")

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="cases")
    number = models.BigIntegerField(
        _("number"), unique=True, db_default=next_value("cases_number"), editable=False
    )
    external_key = models.CharField(_("external key"), max_length=60, blank=True)
    customer = models.ForeignKey(
        Customer, on_delete=models.PROTECT, null=True, blank=True, related_name="cases"
    )
    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, null=True, blank=True, related_name="cases"
    )
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="cases")
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    grade = models.CharField(_("grade"), max_length=10, choices=Grade, default=Grade.ORDINARY)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    channel = models.CharField(_("channel"), max_length=8, choices=Channel)
    topic = models.CharField(_("topic"), max_length=60, blank=True)
    category = models.ForeignKey(
        "cases.Cause",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="cases",
        verbose_name=pgettext_lazy("case", "category"),
    )
    title = models.CharField(_("title"), max_length=200)
    body = models.TextField(_("what happened"))
    reply = models.TextField(_("answer"), blank=True)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="cases"
    )
    opened_at = models.DateTimeField(_("opened"))
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    dispatched_at = models.DateTimeField(_("dispatched"), null=True, blank=True)
    visited_at = models.DateTimeField(pgettext_lazy("case", "visited"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    called_back_at = models.DateTimeField(_("called back"), null=True, blank=True)
    is_satisfied = models.BooleanField(_("satisfied at the call-back"), null=True)
    households = models.PositiveIntegerField(_("households concerned"), null=True, blank=True)
    group_level = models.CharField(_("group complaint"), max_length=10, choices=GroupLevel, blank=True)
    text_tokens = TokensField()
    custom = models.JSONField(default=dict, blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["-opened_at", "-id"], name="case_by_time"),
            models.Index(fields=["org_unit", "state", "-opened_at"], name="case_by_state_at_a_place"),
            models.Index(fields=["org_unit", "id"], name="case_of_a_place"),
            GinIndex(fields=["text_tokens"], name="case_by_text"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["org_unit", "external_key"],
                condition=~models.Q(external_key=""),
                name="one_case_for_each_external_key",
            ),
            models.CheckConstraint(
                condition=models.Q(answered_at__isnull=True)
                | models.Q(answered_at__gte=models.F("opened_at")),
                name="a_case_is_answered_after_it_opens",
            ),
            models.CheckConstraint(
                condition=(models.Q(state="closed") & models.Q(closed_at__isnull=False))
                | (~models.Q(state="closed") & models.Q(closed_at__isnull=True)),
                name="a_closed_case_says_when",
            ),
            models.CheckConstraint(
                condition=models.Q(called_back_at__isnull=True, is_satisfied__isnull=True)
                | models.Q(called_back_at__gte=models.F("closed_at"), is_satisfied__isnull=False),
                name="a_call_back_follows_the_closing_and_says_how_it_went",
            ),
        ]

    def __str__(self) -> str:
        return self.title
