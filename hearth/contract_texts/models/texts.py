"""The text of a contract in versions, clause by clause."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.contract_texts.models.templates import ContractTemplate, TemplateClause, TextKind
from hearth.contract_texts.permissions import VIEW_TEXT
from hearth.core.models import Record, StoredFile
from hearth.core.querysets import ScopedQuerySet
from hearth.organization.models import OrgUnit
from hearth.sales.models import Contract

OPEN = ("draft", "submitted", "approved", "given")
CURRENT = ("given", "signed")


class ContractTextQuerySet(ScopedQuerySet["ContractText"]):
    view_permission = VIEW_TEXT

    def open(self) -> "ContractTextQuerySet":
        """Keep the version that is worked on or lies before the buyer."""
        return self.filter(state__in=OPEN)


class ContractText(Record):
    """One version of the text of a contract, or of a supplement to it.

    Once it is given to the buyer nothing of it changes: `digest` is the checksum of its words and `check_code` a part
    of it that people can compare; `printed` is kept, so that one version is printed once. What the record said when it
    was drafted stands in `facts_digest`; `instalments` are the rows of the table of payments. `author` drafted it and
    `editor` changed it last; neither approves what departs from the template.
    """

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("text of a contract", "draft")
        SUBMITTED = "submitted", pgettext_lazy("text of a contract", "waits for approval")
        APPROVED = "approved", pgettext_lazy("text of a contract", "departures approved")
        GIVEN = "given", pgettext_lazy("text of a contract", "with the buyer")
        SIGNED = "signed", pgettext_lazy("text of a contract", "signed")
        SUPERSEDED = "superseded", pgettext_lazy("text of a contract", "superseded")

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="contract_texts")
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="texts")
    template = models.ForeignKey(ContractTemplate, on_delete=models.PROTECT, related_name="texts")
    kind = models.CharField(_("kind"), max_length=10, choices=TextKind)
    version = models.PositiveIntegerField(_("version"))
    title = models.CharField(pgettext_lazy("text of a contract", "title"), max_length=120)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    facts_digest = models.CharField(max_length=64)
    instalments = models.JSONField(default=list)
    digest = models.CharField(pgettext_lazy("text of a contract", "checksum"), max_length=64, blank=True)
    check_code = models.CharField(
        pgettext_lazy("text of a contract", "check code"), max_length=14, blank=True
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    editor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    approved_at = models.DateTimeField(pgettext_lazy("text of a contract", "approved"), null=True)
    returned_because = models.CharField(max_length=500, blank=True)
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    given_at = models.DateTimeField(pgettext_lazy("text of a contract", "given to the buyer"), null=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    signed_date = models.DateField(pgettext_lazy("text of a contract", "signed"), null=True)
    superseded_at = models.DateTimeField(pgettext_lazy("text of a contract", "superseded"), null=True)
    printed = models.OneToOneField(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")

    objects = ContractTextQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["org_unit", "-id"], name="contract_text_at_a_place"),
            models.Index(fields=["check_code"], name="contract_text_by_check_code"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["contract", "kind", "version"], name="a_version_of_a_contract_text_once"
            ),
            models.UniqueConstraint(
                fields=["contract", "kind"],
                condition=models.Q(state__in=OPEN),
                name="one_text_of_a_kind_is_open_for_a_contract",
            ),
            models.CheckConstraint(
                condition=models.Q(approved_by=None)
                | (~models.Q(approved_by=models.F("author")) & ~models.Q(approved_by=models.F("editor"))),
                name="nobody_approves_a_contract_text_they_wrote",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=CURRENT)
                | (models.Q(given_at__isnull=False) & ~models.Q(digest="") & ~models.Q(check_code="")),
                name="a_contract_text_that_was_given_has_its_checksum",
            ),
            models.CheckConstraint(
                condition=models.Q(state="signed", signed_date__isnull=False)
                | models.Q(state="superseded")
                | (~models.Q(state__in=("signed", "superseded")) & models.Q(signed_date=None)),
                name="a_signed_contract_text_says_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} V{self.version}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def is_current(self) -> bool:
        """Whether it lies before its buyers, or was signed and no later version was."""
        return self.state in CURRENT

    @property
    def is_frozen(self) -> bool:
        """Whether it was given to the buyer once: nothing of it changes any more."""
        return self.given_at is not None


class TextClauseQuerySet(ScopedQuerySet["TextClause"]):
    view_permission = VIEW_TEXT


class TextClause(Record):
    """A clause of a text as it stands; `standard` are the filled words of its template, empty for an added clause.

    A standard clause that was left out stays as a row. An annex is written by the record of what the buyer was told.
    """

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+")
    text = models.ForeignKey(ContractText, on_delete=models.CASCADE, related_name="clauses")
    origin = models.ForeignKey(TemplateClause, on_delete=models.PROTECT, null=True, related_name="+")
    position = models.PositiveSmallIntegerField(pgettext_lazy("clause", "position"))
    heading = models.CharField(pgettext_lazy("clause", "heading"), max_length=200)
    wording = models.TextField(pgettext_lazy("clause", "wording"), blank=True)
    standard = models.TextField(blank=True)
    is_left_out = models.BooleanField(pgettext_lazy("clause", "left out"), default=False)
    is_annex = models.BooleanField(default=False)
    is_confirmed_singly = models.BooleanField(default=False)
    because = models.CharField(pgettext_lazy("clause", "why it departs"), max_length=300, blank=True)

    objects = TextClauseQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["text", "position"], name="a_contract_text_has_one_clause_at_a_position"
            ),
        ]

    def __str__(self) -> str:
        return self.heading
