"""Keys to people that are part of their account."""

from hearth.core.ownership import register_mark

register_mark("accounts.ApiToken.user", "a token is its owner's and ends with the account")
register_mark("accounts.Notification.user", "what a person was told is nobody else's")
