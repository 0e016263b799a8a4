"""What happens between customers and us."""

from dataclasses import dataclass
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hearth.core.events import Event


@dataclass(frozen=True, kw_only=True)
class InteractionRecorded(Event):
    """Somebody noted a call, visit, message or note; `subject_id` is the interaction."""

    type: ClassVar[str] = "channels.interaction_recorded"
    family: ClassVar[str] = "contact"
    label: ClassVar[str | Promise] = _("Contact with the customer")

    direction: str = ""


@dataclass(frozen=True, kw_only=True)
class SensitivityChanged(Event):
    """A contact was marked sensitive, or is so no more; `subject_id` is the interaction."""

    type: ClassVar[str] = "channels.sensitivity_changed"
    family: ClassVar[str] = "system"
    label: ClassVar[str | Promise] = _("Mark “sensitive” changed")

    is_sensitive: bool


@dataclass(frozen=True, kw_only=True)
class MessageSent(Event):
    """The provider took a message; `subject_id` is the message, `sender_id` what it was sent for."""

    type: ClassVar[str] = "channels.message_sent"
    family: ClassVar[str] = "message"
    label: ClassVar[str | Promise] = _("Message sent")

    sender_kind: str = ""
    sender_id: str = ""


@dataclass(frozen=True, kw_only=True)
class MessageNotSent(Event):
    """A message will not be sent: refused by consent, or failed for good; `reason` is a code."""

    type: ClassVar[str] = "channels.message_not_sent"
    family: ClassVar[str] = "message"
    label: ClassVar[str | Promise] = _("Message not sent")

    reason: str
    sender_kind: str = ""
    sender_id: str = ""


@dataclass(frozen=True, kw_only=True)
class MessageRepeated(Event):
    """A person had an unconfirmed message sent again."""

    type: ClassVar[str] = "channels.message_repeated"
    family: ClassVar[str] = "message"
    label: ClassVar[str | Promise] = _("Message sent again by hand")


@dataclass(frozen=True, kw_only=True)
class TemplateChanged(Event):
    """A text template of a place was written or changed; `subject_id` is the template."""

    type: ClassVar[str] = "channels.template_changed"
    family: ClassVar[str] = "system"
    label: ClassVar[str | Promise] = _("Text template changed")

    is_active: bool
