"""What personal data may be used for, and what each customer said to it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from hearth.core.models import Record
from hearth.core.querysets import RecordQuerySet
from hearth.customers.models import Customer
from hearth.customers.origins import Basis


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
    `evidence` names the proof outside Hearth: the number of a form, of a recording.
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
