"""Keys to people that only say who did something."""

from hearth.core.ownership import register_mark

register_mark("inventory.ReleaseBatch.author", "who began the batch")
register_mark("inventory.ReleaseBatch.editor", "who changed the batch last")
register_mark("inventory.ReleaseBatch.approved_by", "who approved the batch")
register_mark("inventory.PriceList.author", "who began the version")
register_mark("inventory.PriceList.editor", "who changed the version last")
register_mark("inventory.PriceList.approved_by", "who approved the version")
register_mark("inventory.Hold.user", "who holds the home for a customer; anybody with the right may go on")
register_mark("inventory.QueueEntry.user", "who gave the number")
register_mark("inventory.Opening.user", "who began the opening day")
