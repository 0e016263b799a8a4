"""What the mailroom offers to the rail, the timeline and the merging of customers."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.models import EventRecord
from hearth.core.navigation import Place, Section, register_place
from hearth.core.timeline import Detail, timeline_detail
from hearth.customers.following import rows_follow
from hearth.mailroom import lists  # noqa: F401  (registers what it offers)
from hearth.mailroom.events import MailAttached, MailDismissed, MailReceived
from hearth.mailroom.models import InboundMail
from hearth.mailroom.permissions import HANDLE_MAIL, MANAGE_MAILBOX

register_place(Place(_("Mailroom"), "mail", "mailroom:mails", HANDLE_MAIL, order=60))
register_place(
    Place(
        _("Mailboxes"),
        "mail",
        "mailroom:mailboxes",
        MANAGE_MAILBOX,
        order=36,
        section=Section.SETTINGS,
        is_in_rail=False,
    )
)


@timeline_detail(MailReceived.type, MailAttached.type, MailDismissed.type)
def mail_details(events: Sequence[EventRecord], actor: Actor) -> Mapping[UUID, Detail]:
    """Name the mail and how it stands; one query."""
    wanted = {event.subject_id for event in events if event.subject_id}
    rows = InboundMail.objects.visible_to(actor).defer("text", "quoted", "sender_sealed").in_bulk(wanted)
    return {
        event.id: Detail(
            summary=f"{row} · {row.get_state_display()}", url=reverse("mailroom:mail", args=[row.pk])
        )
        for event in events
        if event.subject_id and (row := rows.get(event.subject_id))
    }


rows_follow(InboundMail, "customer")
