"""What happens to consent."""

from dataclasses import dataclass
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hearth.core.events import Event


@dataclass(frozen=True, kw_only=True)
class ConsentRecorded(Event):
    """A customer gave, refused or withdrew consent to one purpose; `channel` is `any` or one channel."""

    type: ClassVar[str] = "privacy.consent_recorded"
    family: ClassVar[str] = "consent"
    label: ClassVar[str | Promise] = _("Consent recorded")

    purpose_code: str
    decision: str


@dataclass(frozen=True, kw_only=True)
class PurposeChanged(Event):
    """A purpose of processing was changed; with `asks_anew` consent given before holds no longer."""

    type: ClassVar[str] = "privacy.purpose_changed"
    family: ClassVar[str] = "system"
    label: ClassVar[str | Promise] = _("Purpose of processing changed")

    purpose_code: str
    version: int
    asks_anew: bool


@dataclass(frozen=True, kw_only=True)
class PersonErased(Event):
    """The personal data of a customer were erased; the record is a number that kept papers hang on."""

    type: ClassVar[str] = "privacy.person_erased"
    family: ClassVar[str] = "consent"
    label: ClassVar[str | Promise] = _("Personal data erased")


@dataclass(frozen=True, kw_only=True)
class RequestReceived(Event):
    """A person asked for something by right; `kind` says what, `subject_id` is the request."""

    type: ClassVar[str] = "privacy.request_received"
    family: ClassVar[str] = "consent"
    label: ClassVar[str | Promise] = _("Request of the person received")

    kind: str


@dataclass(frozen=True, kw_only=True)
class RequestTakenUp(Event):
    """Somebody took a request of a person into their hands."""

    type: ClassVar[str] = "privacy.request_taken_up"
    family: ClassVar[str] = "consent"
    label: ClassVar[str | Promise] = _("Request of the person taken up")

    kind: str


@dataclass(frozen=True, kw_only=True)
class RequestAnswered(Event):
    """A request of a person was answered."""

    type: ClassVar[str] = "privacy.request_answered"
    family: ClassVar[str] = "consent"
    label: ClassVar[str | Promise] = _("Request of the person answered")

    kind: str


@dataclass(frozen=True, kw_only=True)
class RequestRefused(Event):
    """A request of a person was refused with a reason."""

    type: ClassVar[str] = "privacy.request_refused"
    family: ClassVar[str] = "consent"
    label: ClassVar[str | Promise] = _("Request of the person refused")

    kind: str


@dataclass(frozen=True, kw_only=True)
class ErasureProposed(Event):
    """Somebody proposed that a person is erased; another one decides."""

    type: ClassVar[str] = "privacy.erasure_proposed"
    family: ClassVar[str] = "consent"
    label: ClassVar[str | Promise] = _("Erasure proposed")


@dataclass(frozen=True, kw_only=True)
class RetentionChanged(Event):
    """Somebody changed how long a kind of data is kept."""

    type: ClassVar[str] = "privacy.retention_changed"
    family: ClassVar[str] = "system"
    label: ClassVar[str | Promise] = _("Time of keeping changed")

    kind: str
    months: int
    is_active: bool
