"""Incoming mail is seen at the place it came to, or where its case is; its files with it."""

from hearth.core.fence import at_place, fence, with_seen
from hearth.mailroom.models import InboundMail, MailAttachment, Mailbox

for kept in (Mailbox, InboundMail):
    fence(kept, at_place())
fence(MailAttachment, with_seen(InboundMail, "mail_id", of=MailAttachment))
