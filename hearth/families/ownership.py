"""Keys to people that only say who did something."""

from hearth.core.ownership import register_mark

register_mark("families.NeedProfile.recorded_by", "who noted the needs")
register_mark("families.Relationship.recorded_by", "who noted the relationship")
