"""What happens to a case."""

from dataclasses import dataclass
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hearth.core.events import Event


@dataclass(frozen=True, kw_only=True)
class CaseOpened(Event):
    """A customer raised a matter."""

    type: ClassVar[str] = "cases.opened"
    family: ClassVar[str] = "case"
    label: ClassVar[str | Promise] = _("Case opened")
    kind: str
    grade: str
    topic: str = ""


@dataclass(frozen=True, kw_only=True)
class CaseAnswered(Event):
    """The customer got an answer."""

    type: ClassVar[str] = "cases.answered"
    family: ClassVar[str] = "case"
    label: ClassVar[str | Promise] = _("Case answered")
    kind: str


@dataclass(frozen=True, kw_only=True)
class CaseClosed(Event):
    """The matter is settled."""

    type: ClassVar[str] = "cases.closed"
    family: ClassVar[str] = "case"
    label: ClassVar[str | Promise] = _("Case closed")
    kind: str


@dataclass(frozen=True, kw_only=True)
class CaseChanged(Event):
    """Grade or person in charge changed; `changed` names the fields."""

    type: ClassVar[str] = "cases.changed"
    family: ClassVar[str] = "case"
    label: ClassVar[str | Promise] = _("Case changed")
    changed: tuple[str, ...] = ()
