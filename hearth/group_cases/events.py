"""What happens to a group complaint."""

from dataclasses import dataclass
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hearth.core.events import Event


@dataclass(frozen=True, kw_only=True)
class GroupCaseOpened(Event):
    """Cases of one project became one group complaint."""

    type: ClassVar[str] = "group_cases.opened"
    family: ClassVar[str] = "case"
    label: ClassVar[str | Promise] = _("Group complaint opened")
    kind: str
    topic: str
    households: int


@dataclass(frozen=True, kw_only=True)
class GroupCaseChanged(Event):
    """Its words, topic or cause changed; `changed` names the fields."""

    type: ClassVar[str] = "group_cases.changed"
    family: ClassVar[str] = "case"
    label: ClassVar[str | Promise] = _("Group complaint changed")
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class HouseholdJoined(Event):
    """A household is part of a group complaint."""

    type: ClassVar[str] = "group_cases.household_joined"
    family: ClassVar[str] = "case"
    label: ClassVar[str | Promise] = _("Joined a group complaint")
    households: int


@dataclass(frozen=True, kw_only=True)
class HouseholdLeft(Event):
    """A household is part of a group complaint no more."""

    type: ClassVar[str] = "group_cases.household_left"
    family: ClassVar[str] = "case"
    label: ClassVar[str | Promise] = _("Left a group complaint")
    households: int


@dataclass(frozen=True, kw_only=True)
class RepresentativeNamed(Event):
    """A household speaks for the others of a group complaint, or does no more."""

    type: ClassVar[str] = "group_cases.representative_named"
    family: ClassVar[str] = "case"
    label: ClassVar[str | Promise] = _("Speaks for a group complaint")
    is_representative: bool


@dataclass(frozen=True, kw_only=True)
class CaseTakenOut(Event):
    """An ordinary case is part of a group complaint no more."""

    type: ClassVar[str] = "group_cases.case_taken_out"
    family: ClassVar[str] = "case"
    label: ClassVar[str | Promise] = _("Case taken out of a group complaint")
    case: str


@dataclass(frozen=True, kw_only=True)
class GroupSignNoted(Event):
    """A sit-in, banners, a petition or the like was seen."""

    type: ClassVar[str] = "group_cases.sign_noted"
    family: ClassVar[str] = "case"
    label: ClassVar[str | Promise] = _("Seen at a group complaint")
    what: str


@dataclass(frozen=True, kw_only=True)
class GroupLevelChanged(Event):
    """A group complaint became graver, or less grave; an empty level is none."""

    type: ClassVar[str] = "group_cases.level_changed"
    family: ClassVar[str] = "case"
    label: ClassVar[str | Promise] = _("Level of a group complaint")
    from_level: str
    to_level: str
    because: str
    households: int


@dataclass(frozen=True, kw_only=True)
class GroupTold(Event):
    """Somebody above was told of a group complaint."""

    type: ClassVar[str] = "group_cases.told"
    family: ClassVar[str] = "case"
    label: ClassVar[str | Promise] = _("Told of a group complaint")
    level: str
    of: str
    people: int
    is_in_time: bool


@dataclass(frozen=True, kw_only=True)
class GroupCaseClosed(Event):
    """A group complaint came to its end."""

    type: ClassVar[str] = "group_cases.closed"
    family: ClassVar[str] = "case"
    label: ClassVar[str | Promise] = _("Group complaint closed")
    households: int


@dataclass(frozen=True, kw_only=True)
class PlanStepDone(Event):
    """A step of the plan of a group complaint is done."""

    type: ClassVar[str] = "group_cases.step_done"
    family: ClassVar[str] = "case"
    label: ClassVar[str | Promise] = _("Step of the plan done")
    step: str
    is_in_time: bool


@dataclass(frozen=True, kw_only=True)
class PlanStepChanged(Event):
    """A step of the plan was added or changed for the whole group."""

    type: ClassVar[str] = "group_cases.plan_changed"
    family: ClassVar[str] = "case"
    label: ClassVar[str | Promise] = _("Plan for group complaints changed")
    step: str
    is_active: bool


