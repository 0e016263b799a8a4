"""What personal data may be used for, and what each customer said to it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from hearth.core.models import Record
from hearth.core.querysets import RecordQuerySet
from hearth.customers.models import Customer


class PurposeQuerySet(RecordQuerySet["Purpose"]):
    pass


class Purpose(models.Model):
    """A purpose of processing, with the text customers were shown and how long data are kept for it."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    name_zh = models.CharField(_("Chinese name"), max_length=60)
    name_en = models.CharField(_("English name"), max_length=60)
    text_zh = models.TextField(_("Chinese text"))
    text_en = models.TextField(_("English text"))
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    needs_consent = models.BooleanField(_("needs consent"), default=True)
    retention_days = models.PositiveIntegerField(_("kept for, days"))

    objects = PurposeQuerySet.as_manager()

    def __str__(self) -> str:
        return self.code


class ConsentQuerySet(RecordQuerySet["Consent"]):
    def newest_first(self) -> "ConsentQuerySet":
        return self.order_by("-decided_at", "-id")


class Consent(Record):
    """One decision of a customer; decisions are added, never changed, and the newest holds.

    No row means that nothing was said, which is a refusal.
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
