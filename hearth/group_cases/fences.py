"""Group complaints are seen at the place of their project, and what belongs to one with it."""

from hearth.core.fence import at_place, fence, leave_open, with_seen
from hearth.group_cases.models import (
    Attendance,
    Commitment,
    GroupCase,
    GroupChild,
    GroupHousehold,
    GroupMeeting,
    GroupReview,
    GroupSign,
    GroupStep,
    GroupTelling,
    LevelChange,
    LibraryEntry,
    NegotiationEntry,
    PlanStep,
    PreventiveCheck,
    Statement,
    TeamMember,
)

fence(GroupCase, at_place())
fence(PreventiveCheck, at_place())
for part in (
    GroupHousehold,
    GroupChild,
    GroupSign,
    LevelChange,
    GroupTelling,
    GroupStep,
    TeamMember,
    Statement,
    GroupMeeting,
    Commitment,
    NegotiationEntry,
    GroupReview,
):
    fence(part, with_seen(GroupCase, "group_case_id", of=part))
fence(Attendance, with_seen(GroupMeeting, "meeting_id", of=Attendance))
leave_open(PlanStep, because="The plan that ships, the same for the whole group.")
leave_open(LibraryEntry, because="Published cases of the past, for everybody to learn from.")
