"""Impact assessments, processors and compliance audits: what must be on record for years; `keeping` says how long."""

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.core.models import Record, next_value
from hearth.core.querysets import RecordQuerySet, ScopedQuerySet
from hearth.organization.models import OrgUnit
from hearth.registers.models.incidents import DataKind
from hearth.registers.permissions import VIEW_REGISTER


class AssessmentQuerySet(ScopedQuerySet["Assessment"]):
    view_permission = VIEW_REGISTER


class Assessment(Record):
    """One version of an impact assessment (PIPL articles 55 and 56).

    An approved version is never changed: what follows is a draft of the next version, which replaces it once approved.
    `author` began the version and `editor` changed it last; neither approves it. `raised_date` is the day of review for
    which the owner was given a task.
    """

    class Trigger(models.TextChoices):
        SENSITIVE = "sensitive", pgettext_lazy("assessment", "sensitive data")
        AUTOMATED = "automated", pgettext_lazy("assessment", "automated decisions")
        ENTRUSTING = "entrusting", pgettext_lazy("assessment", "entrusting a processor")
        GIVING = "giving", pgettext_lazy("assessment", "giving to others")
        PUBLISHING = "publishing", pgettext_lazy("assessment", "publishing")
        ABROAD = "abroad", pgettext_lazy("assessment", "sending abroad")
        EFFECT = "effect", pgettext_lazy("assessment", "another major effect")

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("assessment", "draft")
        SUBMITTED = "submitted", pgettext_lazy("assessment", "waits for approval")
        APPROVED = "approved", pgettext_lazy("assessment", "approved")
        REPLACED = "replaced", pgettext_lazy("assessment", "replaced")

    class Risk(models.TextChoices):
        OPEN = "", pgettext_lazy("assessment", "not rated")
        LOW = "low", pgettext_lazy("assessment", "low")
        MEDIUM = "medium", pgettext_lazy("assessment", "medium")
        HIGH = "high", pgettext_lazy("assessment", "high")

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="assessments")
    number = models.BigIntegerField(
        _("number"), db_default=next_value("registers_assessment_number"), editable=False
    )
    version = models.PositiveIntegerField(_("version"), default=1)
    name = models.CharField(_("name"), max_length=120)
    triggers = ArrayField(
        models.CharField(max_length=10, choices=Trigger), verbose_name=pgettext_lazy("assessment", "triggers")
    )
    answers = models.JSONField(default=dict)
    risk = models.CharField(
        pgettext_lazy("assessment", "risk"), max_length=6, choices=Risk, blank=True, default=""
    )
    measures = models.TextField(pgettext_lazy("assessment", "measures against it"), blank=True)
    review_date = models.DateField(pgettext_lazy("assessment", "next review"), null=True)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.DRAFT)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="owned_assessments"
    )
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    editor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    approved_at = models.DateTimeField(pgettext_lazy("assessment", "approved"), null=True)
    returned_because = models.CharField(max_length=500, blank=True)
    raised_date = models.DateField(null=True)

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["org_unit", "-id"], name="assessment_at_a_place"),
            models.Index(
                fields=["review_date"], name="assessment_by_review", condition=models.Q(state="approved")
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["number", "version"], name="a_version_of_an_assessment_once"),
            models.UniqueConstraint(
                fields=["number"],
                condition=models.Q(state__in=("draft", "submitted")),
                name="one_version_of_an_assessment_is_written_at_a_time",
            ),
            models.CheckConstraint(
                condition=~models.Q(approved_by=models.F("author"))
                & ~models.Q(approved_by=models.F("editor")),
                name="nobody_approves_an_assessment_they_wrote",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=("draft", "submitted"))
                | models.Q(approved_by__isnull=False, approved_at__isnull=False, review_date__isnull=False),
                name="an_approved_assessment_says_by_whom_and_until_when",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.number}.{self.version}"

    @property
    def trigger_labels(self) -> list[str | Promise]:
        return [self.Trigger(each).label for each in self.triggers]


