"""Keys to people that only say who did something."""

from hearth.core.ownership import register_mark

register_mark("mailroom.InboundMail.handled_by", "who decided on the mail")
