"""Group complaints are seen at the place of their project, and what belongs to one with it."""

from hearth.core.fence import at_place, fence, with_seen
from hearth.group_cases.models import (
    GroupCase,
    GroupChild,
    GroupHousehold,
    GroupSign,
    GroupTelling,
    LevelChange,
)

fence(GroupCase, at_place())
for part in (GroupHousehold, GroupChild, GroupSign, LevelChange, GroupTelling):
    fence(part, with_seen(GroupCase, "group_case_id", of=part))
