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


@dataclass(frozen=True, kw_only=True)
class CasePaused(Event):
    """We wait for the customer; some clocks stand."""

    type: ClassVar[str] = "cases.paused"
    family: ClassVar[str] = "case"
    label: ClassVar[str | Promise] = _("Waiting for the customer")
    reason: str


@dataclass(frozen=True, kw_only=True)
class CaseResumed(Event):
    """The customer did what we waited for, after so many minutes."""

    type: ClassVar[str] = "cases.resumed"
    family: ClassVar[str] = "case"
    label: ClassVar[str | Promise] = _("No longer waiting for the customer")
    reason: str
    minutes: int


@dataclass(frozen=True, kw_only=True)
class CaseVisited(Event):
    """Somebody was there."""

    type: ClassVar[str] = "cases.visited"
    family: ClassVar[str] = "case"
    label: ClassVar[str | Promise] = _("Visited on site")
    kind: str


@dataclass(frozen=True, kw_only=True)
class CaseCalledBack(Event):
    """Somebody asked after the closing."""

    type: ClassVar[str] = "cases.called_back"
    family: ClassVar[str] = "case"
    label: ClassVar[str | Promise] = _("Called back")
    is_satisfied: bool
    rating: int = 0


@dataclass(frozen=True, kw_only=True)
class CaseReopened(Event):
    """The customer was not content, and the matter is worked on again."""

    type: ClassVar[str] = "cases.reopened"
    family: ClassVar[str] = "case"
    label: ClassVar[str | Promise] = _("Case opened again")
    kind: str


@dataclass(frozen=True, kw_only=True)
class CaseSettled(Event):
    """Whoever handled it said how it was settled."""

    type: ClassVar[str] = "cases.settled"
    family: ClassVar[str] = "case"
    label: ClassVar[str | Promise] = _("Case settled")
    outcome: str
    cause: str
    party: str


@dataclass(frozen=True, kw_only=True)
class PositionApproved(Event):
    """Somebody above approved that a case ends without the customer's agreement."""

    type: ClassVar[str] = "cases.position_approved"
    family: ClassVar[str] = "case"
    label: ClassVar[str | Promise] = _("Final position approved")


@dataclass(frozen=True, kw_only=True)
class CaseCostNoted(Event):
    """A line was added to what a case cost, or struck out."""

    type: ClassVar[str] = "cases.cost_noted"
    family: ClassVar[str] = "case"
    label: ClassVar[str | Promise] = _("Cost of a case")
    kind: str
    is_struck_out: bool


@dataclass(frozen=True, kw_only=True)
class CauseChanged(Event):
    """A cause was added or changed for the whole group."""

    type: ClassVar[str] = "cases.cause_changed"
    family: ClassVar[str] = "case"
    label: ClassVar[str | Promise] = _("Cause of cases changed")
    cause: str
    is_active: bool


@dataclass(frozen=True, kw_only=True)
class CaseSignalled(Event):
    """Something was noted that may make a case graver."""

    type: ClassVar[str] = "cases.signalled"
    family: ClassVar[str] = "case"
    label: ClassVar[str | Promise] = _("Noted about a case")
    what: str


@dataclass(frozen=True, kw_only=True)
class CaseRegraded(Event):
    """A rule raised the grade."""

    type: ClassVar[str] = "cases.regraded"
    family: ClassVar[str] = "case"
    label: ClassVar[str | Promise] = _("Case graded higher")
    from_grade: str
    to_grade: str
    because: str


@dataclass(frozen=True, kw_only=True)
class CaseEscalated(Event):
    """Somebody above was told."""

    type: ClassVar[str] = "cases.escalated"
    family: ClassVar[str] = "case"
    label: ClassVar[str | Promise] = _("Case escalated")
    level: str
    because: str
    people: int
    is_in_time: bool


@dataclass(frozen=True, kw_only=True)
class PromiseBroken(Event):
    """A promise of a service level was broken; by how much when it was noticed, or when it was done at last."""

    type: ClassVar[str] = "cases.promise_broken"
    family: ClassVar[str] = "case"
    label: ClassVar[str | Promise] = _("Service level missed")
    kind: str
    grade: str
    step: str
    due_at: str
    late_minutes: int
