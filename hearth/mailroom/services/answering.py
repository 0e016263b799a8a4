"""Answers to customers from the page of a case: sent once, in the thread that the customer began."""

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
from hearth.mailroom.models import InboundMail
from hearth.mailroom.permissions import HANDLE_MAIL
from hearth.mailroom.proposing import ANSWER_SIGNS
from hearth.mailroom.services.leading import reply_to
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


def mail_to_answer(case: Case) -> InboundMail | None:
    """Return the newest mail of a case that a person wrote; one query."""
    rows = InboundMail.objects.in_conversation().filter(case=case, kind=InboundMail.Kind.PERSON)
    return rows.exclude(sender_sealed=b"").select_related("mailbox").order_by("-received_at", "-id").first()


@transaction.atomic
def answer_by_mail(case: Case, *, actor: Actor, reply: str, key: UUID, now: datetime) -> bool:
    """Answer the newest mail of a case, and note the answer in it; return whether this was new.

    The same key answers once, however often it comes: the message is its own proof. The case is locked.

    :raises NotAllowed: if the actor may not handle mail, or change cases, there
    :raises NothingToAnswer, NobodyToWriteTo, MayNotWrite: if there is nobody to write to
    :raises AnswerMissing, CaseIsClosed: as `answer_case`
    """
    actor.require(HANDLE_MAIL, case.org_unit_id)
    actor.require(CHANGE_CASE, case.org_unit_id)
    case = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    mail = mail_to_answer(case)
    if mail is None:
        raise NothingToAnswer
    if case.customer_id is None:
        raise NobodyToWriteTo
    if may_contact([case.customer_id], SERVICE, Channel.EMAIL)[case.customer_id] != ContactAnswer.ALLOWED:
        raise MayNotWrite
    if not reply.strip():
        raise AnswerMissing("reply")
    draft = reply_to(
        mail,
        case,
        case.customer_id,
        key=f"mailroom:answer:{case.pk}:{key}",
        subject=subject_of_answer(mail, case),
        body=reply.strip(),
    )
    if Message.objects.filter(idempotency_key=draft.idempotency_key).exists():
        return False
    answer_case(case, actor=actor, reply=reply, now=now)
    return queue_messages([draft], actor=Actor.system("mail"), now=now) == 1


def subject_of_answer(mail: InboundMail, case: Case) -> str:
    """Return the subject with the number that brings an answer back to the case."""
    number = f"[#{case.number}]"
    words = mail.subject.replace(number, "").strip()
    begins = words.lower().startswith(ANSWER_SIGNS)
    return f"{words if begins else f'Re: {words}'}"[: 199 - len(number)].strip() + f" {number}"
