"""What personal data may be used for, and what each customer said to it."""

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.core.crypto import Sealed
from hearth.core.models import Record, StoredFile, next_value
from hearth.core.querysets import RecordQuerySet, ScopedQuerySet
from hearth.core.retention import Way
from hearth.customers.models import Customer
from hearth.customers.origins import Basis
from hearth.organization.models import OrgUnit
from hearth.privacy.permissions import TAKE_REQUEST


class PurposeQuerySet(RecordQuerySet["Purpose"]):
    pass


class Purpose(models.Model):
    """A purpose of processing, with the text customers are shown now and how long data are kept for it.

    Consent given to a version before `asks_anew_since` holds no longer: the purpose itself became another one.
    """

    code = models.CharField(_("code"), max_length=40, unique=True)
    name_zh = models.CharField(_("Chinese name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=60)
    text_zh = models.TextField(_("Chinese text"))
    text_en = models.TextField(_("English text"))
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    legal_basis = models.CharField(_("legal basis"), max_length=10, choices=Basis, default=Basis.CONSENT)
    needs_consent = models.BooleanField(_("needs consent"), default=True)
    is_sensitive = models.BooleanField(_("uses sensitive data"), default=False)
    asks_anew_since = models.PositiveSmallIntegerField(default=1)
    retention_days = models.PositiveIntegerField(_("kept for, days"))

    objects = PurposeQuerySet.as_manager()

    def __str__(self) -> str:
        return self.code


class PurposeTextQuerySet(RecordQuerySet["PurposeText"]):
    pass


class PurposeText(models.Model):
    """What customers were shown for a purpose until it was replaced; the version in force stands in `Purpose`."""

    purpose = models.ForeignKey(Purpose, on_delete=models.PROTECT, related_name="texts")
    version = models.PositiveSmallIntegerField(_("version"))
    text_zh = models.TextField(_("Chinese text"))
    text_en = models.TextField(_("English text"))
    replaced_at = models.DateTimeField(_("replaced"))
    replaced_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    objects = PurposeTextQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["purpose", "version"], name="one_text_for_each_version")
        ]

    def __str__(self) -> str:
        return f"{self.purpose_id} v{self.version}"


class ConsentQuerySet(RecordQuerySet["Consent"]):
    def newest_first(self) -> "ConsentQuerySet":
        return self.order_by("-decided_at", "-id")


class Consent(Record):
    """One decision of a customer; decisions are added, never changed, and the newest holds.

    No row means that nothing was said, which is a refusal. `guardian` is the adult who decided for a child;
    `evidence` names the proof outside Hearth, a form or a recording by number; `evidence_file` is the proof itself.
    """

    class Decision(models.TextChoices):
        GIVEN = "given", _("given")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("withdrawn")

    class Channel(models.TextChoices):
        ANY = "any", _("any channel")
        PHONE = "phone", _("phone")
        SMS = "sms", _("SMS")
        EMAIL = "email", _("e-mail")
        WECHAT = "wechat", _("WeChat")

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="consents")
    purpose = models.ForeignKey(Purpose, on_delete=models.PROTECT, related_name="consents")
    channel = models.CharField(_("channel"), max_length=8, choices=Channel)
    decision = models.CharField(_("decision"), max_length=10, choices=Decision)
    decided_at = models.DateTimeField(_("when"))
    how = models.CharField(_("how"), max_length=60)
    evidence = models.CharField(_("evidence"), max_length=200, blank=True, default="")
    evidence_file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    guardian = models.ForeignKey(
        Customer, on_delete=models.PROTECT, null=True, blank=True, related_name="consents_as_guardian"
    )
    text_version = models.PositiveSmallIntegerField(_("version of the text"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    objects = ConsentQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["customer", "purpose", "channel", "-decided_at", "-id"], name="newest_consent_first"
            )
        ]

    def __str__(self) -> str:
        return f"{self.decision} {self.channel}"


