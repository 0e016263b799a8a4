"""What the pages of mail show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from uuid import UUID

from django.db.models import Count, Q

from hearth.cases.models import Case
from hearth.channels.models import Message
from hearth.core.actor import Actor
from hearth.core.field_rules import Access, field_access
from hearth.customers.contacts import EMAIL, show_in_full, show_masked
from hearth.customers.models import Customer
from hearth.customers.ruled_fields import CONTACTS
from hearth.customers.selectors.presentation import access_of
from hearth.mailroom.models import InboundMail, InboundMailQuerySet, MailAttachment, Mailbox
from hearth.mailroom.permissions import MANAGE_MAILBOX
from hearth.mailroom.services.answering import addressee_of
from hearth.mailroom.services.handling import CaseElsewhere
from hearth.mailroom.threads import SENDER_KIND, customers_by_address

MOST_SAID = 200


@dataclass(frozen=True)
class Said:
    """One word in the conversation about a case, the customer's or ours."""

    at: datetime
    is_ours: bool
    who: str
    text: str
    quoted: str = ""
    mail: InboundMail | None = None
    message: Message | None = None
    files: Sequence[MailAttachment] = ()


def mail_list(actor: Actor) -> InboundMailQuerySet:
    """The mails an actor may see; no order yet."""
    return InboundMail.objects.visible_to(actor).select_related("mailbox", "customer", "case", "org_unit")


def conversation(case: Case) -> list[Said]:
    """Return what was written about a case the reader sees, the oldest of the latest first; three queries.

    Only what the customer wrote or was written stands here; what colleagues note among themselves never does.
    """
    came = InboundMail.objects.in_conversation().filter(case=case).order_by("-received_at", "-id")
    mails = list(came[:MOST_SAID])[::-1]
    files: dict[object, list[MailAttachment]] = {}
    for file in MailAttachment.objects.filter(mail__in=mails).order_by("id"):
        files.setdefault(file.mail_id, []).append(file)
    sent = Message.objects.filter(sender_kind=SENDER_KIND, sender_id=case.pk).defer("recipient_sealed")
    said = chain(
        (
            Said(
                at=mail.received_at,
                is_ours=False,
                who=mail.sender_name,
                text=mail.text,
                quoted=mail.quoted,
                mail=mail,
                files=files.get(mail.pk, []),
            )
            for mail in mails
        ),
        (
            Said(at=row.created_at, is_ours=True, who="", text=row.body, message=row)
            for row in list(sent.order_by("-created_at", "-id")[:MOST_SAID])[::-1]
        ),
    )
    return sorted(said, key=lambda word: word.at)


@dataclass(frozen=True)
class ShownAddressee:
    """To whom an answer goes, as the reader may see it: the address is empty where rules hide it."""

    mail_id: UUID
    name: str
    address: str
    is_customer: bool


def addressee_shown(case: Case, actor: Actor) -> ShownAddressee | None:
    """Return to whom an answer to a case goes; None where it cannot be answered. Four queries at most."""
    found = addressee_of(case) if case.state != Case.State.CLOSED else None
    if found is None:
        return None
    field = CONTACTS[EMAIL]
    if case.customer_id:
        access = access_of(case.customer_id, field, actor)
    else:
        access = field_access(actor, field.key, case.org_unit_id)
    show = {Access.VISIBLE: show_in_full, Access.MASKED: show_masked}.get(access)
    address = show(EMAIL, found.mail.sender) if show else ""
    return ShownAddressee(found.mail.pk, found.mail.sender_name, address, found.is_customer)


def customers_offered(mail: InboundMail, actor: Actor) -> list[Customer]:
    """Return the customers who have the sender's address and whom the actor may see; two queries."""
    if not mail.sender:
        return []
    found = customers_by_address(mail.mailbox, mail.sender)
    return list(Customer.objects.visible_to(actor).filter(pk__in=[customer.pk for customer in found]))


def held_beside(mail: InboundMail) -> int:
    """Count the mails of the same sender that are held back; one query."""
    if mail.state != InboundMail.State.HELD:
        return 0
    return InboundMail.objects.filter(
        mailbox=mail.mailbox_id, sender_mark=mail.sender_mark, state=mail.state, org_unit=mail.org_unit_id
    ).count()


def mailbox_list(actor: Actor) -> Sequence[Mailbox]:
    """The mailboxes an actor manages, with how many mails wait; one query."""
    waiting = Count("mails", filter=Q(mails__state=InboundMail.State.WAITING))
    rows = Mailbox.objects.visible_with(actor, MANAGE_MAILBOX).select_related("org_unit", "project")
    return list(rows.annotate(waiting=waiting).order_by("name", "id")[:200])


def case_numbered(mail: InboundMail, text: str, actor: Actor) -> Case:
    """Return the case of a number that the actor sees, at the place of the mailbox; one query.

    :raises CaseElsewhere: if there is none
    """
    number = text.strip().lstrip("#")
    if not (number.isascii() and number.isdigit() and len(number) <= 12):
        raise CaseElsewhere("number")
    rows = Case.objects.visible_to(actor).filter(org_unit__path__startswith=mail.mailbox.org_unit.path)
    case = rows.select_related("org_unit").filter(number=int(number)).first()
    if case is None:
        raise CaseElsewhere("number")
    return case
