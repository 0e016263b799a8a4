"""Every contact with a customer: what people note, and what the system sends."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from hearth.channels.permissions import CHANGE_TEMPLATE, VIEW_INTERACTION
from hearth.channels.ruled_fields import SENSITIVE_NOTE
from hearth.core.actor import Actor
from hearth.core.crypto import Sealed
from hearth.core.models import Record, StoredFile
from hearth.core.querysets import RecordQuerySet, ScopedQuerySet
from hearth.customers.models import Customer
from hearth.organization.models import OrgUnit
from hearth.properties.models import Project


class Channel(models.TextChoices):
    """How people reach each other; also the `channel` of events."""

    VISIT = "visit", _("visit")
    PHONE = "phone", _("phone")
    SMS = "sms", _("SMS")
    EMAIL = "email", _("e-mail")
    WECHAT = "wechat", _("WeChat")
    WEB = "web", _("web")
    FORUM = "forum", _("forum")
    NOTE = "note", _("note")


class InteractionQuerySet(ScopedQuerySet["Interaction"]):
    view_permission = VIEW_INTERACTION

    def readable_by(self, actor: Actor) -> "InteractionQuerySet":
        """Keep those whose words the actor may read in full."""
        scope = actor.scope(SENSITIVE_NOTE.in_full)
        rows = self.visible_to(actor)
        if scope.everywhere:
            return rows
        return rows.filter(models.Q(is_sensitive=False) | models.Q(org_unit__in=sorted(scope.org_unit_ids)))


class Interaction(Record):
    """A call, visit, message or note between a customer and somebody of the group."""

    class Direction(models.TextChoices):
        INBOUND = "inbound", _("from the customer")
        OUTBOUND = "outbound", _("to the customer")
        INTERNAL = "internal", _("internal")

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="interactions")
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="interactions")
    project = models.ForeignKey(
        Project, on_delete=models.SET_NULL, null=True, blank=True, related_name="interactions"
    )
    channel = models.CharField(_("channel"), max_length=8, choices=Channel)
    direction = models.CharField(_("direction"), max_length=8, choices=Direction)
    summary = models.CharField(_("summary"), max_length=200)
    body = models.TextField(_("text"), blank=True)
    occurred_at = models.DateTimeField(_("when"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    external_key = models.CharField(_("external key"), max_length=60, blank=True)
    pinned_at = models.DateTimeField(null=True, blank=True)
    # What a sensitive one says stands encrypted here and nowhere else: whoever does not ask reads nothing.
    is_sensitive = models.BooleanField(_("sensitive"), default=False)
    words_sealed = models.BinaryField(default=bytes, blank=True)

    words = Sealed("words_sealed")

    objects = InteractionQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["customer", "-occurred_at", "-id"], name="interaction_by_customer"),
            models.Index(
                fields=["customer"], name="interaction_pinned", condition=models.Q(pinned_at__isnull=False)
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["org_unit", "external_key"],
                condition=~models.Q(external_key=""),
                name="one_interaction_for_each_external_key",
            ),
            models.CheckConstraint(
                condition=models.Q(is_sensitive=False) | models.Q(summary="", body=""),
                name="a_sensitive_interaction_says_nothing_in_the_open",
            ),
        ]

    def __str__(self) -> str:
        return self.summary


class AttachmentQuerySet(RecordQuerySet["Attachment"]):
    def visible_to(self, actor: Actor) -> "AttachmentQuerySet":
        """Keep the files of contacts whose words the actor may read."""
        return self.filter(interaction__in=Interaction.objects.readable_by(actor).values("pk"))


class Attachment(Record):
    """A file that belongs to a contact: a photo, a scan, a drawing."""

    interaction = models.ForeignKey(Interaction, on_delete=models.CASCADE, related_name="attachments")
    stored = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    media_type = models.CharField(max_length=80)

    objects = AttachmentQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.interaction_id} {self.media_type}"


class MessageQuerySet(ScopedQuerySet["Message"]):
    view_permission = VIEW_INTERACTION


class Message(Record):
    """One message to one customer. The row is the idempotency key: it exists before anything is sent.

    `handing_over` is committed just before the provider is given the text, so that after a crash a `claimed` row
    may be repeated and a `handing_over` row becomes `unconfirmed`, which only a person may repeat. A message that
    failed for the moment is queued again and waits until `due_at`. `thread` names the mails before it, the nearest
    first.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("waiting")
        CLAIMED = "claimed", _("being prepared")
        HANDING_OVER = "handing_over", _("being handed over")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")
        REFUSED = "refused", _("not allowed")
        UNCONFIRMED = "unconfirmed", _("unconfirmed")

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="messages")
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="messages")
    channel = models.CharField(_("channel"), max_length=8, choices=Channel)
    purpose_code = models.CharField(_("purpose"), max_length=40)
    sender_kind = models.CharField(max_length=30, blank=True)
    sender_id = models.UUIDField(null=True)
    idempotency_key = models.CharField(max_length=100, unique=True)
    recipient_sealed = models.BinaryField(default=bytes)
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    body = models.TextField(_("text"))
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.QUEUED)
    state_reason = models.CharField(max_length=200, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    unsubscribe_url = models.CharField(max_length=200, blank=True)
    thread = models.TextField(blank=True)
    reply_address = models.CharField(max_length=254, blank=True)
    is_automatic = models.BooleanField(default=False)
    sent_at = models.DateTimeField(_("sent"), null=True)

    recipient = Sealed("recipient_sealed")

    objects = MessageQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["customer", "-created_at"], name="message_by_customer"),
            models.Index(fields=["sender_id", "state"], name="message_by_sender"),
            models.Index(
                fields=["state", "created_at"],
                name="message_under_way",
                condition=models.Q(state__in=["queued", "claimed", "handing_over"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.state}"


class TextTemplateQuerySet(ScopedQuerySet["TextTemplate"]):
    view_permission = CHANGE_TEMPLATE

    def used_at(self, place: OrgUnit) -> "TextTemplateQuerySet":
        """Keep those in force at a place: its own, and those of the places above."""
        return self.filter(org_unit__path__in=place.ancestor_paths(), is_active=True)


class TextTemplate(Record):
    """A text that people begin from when they write about a customer, at a place and below.

    `body` may hold the signs of `templating.SIGNS`, for example `{customer}`.
    """

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="text_templates")
    name = models.CharField(_("name"), max_length=60)
    body = models.TextField(_("text"), max_length=2_000)
    is_active = models.BooleanField(_("in use"), default=True)

    objects = TextTemplateQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["org_unit", "name"], name="one_template_of_a_name_at_a_place")
        ]

    def __str__(self) -> str:
        return self.name
