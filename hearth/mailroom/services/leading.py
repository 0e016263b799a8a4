"""What follows from a mail: a case, a word more in the case's conversation, a note that one of ours did not arrive."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.timezone import localdate
from django.utils.translation import gettext

from hearth.accounts.services import notify
from hearth.cases.models import Case
from hearth.cases.services import NewCase, open_case
from hearth.channels.models import Channel, Interaction
from hearth.channels.services.interactions import NewInteraction, record_interactions
from hearth.channels.services.messages import MessageDraft, note_bounce, queue_messages
from hearth.core.actor import Actor
from hearth.customers.models import Customer
from hearth.lib.mail import MailKind, ReadMail
from hearth.mailroom.models import InboundMail, Mailbox
from hearth.mailroom.notifications import WROTE_AGAIN
from hearth.mailroom.permissions import HANDLE_MAIL
from hearth.mailroom.proposing import ANSWER_SIGNS, propose_kind
from hearth.mailroom.threads import SENDER_KIND, Thread, customers_by_address, message_named, thread_of
from hearth.organization.models import OrgUnit
from hearth.organization.selectors import people_with
from hearth.privacy.purposes import SERVICE

State, Reason = InboundMail.State, InboundMail.Reason
LEAD_FIELDS = (
    *("org_unit", "state", "reason", "customer", "case", "has_opened_case", "proposed_kind"),
    *("about_message", "server_said"),
)


def lead_on(row: InboundMail, mail: ReadMail, mailbox: Mailbox, *, actor: Actor, now: datetime) -> None:
    """Do what follows from a mail; a step of taking it, opens no transaction."""
    if mail.kind == MailKind.BOUNCE:
        _note_bounce(row, mail, actor=actor, now=now)
    elif mail.kind != MailKind.PERSON:
        row.state = State.NOTED
    else:
        _lead_person(row, mail, mailbox, actor=actor, now=now)
    row.save(update_fields=LEAD_FIELDS)


def _note_bounce(row: InboundMail, mail: ReadMail, *, actor: Actor, now: datetime) -> None:
    """Put a report to the message it speaks of; a delay is only noted, and so is what speaks of another recipient."""
    report, row.state = mail.report, State.NOTED
    message = message_named(report.about) if report else None
    if report is None or message is None or message.channel != Channel.EMAIL:
        return
    row.server_said = f"{report.action} {report.status}".strip()[:100]
    if report.recipient and report.recipient != message.recipient.lower():
        return
    row.about_message, row.customer_id = message, message.customer_id
    row.org_unit_id = message.org_unit_id
    if message.sender_kind == SENDER_KIND and message.sender_id is not None:
        row.case = Case.objects.filter(pk=message.sender_id).first()
    if report.action == "failed":
        note_bounce(message, status=report.status, actor=actor, now=now)


def _lead_person(row: InboundMail, mail: ReadMail, mailbox: Mailbox, *, actor: Actor, now: datetime) -> None:
    known = customers_by_address(mailbox, mail.sender) if mail.sender else []
    row.customer = known[0] if len(known) == 1 else None
    row.proposed_kind = propose_kind(mail.subject, mail.text)
    row.state = State.WAITING
    thread = thread_of(mailbox, mail)
    if thread is not None:
        _go_on(row, thread, actor=actor, now=now)
    elif not mail.sender:
        row.reason = Reason.NO_SENDER
    elif row.customer is None:
        row.reason = Reason.SEVERAL if known else Reason.UNKNOWN
    else:
        case = open_case_of(row, mailbox, row.customer, kind=row.proposed_kind, actor=actor, now=now)
        if mailbox.sends_receipts and not mail.wants_no_receipt:
            acknowledge(row, case, row.customer, now=now)


def _go_on(row: InboundMail, thread: Thread, *, actor: Actor, now: datetime) -> None:
    """Put a mail to the case it goes on with; a person looks where the case is closed or only a number names it."""
    row.case = thread.case
    if not thread.is_sure:
        row.reason = Reason.STRANGER
        return
    if thread.case.state != Case.State.CLOSED:
        put_to_case(row, thread.case, actor=actor, now=now)
        return
    row.reason = Reason.CLOSED
    _join(row, thread.case)
    _tell_in_charge(row, thread.case, actor=actor, now=now)


def put_to_case(row: InboundMail, case: Case, *, actor: Actor, now: datetime) -> None:
    """Make a mail part of a case's conversation, note it on the customer's timeline, and tell who is in charge.

    A step of other acts: opens no transaction, and saves nothing of the mail.
    """
    row.state, row.reason = State.TAKEN, Reason.NONE
    _join(row, case)
    _note_contact(row, case, now=now)
    _tell_in_charge(row, case, actor=actor, now=now)


def _join(row: InboundMail, case: Case) -> None:
    row.case, row.org_unit_id = case, case.org_unit_id
    row.customer_id = row.customer_id or case.customer_id


def _tell_in_charge(row: InboundMail, case: Case, *, actor: Actor, now: datetime) -> None:
    people = {case.assignee_id} if case.assignee_id else handlers_at(case.org_unit, now=now)
    notify(
        people - {actor.user_id},
        WROTE_AGAIN,
        url=reverse("cases:case", args=[case.pk]),
        now=now,
        params={"number": case.number},
        is_sample=row.is_sample,
    )


def _note_contact(row: InboundMail, case: Case, *, now: datetime) -> None:
    if row.customer_id is None:
        return
    contact = NewInteraction(
        row.customer_id,
        case.org_unit_id,
        Channel.EMAIL,
        Interaction.Direction.INBOUND,
        f"#{case.number} {row.subject}"[:200],
        row.text,
        project_id=case.project_id,
        occurred_at=min(row.received_at, now),
    )
    record_interactions([contact], actor=Actor.system("mail"), now=now, is_sample=row.is_sample)


def open_case_of(
    row: InboundMail, mailbox: Mailbox, customer: Customer | None, *, kind: str, actor: Actor, now: datetime
) -> Case:
    """Make a case of a mail, from the moment it came; a step of other acts, saves nothing of the mail."""
    new = NewCase(
        org_unit_id=mailbox.org_unit_id,
        kind=kind,
        title=row.subject or row.text.partition("\n")[0][:200] or gettext("Mail without subject"),
        body=row.text or row.subject or gettext("The mail has no text."),
        channel=Channel.EMAIL,
        opened_at=min(row.received_at, now),
        customer_id=customer.pk if customer else None,
        project_id=mailbox.project_id,
    )
    case = open_case(new, actor=actor, now=now)
    row.case, row.customer, row.has_opened_case = case, customer, True
    row.org_unit_id, row.state, row.reason = case.org_unit_id, State.TAKEN, Reason.NONE
    row.proposed_kind = kind
    _note_contact(row, case, now=now)
    return case


def acknowledge(row: InboundMail, case: Case, customer: Customer, *, now: datetime) -> None:
    """Tell the customer that the mail arrived and which number it has: once for each case, by a message of its own."""
    with translation.override(settings.LANGUAGE_CODE):
        text = gettext(
            "Thank you for your mail. It arrived and has the number #%(number)s.\n\nWe will answer you here. To add "
            "something, answer this mail."
        ) % {"number": case.number}
    key = f"mailroom:receipt:{case.pk}"
    draft = reply_to(row, case, customer.pk, key=key, body=text, is_automatic=True)
    queue_messages([draft], actor=Actor.system("mail"), now=now)


def reply_to(
    row: InboundMail,
    case: Case,
    customer_id: UUID,
    *,
    key: str,
    body: str,
    is_automatic: bool = False,
) -> MessageDraft:
    """Return a message to who wrote a mail, in its thread and about its case."""
    return MessageDraft(
        idempotency_key=key,
        org_unit_id=case.org_unit_id,
        customer_id=customer_id,
        channel=Channel.EMAIL,
        purpose_code=SERVICE,
        recipient=row.sender,
        subject=subject_of_answer(row.subject, case),
        body=body,
        sender_kind=SENDER_KIND,
        sender_id=case.pk,
        thread=thread_after(row),
        reply_address=row.mailbox.address,
        is_automatic=is_automatic,
    )


def subject_of_answer(words: str, case: Case) -> str:
    """Return the subject with the number that brings an answer back to the case."""
    number = f"[#{case.number}]"
    words = words.replace(number, "").strip()
    begins = words.lower().startswith(ANSWER_SIGNS)
    return f"{words if begins else f'Re: {words}'}"[: 199 - len(number)].strip() + f" {number}"


def handlers_at(place: OrgUnit, *, now: datetime) -> set[int]:
    """Return the ids of the active people who handle mail at a place or above it; one query."""
    return set(people_with(HANDLE_MAIL, place, today=localdate(now)).values_list("pk", flat=True))


def thread_after(row: InboundMail) -> str:
    """Return the names of the mails that an answer to this one follows, the nearest first."""
    return "\n".join(dict.fromkeys(filter(None, (row.message_id, *row.thread.split()))))
