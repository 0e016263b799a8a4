"""What happens to alarms of group complaints."""

from dataclasses import dataclass
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hearth.core.events import Event


@dataclass(frozen=True, kw_only=True)
class GroupComplaintSeen(Event):
    """The radar raised an alarm: so many households where so many were expected."""

    type: ClassVar[str] = "radar.raised"
    family: ClassVar[str] = "case"
    label: ClassVar[str | Promise] = _("Group complaint seen coming")
    topic: str
    households: int
    window_days: int


@dataclass(frozen=True, kw_only=True)
class GroupComplaintAccepted(Event):
    """A colleague handles an alarm as a group complaint."""

    type: ClassVar[str] = "radar.accepted"
    family: ClassVar[str] = "case"
    label: ClassVar[str | Promise] = _("Alarm accepted as a group complaint")
    topic: str
    households: int


@dataclass(frozen=True, kw_only=True)
class GroupComplaintMerged(Event):
    """A colleague says that an alarm belongs to another."""

    type: ClassVar[str] = "radar.merged"
    family: ClassVar[str] = "case"
    label: ClassVar[str | Promise] = _("Alarm of a group complaint merged into another")
    topic: str
    into: str


@dataclass(frozen=True, kw_only=True)
class GroupComplaintDismissed(Event):
    """A colleague says that an alarm is none."""

    type: ClassVar[str] = "radar.dismissed"
    family: ClassVar[str] = "case"
    label: ClassVar[str | Promise] = _("Alarm of a group complaint dismissed")
    topic: str
    reason: str
