"""To which case a mail belongs, and from which customer it is."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from hearth.cases.models import Case
from hearth.channels.models import Message
from hearth.core.crypto import keyed_digest
from hearth.core.errors import InvalidInput
from hearth.customers.contacts import EMAIL, read_contact
from hearth.customers.models import ContactPoint, Customer
from hearth.lib.mail import ReadMail
from hearth.mailroom.models import InboundMail, Mailbox

SENDER_KIND = "mailroom"
"""What messages say that belong to the conversation about a case; `sender_id` is the case."""
_OURS = re.compile(r"([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})@[^@\s]+")
_NUMBER = re.compile(r"\[#(\d{1,12})\]")


@dataclass(frozen=True)
class Thread:
    """The case that a mail goes on with; `is_sure` unless only a number in its subject says so."""

    case: Case
    is_sure: bool


def mark_of(address: str) -> bytes:
    """Return what tells one sender from another without saying who it is; empty for nobody."""
    return keyed_digest("mailroom sender", address) if address else b""


def customers_by_address(mailbox: Mailbox, address: str) -> list[Customer]:
    """Return the customers of the mailbox's place who have an address, two at most; one query."""
    try:
        index = read_contact(EMAIL, address).index
    except InvalidInput:
        return []
    points = ContactPoint.objects.filter(kind=EMAIL, value_index__looked_up=[index])
    found = Customer.objects.filter(
        pk__in=points.values("customer"),
        merged_into=None,
        erased_at=None,
        places__org_unit__path__startswith=mailbox.org_unit.path,
    )
    return list(found.distinct().order_by("id")[:2])


def thread_of(mailbox: Mailbox, mail: ReadMail) -> Thread | None:
    """Return the case that a mail goes on with, among those of the mailbox's place; four queries at most."""
    cases = Case.objects.filter(org_unit__path__startswith=mailbox.org_unit.path)
    for case_id in (*_of_our_messages(mail.replies_to), *_of_mails(mailbox, mail.replies_to)):
        if case := cases.filter(pk=case_id).first():
            return Thread(case, is_sure=True)
    number = _NUMBER.search(mail.subject)
    case = cases.filter(number=int(number.group(1))).first() if number else None
    return Thread(case, is_sure=_took_part(case, mail.sender)) if case else None


def message_named(message_id: str) -> Message | None:
    """Return the message of ours that has a Message-ID; one query."""
    found = _OURS.fullmatch(message_id)
    return Message.objects.filter(pk=UUID(found.group(1))).first() if found else None


def _of_our_messages(names: Iterable[str]) -> list[UUID]:
    ids = [UUID(found.group(1)) for name in names if (found := _OURS.fullmatch(name))]
    if not ids:
        return []
    rows = Message.objects.filter(pk__in=ids, sender_kind=SENDER_KIND).exclude(sender_id=None)
    newest_first = rows.order_by("-created_at").values_list("sender_id", flat=True)
    return [case_id for case_id in newest_first if case_id is not None]


def _of_mails(mailbox: Mailbox, names: Iterable[str]) -> list[UUID]:
    wanted = [name for name in names if not _OURS.fullmatch(name)]
    if not wanted:
        return []
    rows = InboundMail.objects.in_conversation().filter(mailbox=mailbox, message_id__in=wanted)
    return list(rows.exclude(case=None).order_by("-received_at").values_list("case_id", flat=True))


def _took_part(case: Case, sender: str) -> bool:
    """Tell whether a sender wrote about a case before, or is its customer; two queries."""
    if not sender:
        return False
    if InboundMail.objects.in_conversation().filter(case=case, sender_mark=mark_of(sender)).exists():
        return True
    try:
        index = read_contact(EMAIL, sender).index
    except InvalidInput:
        return False
    points = ContactPoint.objects.filter(kind=EMAIL, value_index__looked_up=[index])
    return case.customer_id is not None and points.filter(customer=case.customer_id).exists()
