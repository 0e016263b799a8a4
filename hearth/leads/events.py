"""What happens to a lead; `subject_id` is always the lead."""

from dataclasses import dataclass
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from hearth.core.events import Event


@dataclass(frozen=True, kw_only=True)
class LeadCaptured(Event):
    """Somebody is interested in a project, and was recorded for the first time there."""

    type: ClassVar[str] = "leads.captured"
    family: ClassVar[str] = "lead"
    label: ClassVar[str | Promise] = pgettext_lazy("lead", "Lead recorded")

    source: str
    consultant_id: int | None = None
    stage: str = "enquiry"


@dataclass(frozen=True, kw_only=True)
class LeadCameAgain(Event):
    """Somebody who has a live lead there came in again, by this way or another."""

    type: ClassVar[str] = "leads.came_again"
    family: ClassVar[str] = "lead"
    label: ClassVar[str | Promise] = pgettext_lazy("lead", "Came in again")

    source: str


@dataclass(frozen=True, kw_only=True)
class LeadSourceStated(Event):
    """By what way the lead came is known now; before it was recorded as come by another."""

    type: ClassVar[str] = "leads.source_stated"
    family: ClassVar[str] = "lead"
    label: ClassVar[str | Promise] = pgettext_lazy("lead", "Source of the lead corrected")

    before: str
    source: str


@dataclass(frozen=True, kw_only=True)
class LeadFollowedUp(Event):
    """A contact was noted, or the next step was planned anew; days as `2026-03-18`."""

    type: ClassVar[str] = "leads.followed_up"
    family: ClassVar[str] = "lead"
    label: ClassVar[str | Promise] = pgettext_lazy("lead", "Next step planned")

    next_step_day: str
    grade: str = ""


@dataclass(frozen=True, kw_only=True)
class LeadAssigned(Event):
    """A colleague got the lead, by whichever way."""

    type: ClassVar[str] = "leads.assigned"
    family: ClassVar[str] = "lead"
    label: ClassVar[str | Promise] = pgettext_lazy("lead", "Lead passed on")

    from_user_id: int | None = None
    to_user_id: int | None = None
    how: str = ""


@dataclass(frozen=True, kw_only=True)
class LeadReleased(Event):
    """The lead went to the public pool."""

    type: ClassVar[str] = "leads.released"
    family: ClassVar[str] = "lead"
    label: ClassVar[str | Promise] = pgettext_lazy("lead", "Given to the public pool")

    from_user_id: int | None = None
    because: str = ""


# Why a lead went to the pool, where nobody pressed the button.
RELEASED_BECAUSE: dict[str, str | Promise] = {
    "no_contact": pgettext_lazy("lead", "nobody spoke with the customer in time")
}


@dataclass(frozen=True, kw_only=True)
class LeadMoved(Event):
    """The lead came to another stage, after so many days in the one before."""

    type: ClassVar[str] = "leads.moved"
    family: ClassVar[str] = "lead"
    label: ClassVar[str | Promise] = pgettext_lazy("lead", "Stage changed")

    from_stage: str
    to_stage: str
    days: int


@dataclass(frozen=True, kw_only=True)
class LeadWon(Event):
    """The customer bought; `stage` is where the lead stood."""

    type: ClassVar[str] = "leads.won"
    family: ClassVar[str] = "lead"
    label: ClassVar[str | Promise] = pgettext_lazy("lead", "Lead won")

    stage: str = ""


@dataclass(frozen=True, kw_only=True)
class LeadLost(Event):
    """The customer will not buy there; `reason` is its code, `stage` where the lead stood."""

    type: ClassVar[str] = "leads.lost"
    family: ClassVar[str] = "lead"
    label: ClassVar[str | Promise] = pgettext_lazy("lead", "Lead lost")

    stage: str = ""
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class LeadReopened(Event):
    """A lead that was lost or won is worked on again, from this stage on."""

    type: ClassVar[str] = "leads.reopened"
    family: ClassVar[str] = "lead"
    label: ClassVar[str | Promise] = pgettext_lazy("lead", "Lead opened again")

    stage: str = ""


@dataclass(frozen=True, kw_only=True)
class GradeChanged(Event):
    """The group changed what a grade means or asks for."""

    type: ClassVar[str] = "leads.grade_changed"
    family: ClassVar[str] = "system"
    label: ClassVar[str | Promise] = pgettext_lazy("lead", "Grade of leads changed")

    scheme: str
    letter: str


@dataclass(frozen=True, kw_only=True)
class StageRuleChanged(Event):
    """The group changed what a stage asks for; codes joined by commas."""

    type: ClassVar[str] = "leads.stage_rule_changed"
    family: ClassVar[str] = "system"
    label: ClassVar[str | Promise] = pgettext_lazy("lead", "Stage of leads changed")

    stage: str
    proofs: str


@dataclass(frozen=True, kw_only=True)
class LossReasonChanged(Event):
    """The group added or changed a reason why leads are lost."""

    type: ClassVar[str] = "leads.loss_reason_changed"
    family: ClassVar[str] = "system"
    label: ClassVar[str | Promise] = pgettext_lazy("lead", "Reason of losses changed")

    reason: str
    is_active: bool


@dataclass(frozen=True, kw_only=True)
class AssignmentRuleChanged(Event):
    """How the leads of a project are shared out was changed."""

    type: ClassVar[str] = "leads.assignment_changed"
    family: ClassVar[str] = "system"
    label: ClassVar[str | Promise] = pgettext_lazy("assignment", "Sharing out of leads changed")

    way: str
    people: int


@dataclass(frozen=True, kw_only=True)
class AbsenceNoted(Event):
    """Somebody who sells is away for some days; `subject_id` is the absence."""

    type: ClassVar[str] = "leads.absence_noted"
    family: ClassVar[str] = "system"
    label: ClassVar[str | Promise] = pgettext_lazy("absence", "Absence noted")

    user_id: int


@dataclass(frozen=True, kw_only=True)
class AbsenceEnded(Event):
    """An absence was taken back."""

    type: ClassVar[str] = "leads.absence_ended"
    family: ClassVar[str] = "system"
    label: ClassVar[str | Promise] = pgettext_lazy("absence", "Absence taken back")

    user_id: int


@dataclass(frozen=True, kw_only=True)
class DisputeOpened(Event):
    """A colleague says that the lead of another is theirs; the words stay with the dispute."""

    type: ClassVar[str] = "leads.dispute_opened"
    family: ClassVar[str] = "lead"
    label: ClassVar[str | Promise] = pgettext_lazy("dispute", "Lead claimed by a colleague")

    claimant_id: int
    holder_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class DisputeDecided(Event):
    """Somebody above said whose the lead is."""

    type: ClassVar[str] = "leads.dispute_decided"
    family: ClassVar[str] = "lead"
    label: ClassVar[str | Promise] = pgettext_lazy("dispute", "Dispute about a lead decided")

    to_user_id: int
