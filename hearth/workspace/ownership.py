"""Keys to people that only say whose look it was."""

from hearth.core.ownership import register_mark

register_mark("workspace.Look.user", "who looked; what is new is told to nobody else")
