"""What happens to mail that comes in."""

from dataclasses import dataclass
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hearth.core.events import Event


@dataclass(frozen=True, kw_only=True)
class MailReceived(Event):
    """A mail came; `subject_id` is the mail."""

    type: ClassVar[str] = "mailroom.received"
    family: ClassVar[str] = "message"
    label: ClassVar[str | Promise] = _("Mail received")

    kind: str
    state: str


@dataclass(frozen=True, kw_only=True)
class MailAttached(Event):
    """A mail was put to a case, new or old, by a colleague."""

    type: ClassVar[str] = "mailroom.attached"
    family: ClassVar[str] = "message"
    label: ClassVar[str | Promise] = _("Mail put to a case")

    case_id: str
    is_new_case: bool


@dataclass(frozen=True, kw_only=True)
class MailDismissed(Event):
    """A colleague said that a mail is no concern of ours."""

    type: ClassVar[str] = "mailroom.dismissed"
    family: ClassVar[str] = "message"
    label: ClassVar[str | Promise] = _("Mail dismissed")

    number: int = 1


@dataclass(frozen=True, kw_only=True)
class MailboxChanged(Event):
    """A mailbox was set up or changed; `subject_id` is the mailbox."""

    type: ClassVar[str] = "mailroom.mailbox_changed"
    family: ClassVar[str] = "system"
    label: ClassVar[str | Promise] = _("Mailbox changed")

    is_active: bool