class ProcessorQuerySet(ScopedQuerySet["Processor"]):
    view_permission = VIEW_REGISTER


class Processor(Record):
    """Somebody outside who gets personal data from us: entrusted, jointly deciding, or receiving."""

    class Role(models.TextChoices):
        ENTRUSTED = "entrusted", pgettext_lazy("processor", "entrusted")
        JOINT = "joint", pgettext_lazy("processor", "joint handler")
        RECEIVER = "receiver", pgettext_lazy("processor", "receiver")

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="processors")
    name = models.CharField(pgettext_lazy("processor", "name of the company"), max_length=120)
    role = models.CharField(pgettext_lazy("processor", "role"), max_length=10, choices=Role)
    purpose = models.CharField(pgettext_lazy("processor", "purpose"), max_length=300)
    data_kinds = ArrayField(
        models.CharField(max_length=10, choices=DataKind), verbose_name=_("kinds of data")
    )
    duties = models.TextField(pgettext_lazy("processor", "duties agreed on"))
    contract_begin_date = models.DateField(pgettext_lazy("processor", "contract from"))
    contract_end_date = models.DateField(pgettext_lazy("processor", "contract to"))
    assessment = models.ForeignKey(
        Assessment, on_delete=models.PROTECT, null=True, blank=True, related_name="processors"
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="owned_processors"
    )
    ended_date = models.DateField(pgettext_lazy("processor", "ended"), null=True)
    proof = models.CharField(
        pgettext_lazy("processor", "proof that the data were returned or deleted"), max_length=500, blank=True
    )
    raised_date = models.DateField(null=True)

    objects = ProcessorQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["contract_end_date", "id"], name="processor_by_its_end")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(contract_begin_date__lte=models.F("contract_end_date")),
                name="a_contract_with_a_processor_begins_before_it_ends",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_date__isnull=True, proof="")
                | (models.Q(ended_date__isnull=False) & ~models.Q(proof="")),
                name="an_ended_processor_left_a_proof",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def kind_labels(self) -> list[str | Promise]:
        return [DataKind(kind).label for kind in self.data_kinds]

    def lateness(self, today: date) -> str:
        """Say `over` when the contract has run out and nobody ended it, nothing before."""
        return "over" if self.ended_date is None and self.contract_end_date < today else ""


class ProcessorVisitQuerySet(RecordQuerySet["ProcessorVisit"]):
    pass


class ProcessorVisit(Record):
    """How a processor was supervised: when, by whom, and what was found. Visits are added, never changed."""

    processor = models.ForeignKey(Processor, on_delete=models.PROTECT, related_name="visits")
    visited_date = models.DateField(pgettext_lazy("processor", "visited"))
    finding = models.CharField(pgettext_lazy("processor", "what was found"), max_length=500)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = ProcessorVisitQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.processor_id} {self.visited_date}"


class ComplianceAuditQuerySet(ScopedQuerySet["ComplianceAudit"]):
    view_permission = VIEW_REGISTER


class ComplianceAudit(Record):
    """An audit of how personal data are handled (PIPL article 54) and what it found. Added, never changed."""

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="compliance_audits")
    done_date = models.DateField(pgettext_lazy("compliance audit", "finished"))
    auditor = models.CharField(pgettext_lazy("compliance audit", "who audited"), max_length=120)
    subject = models.CharField(pgettext_lazy("compliance audit", "what was audited"), max_length=200)
    findings = models.TextField(pgettext_lazy("compliance audit", "findings, one a line"), blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = ComplianceAuditQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["-done_date", "-id"], name="compliance_audit_by_day")]

    def __str__(self) -> str:
        return f"{self.subject} {self.done_date}"

    @property
    def finding_lines(self) -> list[str]:
        return [line.strip() for line in self.findings.splitlines() if line.strip()]
