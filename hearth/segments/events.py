"""What happens to segments."""

from dataclasses import dataclass
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hearth.core.events import Event


@dataclass(frozen=True, kw_only=True)
class SegmentCreated(Event):
    type: ClassVar[str] = "segments.created"
    label: ClassVar[str | Promise] = _("Segment created")


@dataclass(frozen=True, kw_only=True)
class SegmentChanged(Event):
    type: ClassVar[str] = "segments.changed"
    label: ClassVar[str | Promise] = _("Segment changed")


@dataclass(frozen=True, kw_only=True)
class SegmentCounted(Event):
    """The members of a segment were written down."""

    type: ClassVar[str] = "segments.counted"
    label: ClassVar[str | Promise] = _("Segment counted")

    size: int


@dataclass(frozen=True, kw_only=True)
class SegmentPassedOn(Event):
    """Another colleague is in charge of the segment."""

    type: ClassVar[str] = "segments.passed_on"
    label = _("Segment passed on to a colleague")

    from_user_id: int | None
    to_user_id: int