class ErasureQuerySet(RecordQuerySet["Erasure"]):
    pass


class Erasure(Record):
    """The proof that a person's data were erased: which record, when, by whom, how many rows of what. Never changed.

    `erased` counts rows by what apps call them, `kept` papers by the law that has us keep them. `digest` covers all
    of it, signed with the installation's key.
    """

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="erasures")
    erased_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    erased = models.JSONField(default=dict)
    kept = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)

    objects = ErasureQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["-created_at", "-id"], name="erasure_by_time")]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.created_at}"


class PersonRequestQuerySet(ScopedQuerySet["PersonRequest"]):
    view_permission = TAKE_REQUEST

    def open(self) -> "PersonRequestQuerySet":
        """Keep the requests that wait for an answer."""
        return self.exclude(state__in=(PersonRequest.State.ANSWERED, PersonRequest.State.REFUSED))


class PersonRequest(Record):
    """What a person asks of us by right (PIPL articles 24 and 44 to 50), from its arrival to the answer.

    `due_date` is our own term, fifteen working days; `limit_date` the one that must not be missed, thirty days. What
    the person said and what they were answered are sealed. An erasure is proposed by one person, approved by another
    and done by a job.
    """

    class Kind(models.TextChoices):
        ACCESS = "access", pgettext_lazy("request", "access")
        COPY = "copy", pgettext_lazy("request", "copy")
        PORTABILITY = "portability", pgettext_lazy("request", "data to take along")
        CORRECTION = "correction", pgettext_lazy("request", "correction")
        ERASURE = "erasure", pgettext_lazy("request", "erasure")
        CLOSURE = "closure", pgettext_lazy("request", "closing the account")
        RESTRICTION = "restriction", pgettext_lazy("request", "restriction")
        EXPLANATION = "explanation", pgettext_lazy("request", "explanation of an automated decision")

    class State(models.TextChoices):
        RECEIVED = "received", pgettext_lazy("request", "received")
        IDENTIFIED = "identified", pgettext_lazy("request", "identity checked")
        IN_WORK = "in_work", pgettext_lazy("request", "in work")
        PROPOSED = "proposed", pgettext_lazy("request", "waits for a second person")
        ERASING = "erasing", pgettext_lazy("request", "being erased")
        ANSWERED = "answered", pgettext_lazy("request", "answered")
        REFUSED = "refused", pgettext_lazy("request", "refused")

    class CameBy(models.TextChoices):
        DESK = "desk", pgettext_lazy("request", "desk")
        PORTAL = "portal", pgettext_lazy("request", "page for customers")
        API = "api", pgettext_lazy("request", "interface")

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="person_requests")
    number = models.BigIntegerField(
        _("number"), unique=True, db_default=next_value("privacy_request_number"), editable=False
    )
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="requests")
    kind = models.CharField(_("what is asked for"), max_length=12, choices=Kind)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.RECEIVED)
    came_by = models.CharField(_("came by"), max_length=6, choices=CameBy)
    wish_sealed = models.BinaryField(default=bytes)
    answer_sealed = models.BinaryField(default=bytes)
    received_at = models.DateTimeField(_("received"))
    due_date = models.DateField(_("due"))
    limit_date = models.DateField(_("last day"))
    identity_how = models.CharField(_("how the identity was checked"), max_length=200, blank=True)
    identified_at = models.DateTimeField(_("identity checked"), null=True)
    identified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="person_requests"
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    erasure = models.ForeignKey(Erasure, on_delete=models.PROTECT, null=True, related_name="requests")
    closed_at = models.DateTimeField(_("closed"), null=True)
    reminded = models.CharField(max_length=4, blank=True, default="")

    wish = Sealed("wish_sealed")
    answer = Sealed("answer_sealed")

    objects = PersonRequestQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["due_date", "id"], name="person_request_by_day"),
            models.Index(fields=["org_unit", "state", "due_date"], name="person_request_at_a_place"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(approved_by=models.F("proposed_by")),
                name="nobody_approves_an_erasure_they_proposed",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=("received", "refused")) | models.Q(identified_at__isnull=False),
                name="a_request_is_answered_to_whom_it_belongs",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=("answered", "refused"), closed_at__isnull=False)
                | (~models.Q(state__in=("answered", "refused")) & models.Q(closed_at__isnull=True)),
                name="a_closed_request_says_when",
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.number}"

    @property
    def is_open(self) -> bool:
        return self.state not in (self.State.ANSWERED, self.State.REFUSED)

    @property
    def is_erasing(self) -> bool:
        """Tell whether what is asked for ends in an erasure."""
        return self.kind in (self.Kind.ERASURE, self.Kind.CLOSURE)

    def lateness(self, today: date) -> str:
        """Say `late` when the last day has passed, `due` when our own has, nothing before and when it is closed."""
        if not self.is_open or today <= self.due_date:
            return ""
        return "late" if today > self.limit_date else "due"


