"""Keys to people that only say who did something."""

from hearth.core.ownership import register_mark

register_mark("brokers.ChannelRegistration.registered_by", "who registered the customer at the desk")
register_mark("brokers.RegistrationConflict.consultant", "whose the lead was is history")
register_mark("brokers.RegistrationConflict.opened_by", "who brought the conflict up")
register_mark("brokers.RegistrationConflict.decided_by", "who decided")
register_mark("brokers.CommissionRule.author", "who wrote the version")
register_mark("brokers.CommissionSheet.author", "who made the sheet")
register_mark("brokers.CommissionSheet.editor", "who changed the sheet last")
register_mark("brokers.CommissionSheet.approved_by", "who approved the sheet")
