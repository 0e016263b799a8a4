"""Answers to customers from the page of a case: sent once, in the thread that the customer began."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hearth.cases.models import Case
from hearth.cases.permissions import CHANGE_CASE
from hearth.cases.services import AnswerMissing, answer_case
from hearth.channels.models import Channel, Message
from hearth.channels.services.messages import queue_messages
from hearth.core.actor import Actor
from hearth.core.errors import DomainError
from hearth.customers.contacts import EMAIL
from hearth.customers.models import ContactPoint
from hearth.mailroom.models import InboundMail
from hearth.mailroom.permissions import HANDLE_MAIL
from hearth.mailroom.services.leading import reply_to
from hearth.mailroom.threads import mark_of
from hearth.privacy.purposes import SERVICE
from hearth.privacy.selectors import ContactAnswer, may_contact


class NothingToAnswer(DomainError):
    """There is no mail in the case."""

    code = "nothing_to_answer"
    message = _("No mail of this case can be answered.")


class NobodyToWriteTo(DomainError):
    """A message goes to a customer."""

    code = "nobody_to_write_to"
    message = _("Say first which customer the case is about.")


class MayNotWrite(DomainError):
    """The customer had us restrict what we do with their data."""

    code = "may_not_write"
    message = _("We may not write to this customer.")


class AnotherRecipient(DomainError):
    """The answer would go to somebody else than the colleague saw."""

    code = "another_recipient"
    message = _("Meanwhile somebody else wrote. Look again to whom the answer goes.")


@dataclass(frozen=True)
class Addressee:
    """To whom an answer goes: who wrote `mail`. `is_customer` where that is an address in use of the customer."""

    mail: InboundMail
    is_customer: bool


def addressee_of(case: Case) -> Addressee | None:
    """Return to whom an answer goes: to the customer, or to who wrote last where no mail is from them.

    Three queries at most. None where nobody wrote who could be answered.
    """
    written = InboundMail.objects.in_conversation().filter(case=case, kind=InboundMail.Kind.PERSON)
    rows = written.exclude(sender_sealed=b"").select_related("mailbox").order_by("-received_at", "-id")
    points = ContactPoint.objects.usable().filter(customer=case.customer_id, kind=EMAIL)
    marks = [mark_of(point.value) for point in points] if case.customer_id else []
    own = rows.filter(sender_mark__in=marks).first() if marks else None
    mail = own or rows.first()
    return Addressee(mail, is_customer=own is not None) if mail else None


@transaction.atomic
def answer_by_mail(case: Case, *, actor: Actor, reply: str, to: UUID, key: UUID, now: datetime) -> bool:
    """Answer the customer's newest mail in a case, and note the answer in it; return whether this was new.

    `to` is the mail whose writer the colleague saw as the recipient. The same key answers once, however often it
    comes: the message is its own proof. The case is locked.

    :raises NotAllowed: if the actor may not handle mail, or change cases, there
    :raises NothingToAnswer, NobodyToWriteTo, MayNotWrite: if there is nobody to write to
    :raises AnotherRecipient: if the answer would go to somebody else than the writer of `to`
    :raises AnswerMissing, CaseIsClosed: as `answer_case`
    """
    actor.require(HANDLE_MAIL, case.org_unit_id)
    actor.require(CHANGE_CASE, case.org_unit_id)
    case = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    key_of_message = f"mailroom:answer:{case.pk}:{key}"
    if Message.objects.filter(idempotency_key=key_of_message).exists():
        return False
    addressee = addressee_of(case)
    if addressee is None:
        raise NothingToAnswer
    if case.customer_id is None:
        raise NobodyToWriteTo
    if may_contact([case.customer_id], SERVICE, Channel.EMAIL)[case.customer_id] != ContactAnswer.ALLOWED:
        raise MayNotWrite
    if not reply.strip():
        raise AnswerMissing("reply")
    mail = addressee.mail
    if not InboundMail.objects.filter(pk=to, case=case, sender_mark=mail.sender_mark).exists():
        raise AnotherRecipient
    draft = reply_to(mail, case, case.customer_id, key=key_of_message, body=reply.strip())
    answer_case(case, actor=actor, reply=reply, now=now)
    return queue_messages([draft], actor=Actor.system("mail"), now=now) == 1