@dataclass(frozen=True, kw_only=True)
class TeamChanged(Event):
    """A colleague joined the team of a group complaint, or left it."""

    type: ClassVar[str] = "group_cases.team_changed"
    family: ClassVar[str] = "case"
    label: ClassVar[str | Promise] = _("Team of a group complaint")
    role: str
    has_joined: bool


@dataclass(frozen=True, kw_only=True)
class StatementWritten(Event):
    """A version of the single script or of the public reply was written."""

    type: ClassVar[str] = "group_cases.statement_written"
    family: ClassVar[str] = "case"
    label: ClassVar[str | Promise] = _("Script or reply written")
    kind: str
    version: int


@dataclass(frozen=True, kw_only=True)
class StatementApproved(Event):
    """Somebody else approved the words."""

    type: ClassVar[str] = "group_cases.statement_approved"
    family: ClassVar[str] = "case"
    label: ClassVar[str | Promise] = _("Script or reply approved")
    kind: str
    version: int


@dataclass(frozen=True, kw_only=True)
class StatementPublished(Event):
    """The public was told."""

    type: ClassVar[str] = "group_cases.statement_published"
    family: ClassVar[str] = "case"
    label: ClassVar[str | Promise] = _("Public reply published")
    version: int


@dataclass(frozen=True, kw_only=True)
class MeetingPlanned(Event):
    """A meeting about a group complaint is to be held."""

    type: ClassVar[str] = "group_cases.meeting_planned"
    family: ClassVar[str] = "case"
    label: ClassVar[str | Promise] = _("Meeting planned")
    meeting: str


@dataclass(frozen=True, kw_only=True)
class MeetingEnded(Event):
    """A meeting is over."""

    type: ClassVar[str] = "group_cases.meeting_ended"
    family: ClassVar[str] = "case"
    label: ClassVar[str | Promise] = _("Meeting ended")
    meeting: str
    people: int
    commitments: int


@dataclass(frozen=True, kw_only=True)
class CommitmentGiven(Event):
    """We promised the households something."""

    type: ClassVar[str] = "group_cases.commitment_given"
    family: ClassVar[str] = "case"
    label: ClassVar[str | Promise] = _("Promise given to the households")
    commitment: str
    due_date: str


@dataclass(frozen=True, kw_only=True)
class CommitmentKept(Event):
    """What we promised is done."""

    type: ClassVar[str] = "group_cases.commitment_kept"
    family: ClassVar[str] = "case"
    label: ClassVar[str | Promise] = _("Promise to the households kept")
    commitment: str
    is_in_time: bool


@dataclass(frozen=True, kw_only=True)
class OfferNoted(Event):
    """One side said or offered something."""

    type: ClassVar[str] = "group_cases.negotiation_noted"
    family: ClassVar[str] = "case"
    label: ClassVar[str | Promise] = _("Negotiation noted")
    side: str


@dataclass(frozen=True, kw_only=True)
class ReviewFinished(Event):
    """What is learned from a group complaint is written down."""

    type: ClassVar[str] = "group_cases.review_finished"
    family: ClassVar[str] = "case"
    label: ClassVar[str | Promise] = _("Review of a group complaint finished")
    reach: str
    is_in_time: bool


@dataclass(frozen=True, kw_only=True)
class CheckRaised(Event):
    """A sister project is asked to look for the same."""

    type: ClassVar[str] = "group_cases.check_raised"
    family: ClassVar[str] = "case"
    label: ClassVar[str | Promise] = _("Preventive check opened")
    check: str


@dataclass(frozen=True, kw_only=True)
class CheckDone(Event):
    """A sister project has looked."""

    type: ClassVar[str] = "group_cases.check_done"
    family: ClassVar[str] = "case"
    label: ClassVar[str | Promise] = _("Preventive check done")
    check: str
    is_found: bool
