"""Mailboxes that customers write to, and every mail that came, once."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.cases.models import Case
from hearth.channels.models import Message
from hearth.core.crypto import Sealed
from hearth.core.models import Record, StoredFile
from hearth.core.querysets import RecordQuerySet, ScopedQuerySet
from hearth.customers.models import Customer
from hearth.lib.mail import MailKind
from hearth.mailroom.permissions import HANDLE_MAIL, MANAGE_MAILBOX
from hearth.mailroom.wording import refusal_in_words
from hearth.organization.models import OrgUnit
from hearth.properties.models import Project


class Failure(models.TextChoices):
    """Why a mailbox could not be fetched from."""

    NONE = "", pgettext_lazy("mailbox", "none")
    NAME = "name_not_found", pgettext_lazy("mailbox", "the name of the server is not known")
    INSIDE = (
        "address_not_allowed",
        pgettext_lazy("mailbox", "the server is in a private network that the installation does not name"),
    )
    PLAIN = "not_encrypted", pgettext_lazy("mailbox", "a public server is asked over TLS only")
    UNREACHABLE = "unreachable", pgettext_lazy("mailbox", "nothing answers there")
    CERTIFICATE = "certificate", pgettext_lazy("mailbox", "its certificate is not valid for this name")
    NO_IMAP = "no_imap", pgettext_lazy("mailbox", "what answers there is no IMAP server")
    LOGIN = "login", pgettext_lazy("mailbox", "it does not accept the user name and password")
    FOLDER = "folder", pgettext_lazy("mailbox", "it has no such folder")
    BROKEN = "broken", pgettext_lazy("mailbox", "the conversation broke off")


class MailboxQuerySet(ScopedQuerySet["Mailbox"]):
    view_permission = MANAGE_MAILBOX

    def fetched(self) -> "MailboxQuerySet":
        return self.filter(is_active=True)


class Mailbox(Record):
    """A folder on an IMAP server whose mails are taken in for a place.

    `uid_validity` and `last_uid` say up to which mail everything was taken; they are written with the mail itself.
    `era` counts the servers and folders that it was: numbers of one mean nothing at another. What is older than
    `takes_from_at` becomes nothing by itself. The newest mail of all that were taken came at `taken_until_at`, also
    where it is erased by now; where the server renumbered the folder, what came until `passes_until_at` is not new.
    """

    class Security(models.TextChoices):
        TLS = "tls", "TLS"
        STARTTLS = "starttls", "STARTTLS"
        PLAIN = "plain", pgettext_lazy("mailbox", "none, inside our own network")

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="mailboxes")
    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, null=True, blank=True, related_name="mailboxes"
    )
    name = models.CharField(_("name"), max_length=80)
    address = models.CharField(_("address"), max_length=254)
    host = models.CharField(_("server"), max_length=253)
    port = models.PositiveIntegerField(_("port"), default=993)
    security = models.CharField(_("encryption"), max_length=8, choices=Security, default=Security.TLS)
    user_name = models.CharField(_("user name"), max_length=254)
    password_sealed = models.BinaryField(default=bytes)
    folder = models.CharField(_("folder"), max_length=100, default="INBOX")
    sends_receipts = models.BooleanField(_("acknowledges what came"), default=True)
    is_active = models.BooleanField(pgettext_lazy("mailbox", "fetched from"), default=True)
    uid_validity = models.BigIntegerField(null=True)
    last_uid = models.BigIntegerField(default=0)
    era = models.PositiveIntegerField(default=0)
    takes_from_at = models.DateTimeField()
    taken_until_at = models.DateTimeField()
    passes_until_at = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(pgettext_lazy("mailbox", "looked at"), null=True)
    failure = models.CharField(max_length=20, choices=Failure, blank=True, default="")
    first_failed_at = models.DateTimeField(null=True)
    claim_ends_at = models.DateTimeField(null=True)

    password = Sealed("password_sealed")

    objects = MailboxQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["host", "user_name", "folder"], name="a_folder_is_one_mailbox_only"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class InboundMailQuerySet(ScopedQuerySet["InboundMail"]):
    view_permission = HANDLE_MAIL

    def waiting(self) -> "InboundMailQuerySet":
        """Keep those that a person has to decide on."""
        return self.filter(state=InboundMail.State.WAITING)

    def in_conversation(self) -> "InboundMailQuerySet":
        """Keep what belongs to the conversation about its case: no offer of a stranger, no copy, nothing put aside."""
        outside = (InboundMail.Reason.STRANGER, InboundMail.Reason.COPY)
        return self.exclude(reason__in=outside).exclude(state=InboundMail.State.DISMISSED)


class InboundMail(Record):
    """One mail that came, from whomever: it is never lost, and never taken twice.

    Of a mail that could not be read, its head and the raw copy are kept. `thread` names the mails before it, the
    nearest first, so that an answer can name them too.
    """

    class Kind(models.TextChoices):
        PERSON = MailKind.PERSON.value, pgettext_lazy("mail", "from a person")
        AUTOMATIC = MailKind.AUTOMATIC.value, pgettext_lazy("mail", "automatic answer")
        LIST = MailKind.LIST.value, pgettext_lazy("mail", "circular")
        BOUNCE = MailKind.BOUNCE.value, pgettext_lazy("mail", "could not be delivered")
        LOOP = MailKind.LOOP.value, pgettext_lazy("mail", "from ourselves")

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("mail", "waits for a decision")
        TAKEN = "taken", pgettext_lazy("mail", "with its case")
        HELD = "held", pgettext_lazy("mail", "held back: too many at once")
        NOTED = "noted", pgettext_lazy("mail", "noted, nothing to do")
        DISMISSED = "dismissed", pgettext_lazy("mail", "no concern of ours")

    class Reason(models.TextChoices):
        NONE = "", pgettext_lazy("mail", "none")
        UNKNOWN = "unknown_sender", pgettext_lazy("mail", "nobody here is known by this address")
        SEVERAL = "several_customers", pgettext_lazy("mail", "several customers have this address")
        NO_SENDER = "no_sender", pgettext_lazy("mail", "it does not say from whom it is")
        CLOSED = "closed_case", pgettext_lazy("mail", "its case is closed")
        STRANGER = "other_sender", pgettext_lazy("mail", "it names a case of somebody else")
        FLOOD = "flood", pgettext_lazy("mail", "too many from one sender within an hour")
        TOO_LARGE = "too_large", pgettext_lazy("mail", "larger than 25 MB: only its head was fetched")
        NOT_READ = "not_read", pgettext_lazy("mail", "built so that it could not be read")
        OLDER = "older", pgettext_lazy("mail", "older than the fetching from this folder")
        COPY = "copy", pgettext_lazy("mail", "the same mail came to another mailbox of the place")
        WENT_WRONG = "went_wrong", pgettext_lazy("mail", "something went wrong here while it was taken in")

    org_unit = models.ForeignKey(OrgUnit, on_delete=models.PROTECT, related_name="inbound_mails")
    mailbox = models.ForeignKey(Mailbox, on_delete=models.PROTECT, related_name="mails")
    era = models.PositiveIntegerField(default=0)
    uid_validity = models.BigIntegerField()
    uid = models.BigIntegerField()
    digest = models.BinaryField(max_length=32)
    kind = models.CharField(pgettext_lazy("mail", "written by"), max_length=10, choices=Kind)
    state = models.CharField(_("state"), max_length=10, choices=State)
    reason = models.CharField(
        pgettext_lazy("mail", "because"), max_length=20, choices=Reason, blank=True, default=""
    )
    message_id = models.CharField(max_length=300, blank=True)
    thread = models.TextField(blank=True)
    sender_sealed = models.BinaryField(default=bytes)
    sender_mark = models.BinaryField(max_length=32, default=bytes)
    sender_name = models.CharField(_("sender"), max_length=80, blank=True)
    customer = models.ForeignKey(
        Customer, on_delete=models.SET_NULL, null=True, blank=True, related_name="inbound_mails"
    )
    case = models.ForeignKey(
        Case, on_delete=models.SET_NULL, null=True, blank=True, related_name="inbound_mails"
    )
    has_opened_case = models.BooleanField(default=False)
    about_message = models.ForeignKey(
        Message, on_delete=models.SET_NULL, null=True, blank=True, related_name="bounces"
    )
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    text = models.TextField(_("text"), blank=True)
    quoted = models.TextField(_("quoted"), blank=True)
    is_cut = models.BooleanField(default=False)
    files_left_out = models.PositiveIntegerField(default=0)
    proposed_kind = models.CharField(max_length=10, choices=Case.Kind, blank=True)
    server_said = models.CharField(max_length=100, blank=True)
    received_at = models.DateTimeField(pgettext_lazy("mail", "came"))
    size = models.PositiveBigIntegerField(_("size"))
    raw = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    flagged_at = models.DateTimeField(null=True)
    handled_at = models.DateTimeField(null=True)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    dismissal = models.CharField(_("why it is no concern"), max_length=200, blank=True)

    sender = Sealed("sender_sealed")

    objects = InboundMailQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["-received_at", "-id"], name="mail_by_time"),
            models.Index(fields=["org_unit", "state"], name="mail_by_state_at_a_place"),
            models.Index(fields=["mailbox", "sender_mark", "received_at"], name="mail_by_sender"),
            models.Index(
                fields=["message_id"], name="mail_by_message_id", condition=~models.Q(message_id="")
            ),
            models.Index(
                fields=["mailbox", "uid"], name="mail_unflagged", condition=models.Q(flagged_at__isnull=True)
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["mailbox", "era", "uid_validity", "uid"], name="a_mail_of_the_server_is_taken_once"
            ),
            models.UniqueConstraint(fields=["mailbox", "digest"], name="the_same_mail_is_taken_once"),
            models.CheckConstraint(
                condition=~models.Q(state="taken") | models.Q(case__isnull=False),
                name="a_mail_that_was_taken_has_its_case",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="dismissed") | ~models.Q(dismissal=""),
                name="a_mail_is_dismissed_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.subject or str(self.get_kind_display())


class MailAttachmentQuerySet(RecordQuerySet["MailAttachment"]):
    pass


class MailAttachment(Record):
    """A file that came with a mail: kept, or refused with the reason in words."""

    mail = models.ForeignKey(InboundMail, on_delete=models.CASCADE, related_name="attachments")
    stored = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    name = models.CharField(_("name"), max_length=200, blank=True)
    media_type = models.CharField(max_length=80, blank=True)
    refusal = models.CharField(max_length=40, blank=True)

    objects = MailAttachmentQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(stored__isnull=False) | ~models.Q(refusal=""),
                name="a_file_that_is_not_kept_was_refused",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def refusal_label(self) -> str:
        """Why it was not kept; empty where it was."""
        return refusal_in_words(self.refusal)
