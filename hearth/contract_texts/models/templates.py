"""Templates of contracts 合同范本 in versions, their clauses, and wordings that places forbid."""

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.contract_texts.permissions import VIEW_TEXT
from hearth.core.actor import Actor
from hearth.core.models import Record
from hearth.core.querysets import ScopedQuerySet
from hearth.organization.models import OrgUnit
from hearth.properties.models import Project


class TextKind(models.TextChoices):
    """What a text is."""

    CONTRACT = "contract", pgettext_lazy("text of a contract", "contract")
    SUPPLEMENT = "supplement", pgettext_lazy("text of a contract", "supplement")


class Weight(models.TextChoices):
    """How far a text may depart from the clause of its template."""

    MANDATORY = "mandatory", pgettext_lazy("clause", "mandatory: stays word for word")
    STANDARD = "standard", pgettext_lazy("clause", "standard: departs only with approval")
    FREE = "free", pgettext_lazy("clause", "free: written for each contract")


class ContractTemplateQuerySet(ScopedQuerySet["ContractTemplate"]):
    view_permission = VIEW_TEXT

    def in_force(self, day: date) -> "ContractTemplateQuerySet":
        """Keep what was approved and holds from a day that has come."""
        return self.filter(state=ContractTemplate.State.APPROVED, in_force_date__lte=day)


class ContractTemplate(Record):
    """One version of a template: of one project, or of all projects of a place and below it.

    `author` began the version and `editor` changed it last; neither approves it. What was approved is never changed:
    it holds from `in_force_date` until a later version does.
    """

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("template of a contract", "draft")
        SUBMITTED = "submitted", pgettext_lazy("template of a contract", "waits for approval")
        APPROVED = "approved", pgettext_lazy("template of a contract", "approved")

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="contract_templates")
    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, null=True, blank=True, related_name="contract_templates"
    )
    kind = models.CharField(_("kind"), max_length=10, choices=TextKind)
    version = models.PositiveIntegerField(_("version"))
    title = models.CharField(pgettext_lazy("template of a contract", "title"), max_length=120)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.DRAFT)
    in_force_date = models.DateField(pgettext_lazy("template of a contract", "in force from"), null=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    editor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    approved_at = models.DateTimeField(pgettext_lazy("template of a contract", "approved"), null=True)
    returned_because = models.CharField(max_length=500, blank=True)

    objects = ContractTemplateQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["org_unit", "project", "kind", "version"],
                nulls_distinct=False,
                name="a_version_of_a_contract_template_once",
            ),
            models.UniqueConstraint(
                fields=["org_unit", "project", "kind"],
                condition=models.Q(state__in=("draft", "submitted")),
                nulls_distinct=False,
                name="one_version_of_a_contract_template_is_written_at_a_time",
            ),
            models.CheckConstraint(
                condition=~models.Q(approved_by=models.F("author"))
                & ~models.Q(approved_by=models.F("editor")),
                name="nobody_approves_a_contract_template_they_wrote",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="approved")
                | models.Q(approved_by__isnull=False, approved_at__isnull=False, in_force_date__isnull=False),
                name="an_approved_contract_template_says_by_whom_and_from_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} V{self.version}"


class TemplateClauseQuerySet(ScopedQuerySet["TemplateClause"]):
    view_permission = VIEW_TEXT


class TemplateClause(Record):
    """A clause of a template in its standard words, with placeholders in braces."""

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+")
    template = models.ForeignKey(ContractTemplate, on_delete=models.CASCADE, related_name="clauses")
    position = models.PositiveSmallIntegerField(pgettext_lazy("clause", "position"))
    heading = models.CharField(pgettext_lazy("clause", "heading"), max_length=120)
    wording = models.TextField(pgettext_lazy("clause", "wording"), blank=True)
    weight = models.CharField(
        pgettext_lazy("clause", "weight"), max_length=9, choices=Weight, default=Weight.STANDARD
    )
    is_confirmed_singly = models.BooleanField(
        pgettext_lazy("clause", "the buyer confirms it by itself"), default=False
    )

    objects = TemplateClauseQuerySet.as_manager()

    def __str__(self) -> str:
        return self.heading


class ForbiddenWordingQuerySet(ScopedQuerySet["ForbiddenWording"]):
    view_permission = VIEW_TEXT

    def held_at(self, place: OrgUnit) -> "ForbiddenWordingQuerySet":
        """Keep what a place and those above it forbid."""
        return self.filter(org_unit__path__in=place.ancestor_paths(), is_active=True)

    def held_for(self, actor: Actor) -> "ForbiddenWordingQuerySet":
        """Keep what is forbidden where the actor may see texts: by those places, and by those above them."""
        places = OrgUnit.objects.visible_with(actor, self.view_permission)
        below = places.filter(path__startswith=models.OuterRef("org_unit__path"))
        return self.filter(models.Exists(below), is_active=True)


class ForbiddenWording(Record):
    """Words that no text of a place, or below it, may have."""

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="forbidden_wordings")
    words = models.CharField(pgettext_lazy("forbidden wording", "words"), max_length=60)
    because = models.CharField(pgettext_lazy("forbidden wording", "why"), max_length=200)
    is_active = models.BooleanField(pgettext_lazy("forbidden wording", "forbidden"), default=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = ForbiddenWordingQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["org_unit", "words"],
                condition=models.Q(is_active=True),
                name="a_place_forbids_words_once",
            ),
        ]

    def __str__(self) -> str:
        return self.words
