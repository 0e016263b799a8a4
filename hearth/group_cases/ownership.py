"""Keys to people that only say who did something."""

from hearth.core.ownership import register_mark

register_mark("group_cases.GroupChild.added_by", "who made the case part of the group complaint")
register_mark("group_cases.GroupSign.user", "who noted what was seen")
register_mark("group_cases.LevelChange.user", "whose act changed the level")
