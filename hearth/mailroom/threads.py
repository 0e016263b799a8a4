"""To which case a mail belongs, and from which customer it is."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from hearth.cases.models import Case
from hearth.channels.models import Message
from hearth.channels.own_address import sender_domain
from hearth.core.crypto import keyed_digest
from hearth.core.errors import InvalidInput
from hearth.customers.contacts import EMAIL, read_contact
from hearth.customers.models import ContactPoint, Customer
from hearth.lib.mail import ReadMail
from hearth.mailroom.models import InboundMail, Mailbox

SENDER_KIND = "mailroom"
"""What messages say that belong to the conversation about a case; `sender_id` is the case."""
MOST_CASES = 50
_OURS = re.compile(r"([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})@([^@\s]+)")
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
    """Return the case that a mail goes on with, among those of the mailbox's place; six queries at most."""
    cases = Case.objects.filter(org_unit__path__startswith=mailbox.org_unit.path)
    ids = dict.fromkeys((*_of_our_messages(mail.replies_to), *_of_mails(mailbox, mail.replies_to)))
    found = cases.in_bulk(list(ids))
    if nearest := next((found[case_id] for case_id in ids if case_id in found), None):
        return Thread(nearest, is_sure=True)
    number = _NUMBER.search(mail.subject)
    case = cases.filter(number=int(number.group(1))).first() if number else None
    return Thread(case, is_sure=_took_part(case, mail.sender)) if case else None


def message_named(message_id: str) -> Message | None:
    """Return the message of ours that has a Message-ID; one query."""
    key = _key_of_ours(message_id)
    return Message.objects.filter(pk=key).first() if key else None


def _key_of_ours(name: str) -> UUID | None:
    """Return the key of the message that a name may be of; other programs name their mails by such keys too."""
    found = _OURS.fullmatch(name)
    return UUID(found.group(1)) if found and found.group(2).lower() == sender_domain().lower() else None


def _of_our_messages(names: Collection[str]) -> list[UUID]:
    ids = [key for name in names if (key := _key_of_ours(name))]
    if not ids:
        return []
    rows = Message.objects.filter(pk__in=ids, sender_kind=SENDER_KIND)
    newest_first = rows.order_by("-created_at").values_list("sender_id", flat=True)
    return [case_id for case_id in newest_first if case_id is not None]


def _of_mails(mailbox: Mailbox, names: Collection[str]) -> list[UUID]:
    if not names:
        return []
    rows = InboundMail.objects.in_conversation().filter(mailbox=mailbox, message_id__in=names)
    newest_first = rows.exclude(case=None).order_by("-received_at").values_list("case_id", flat=True)
    return list(newest_first[:MOST_CASES])


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
