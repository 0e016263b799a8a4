"""Keys to people that only say who did something."""

from hearth.core.ownership import register_mark

register_mark("group_cases.GroupChild.added_by", "who made the case part of the group complaint")
register_mark("group_cases.GroupSign.user", "who noted what was seen")
register_mark("group_cases.LevelChange.user", "whose act changed the level")
register_mark("group_cases.GroupStep.done_by", "who did the step of the plan")
register_mark("group_cases.TeamMember.user", "who is in the team; others take the role on the page")
register_mark("group_cases.Statement.written_by", "who wrote the version")
register_mark("group_cases.Statement.approved_by", "who approved the version")
register_mark("group_cases.Attendance.user", "which colleague was at the meeting")
register_mark("group_cases.Commitment.responsible", "who keeps the promise; anybody with the right may go on")
register_mark("group_cases.Commitment.noted_by", "who wrote the promise down")
register_mark("group_cases.NegotiationEntry.user", "who wrote down what was said")
register_mark("group_cases.GroupReview.written_by", "who wrote the review last")
register_mark("group_cases.GroupReview.finished_by", "who finished the review")
register_mark("group_cases.PreventiveCheck.done_by", "who checked")
