"""What happens in this app."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hearth.core.events import Event


@dataclass(frozen=True, kw_only=True)
class ProfilesScored(Event):
    """All profiles were computed; `subject_id` is the run."""

    type: ClassVar[str] = "insight.profiles_scored"
    label: ClassVar[str | Promise] = _("Profiles computed")

    scored: int
    snapshot_id: UUID


@dataclass(frozen=True, kw_only=True)
class RoundOpened(Event):
    """A round of the loop began; `subject_id` is the round."""

    type: ClassVar[str] = "insight.round_opened"
    label: ClassVar[str | Promise] = _("Round opened")


@dataclass(frozen=True, kw_only=True)
class RoundDecided(Event):
    """Something was decided in a round; `subject_id` is the decision."""

    type: ClassVar[str] = "insight.round_decided"
    label: ClassVar[str | Promise] = _("Decision taken")

    round_id: UUID
    segment_id: UUID | None = None
    campaign_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class RoundClosed(Event):
    """A round was measured and closed; `subject_id` is the round."""

    type: ClassVar[str] = "insight.round_closed"
    label: ClassVar[str | Promise] = _("Round closed")


@dataclass(frozen=True, kw_only=True)
class DuplicatesSought(Event):
    """Records that may be one customer were looked for; `subject_id` is the search."""

    type: ClassVar[str] = "insight.duplicates_sought"
    label: ClassVar[str | Promise] = _("Duplicates looked for")

    records: int
    found: int
    new: int
