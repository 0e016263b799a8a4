"""Keys to people that are no work to be handed over."""

from hearth.core.ownership import register_mark

register_mark("organization.Membership.user", "an appointment ends, it does not pass to another")
register_mark("organization.FirstStep.settled_by", "who settled a step of the first run is history")
