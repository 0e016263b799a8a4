"""Keys to people that only say who did something."""

from hearth.core.ownership import register_mark

register_mark("insight.RoundDecision.decided_by", "who decided")
