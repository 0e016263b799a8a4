"""Contacts and messages are seen at the place where they happened, files with their contact."""

from hearth.channels.models import Attachment, Interaction, Message, TextTemplate
from hearth.core.fence import at_place, fence, leave_open, with_seen

for said in (Interaction, Message):
    fence(said, at_place())
fence(Attachment, with_seen(Interaction, "interaction_id", of=Attachment))
leave_open(TextTemplate, because="Texts of a place, before a customer's name stands in them.")
