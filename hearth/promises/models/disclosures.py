"""Disclosures 公示 in versions: what they say, where they are shown, and which buyers have acknowledged them."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.core.actor import Actor
from hearth.core.models import Record, StoredFile
from hearth.core.querysets import ScopedQuerySet
from hearth.customers.models import Customer
from hearth.organization.models import OrgUnit
from hearth.promises.factors import FactorKind, Side
from hearth.promises.permissions import VIEW_PROMISE
from hearth.properties.models import Project, Unit


class DisclosureQuerySet(ScopedQuerySet["Disclosure"]):
    view_permission = VIEW_PROMISE


class Disclosure(Record):
    """One version of what a project tells its buyers, in five parts: heading, body, drawing, closing, signature.

    `author` began the version and `editor` changed it last; neither approves it. What was approved is never changed:
    the next version takes its place when it is published. `org_unit` repeats the project's place.
    """

    class Kind(models.TextChoices):
        ADVERSE_FACTORS = "adverse_factors", pgettext_lazy("disclosure", "adverse factors")
        PLEDGE = "pledge", pgettext_lazy("disclosure", "transparency pledge")
        LOAN_RISK = "loan_risk", pgettext_lazy("disclosure", "mortgage loan risks")
        PARKING = "parking", pgettext_lazy("disclosure", "parking")

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("disclosure", "draft")
        SUBMITTED = "submitted", pgettext_lazy("disclosure", "waits for approval")
        APPROVED = "approved", pgettext_lazy("disclosure", "approved")
        PUBLISHED = "published", pgettext_lazy("disclosure", "published")
        SUPERSEDED = "superseded", pgettext_lazy("disclosure", "superseded")

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="disclosures")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="disclosures")
    kind = models.CharField(pgettext_lazy("disclosure", "what it is about"), max_length=15, choices=Kind)
    version = models.PositiveIntegerField(_("version"))
    heading = models.CharField(pgettext_lazy("disclosure", "heading"), max_length=120, blank=True)
    body = models.TextField(pgettext_lazy("disclosure", "body"), blank=True)
    drawing = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    closing = models.TextField(pgettext_lazy("disclosure", "closing notice"), blank=True)
    signatory = models.CharField(pgettext_lazy("disclosure", "signed by"), max_length=60, blank=True)
    signed_date = models.DateField(pgettext_lazy("disclosure", "date of the signature"), null=True)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    editor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    approved_at = models.DateTimeField(pgettext_lazy("disclosure", "approved"), null=True)
    published_at = models.DateTimeField(pgettext_lazy("disclosure", "published"), null=True)
    superseded_at = models.DateTimeField(pgettext_lazy("disclosure", "superseded"), null=True)
    returned_because = models.CharField(max_length=500, blank=True)

    objects = DisclosureQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["org_unit", "-id"], name="disclosure_at_a_place")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["project", "kind", "version"], name="a_version_of_a_disclosure_once"
            ),
            models.UniqueConstraint(
                fields=["project", "kind"],
                condition=models.Q(state__in=("draft", "submitted", "approved")),
                name="one_version_of_a_disclosure_is_written_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["project", "kind"],
                condition=models.Q(state="published"),
                name="one_version_of_a_disclosure_is_published_at_a_time",
            ),
            models.CheckConstraint(
                condition=~models.Q(approved_by=models.F("author"))
                & ~models.Q(approved_by=models.F("editor")),
                name="nobody_approves_a_disclosure_they_wrote",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=("draft", "submitted"))
                | models.Q(approved_by__isnull=False, approved_at__isnull=False),
                name="an_approved_disclosure_says_by_whom",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=("published", "superseded"))
                | models.Q(published_at__isnull=False),
                name="a_published_disclosure_says_since_when",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="superseded") | models.Q(superseded_at__isnull=False),
                name="a_superseded_disclosure_says_since_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} V{self.version}"

    @property
    def missing_parts(self) -> list[str]:
        """The parts that are not there yet; only adverse factors are drawn into a plan."""
        given = {
            pgettext_lazy("disclosure", "heading"): self.heading,
            pgettext_lazy("disclosure", "body"): self.body,
            pgettext_lazy("disclosure", "drawing"): self.drawing_id or self.kind != self.Kind.ADVERSE_FACTORS,
            pgettext_lazy("disclosure", "closing notice"): self.closing,
            pgettext_lazy("disclosure", "signature and date"): self.signatory and self.signed_date,
        }
        return [str(part) for part, value in given.items() if not value]


class AdverseFactorQuerySet(ScopedQuerySet["AdverseFactor"]):
    view_permission = VIEW_PROMISE


class AdverseFactor(Record):
    """One drawback by a version: what it is, where it lies, and what it may do, in words."""

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+")
    disclosure = models.ForeignKey(Disclosure, on_delete=models.CASCADE, related_name="factors")
    side = models.CharField(pgettext_lazy("adverse factor", "side"), max_length=8, choices=Side)
    kind = models.CharField(pgettext_lazy("adverse factor", "kind"), max_length=15, choices=FactorKind)
    direction = models.CharField(pgettext_lazy("adverse factor", "direction"), max_length=30, blank=True)
    distance = models.PositiveIntegerField(pgettext_lazy("adverse factor", "distance, m"), null=True)
    effect = models.TextField(pgettext_lazy("adverse factor", "position and possible effect"))
    is_in_annex = models.BooleanField(
        pgettext_lazy("adverse factor", "stands in a contract annex"), default=False
    )

    objects = AdverseFactorQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.get_kind_display())


class PostingQuerySet(ScopedQuerySet["Posting"]):
    view_permission = VIEW_PROMISE


class Posting(Record):
    """Where a version is shown, since when and until when."""

    class Place(models.TextChoices):
        SALES_OFFICE = "sales_office", pgettext_lazy("posting", "board in the sales office")
        CONTRACT_ANNEX = "contract_annex", pgettext_lazy("posting", "contract annex")
        ONLINE = "online", pgettext_lazy("posting", "online")
        MODEL = "model", pgettext_lazy("posting", "model or master plan")

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+")
    disclosure = models.ForeignKey(Disclosure, on_delete=models.PROTECT, related_name="postings")
    place = models.CharField(pgettext_lazy("posting", "shown"), max_length=14, choices=Place)
    where = models.CharField(pgettext_lazy("posting", "where exactly"), max_length=200)
    since_date = models.DateField(pgettext_lazy("posting", "since"))
    until_date = models.DateField(pgettext_lazy("posting", "until"), null=True)
    photo = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = PostingQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(until_date=None) | models.Q(until_date__gte=models.F("since_date")),
                name="a_posting_ends_after_it_began",
            )
        ]

    def __str__(self) -> str:
        return self.where


class AcknowledgementQuerySet(ScopedQuerySet["Acknowledgement"]):
    view_permission = VIEW_PROMISE

    def visible_buyers(self, actor: Actor) -> "AcknowledgementQuerySet":
        """Keep those of customers whom the actor may see."""
        return self.filter(customer__in=Customer.objects.visible_to(actor))


class Acknowledgement(Record):
    """A buyer has read a version: when, how, for which home, and what proves it."""

    class How(models.TextChoices):
        SIGNED = "signed", pgettext_lazy("acknowledgement", "signed the paper")
        ANNEX = "annex", pgettext_lazy("acknowledgement", "signed the contract annex")
        ONLINE = "online", pgettext_lazy("acknowledgement", "confirmed online")
        TOLD = "told", pgettext_lazy("acknowledgement", "was told in person")

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="+")
    disclosure = models.ForeignKey(Disclosure, on_delete=models.PROTECT, related_name="acknowledgements")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="acknowledgements")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="acknowledgements")
    how = models.CharField(pgettext_lazy("acknowledgement", "how"), max_length=6, choices=How)
    acknowledged_date = models.DateField(pgettext_lazy("acknowledgement", "acknowledged"))
    proof = models.CharField(
        pgettext_lazy("acknowledgement", "where the proof is"), max_length=300, blank=True
    )
    evidence_file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    objects = AcknowledgementQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["customer", "disclosure", "unit"],
                nulls_distinct=False,
                name="a_buyer_acknowledges_a_version_for_a_home_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_how_display()} {self.acknowledged_date}"