class RequestStepQuerySet(RecordQuerySet["RequestStep"]):
    pass


class RequestStep(Record):
    """What somebody did about a request of a person; steps are added, never changed."""

    class What(models.TextChoices):
        RECEIVED = "received", pgettext_lazy("request", "received")
        IDENTIFIED = "identified", pgettext_lazy("request", "identity checked")
        IN_WORK = "in_work", pgettext_lazy("request", "taken up")
        GIVEN = "given", pgettext_lazy("request", "data given out")
        PROPOSED = "proposed", pgettext_lazy("request", "erasure proposed")
        RETURNED = "returned", pgettext_lazy("request", "erasure not approved")
        APPROVED = "approved", pgettext_lazy("request", "erasure approved")
        ERASED = "erased", pgettext_lazy("request", "erased")
        RESTRICTED = "restricted", pgettext_lazy("request", "restricted")
        LIFTED = "lifted", pgettext_lazy("request", "restriction lifted")
        ANSWERED = "answered", pgettext_lazy("request", "answered")
        REFUSED = "refused", pgettext_lazy("request", "refused")

    request = models.ForeignKey(PersonRequest, on_delete=models.CASCADE, related_name="steps")
    what = models.CharField(max_length=10, choices=What)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    objects = RequestStepQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.request_id} {self.what}"


class RetentionRuleQuerySet(RecordQuerySet["RetentionRule"]):
    pass


class RetentionRule(models.Model):
    """How long one kind of rows is kept, by what right, and how it is let go; the kind itself stands in the code.

    A shipped rule does nothing before somebody puts it in force.
    """

    kind = models.CharField(max_length=40, unique=True)
    months = models.PositiveSmallIntegerField(_("kept for, months"))
    way = models.CharField(_("then"), max_length=10, choices=Way)
    basis_zh = models.CharField(_("legal basis in Chinese"), max_length=200)
    basis_en = models.CharField(_("legal basis in English"), max_length=200)
    is_active = models.BooleanField(_("in force"), default=False)

    objects = RetentionRuleQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(months__gte=1), name="nothing_is_let_go_at_once")
        ]

    def __str__(self) -> str:
        return self.kind


class RetentionEntryQuerySet(RecordQuerySet["RetentionEntry"]):
    pass


class RetentionEntry(Record):
    """What a night let go: one portion of one kind, by ids, with the rule as it was. Never changed."""

    rule = models.ForeignKey(RetentionRule, on_delete=models.PROTECT, related_name="entries")
    way = models.CharField(max_length=10, choices=Way)
    months = models.PositiveSmallIntegerField()
    row_ids = ArrayField(models.UUIDField())
    number = models.PositiveIntegerField(_("rows"))

    objects = RetentionEntryQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["rule", "-id"], name="retention_entry_by_rule")]

    def __str__(self) -> str:
        return f"{self.rule_id} {self.number}"
