"""What people decide on mails that wait: a case of their own, an older case, or no concern of ours."""

from datetime import datetime

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from hearth.cases.models import Case
from hearth.cases.permissions import CHANGE_CASE
from hearth.cases.services import change_kind
from hearth.core.actor import Actor
from hearth.core.errors import DomainError, InvalidInput
from hearth.core.events import record
from hearth.customers.models import Customer
from hearth.mailroom.events import MailAttached, MailDismissed
from hearth.mailroom.models import InboundMail
from hearth.mailroom.permissions import HANDLE_MAIL
from hearth.mailroom.services.leading import open_case_of, put_to_case

State = InboundMail.State
UNDECIDED = (State.WAITING, State.HELD, State.NOTED, State.DISMISSED)


class DecidedAlready(DomainError):
    """Somebody was faster, or it went to its case by itself."""

    code = "decided_already"
    message = _("This mail is with a case already.")


class CaseElsewhere(InvalidInput):
    """A mail goes to cases of the place it came to."""

    code = "case_elsewhere"
    message = _("There is no such case at the place of this mailbox.")


class CustomerElsewhere(InvalidInput):
    """A case is about customers who are known at its place."""

    code = "customer_elsewhere"
    message = _("This customer is not known at the place of this mailbox.")


class DismissalMissing(InvalidInput):
    """What is put aside says why."""

    code = "dismissal_missing"
    message = _("Say why it is no concern of ours.")


@transaction.atomic
def make_case_of_mail(
    mail: InboundMail, *, actor: Actor, kind: str, customer: Customer | None, now: datetime
) -> Case:
    """Make a case of a mail, of a customer or of nobody known. The mail is locked.

    :raises NotAllowed: if the actor may not handle mail, or open cases, there
    :raises DecidedAlready: if it is with a case
    :raises CustomerElsewhere: if the customer is not known at the place
    """
    row = _undecided(mail, actor)
    actor.require(CHANGE_CASE, row.mailbox.org_unit_id)
    if customer is not None and not _is_known(customer, row):
        raise CustomerElsewhere("customer")
    case = open_case_of(row, row.mailbox, customer, kind=kind, actor=actor, now=now)
    _decide(row, case, is_new_case=True, actor=actor, now=now)
    return case


def _is_known(customer: Customer, row: InboundMail) -> bool:
    path = row.mailbox.org_unit.path
    return customer.places.filter(org_unit__path__startswith=path).exists()


@transaction.atomic
def attach_mail(mail: InboundMail, case: Case, *, actor: Actor, now: datetime) -> InboundMail:
    """Put a mail to a case that is there. The mail is locked.

    :raises NotAllowed: if the actor may not handle mail there, or not change the case
    :raises DecidedAlready: if it is with a case
    :raises CaseElsewhere: if the case is at a place that the mailbox does not serve
    """
    row = _undecided(mail, actor)
    if not case.org_unit.path.startswith(row.mailbox.org_unit.path):
        raise CaseElsewhere("number")
    actor.require(CHANGE_CASE, case.org_unit_id)
    put_to_case(row, case, actor=actor, now=now)
    _decide(row, case, is_new_case=False, actor=actor, now=now)
    return row


@transaction.atomic
def dismiss_mail(mail: InboundMail, *, actor: Actor, reason: str, now: datetime) -> InboundMail:
    """Say that a mail is no concern of ours, and why; it is kept. The mail is locked.

    :raises NotAllowed: if the actor may not handle mail there
    :raises DismissalMissing: without a reason
    :raises DecidedAlready: if it is with a case
    """
    row = _undecided(mail, actor)
    _dismiss(InboundMail.objects.filter(pk=row.pk), row, actor=actor, reason=reason, now=now)
    row.refresh_from_db()
    return row


@transaction.atomic
def dismiss_flood(mail: InboundMail, *, actor: Actor, reason: str, now: datetime) -> int:
    """Say so of all mails of the same sender that are held back; return how many.

    :raises NotAllowed, DismissalMissing, DecidedAlready: as `dismiss_mail`
    """
    row = _undecided(mail, actor)
    held = InboundMail.objects.filter(
        mailbox=row.mailbox, sender_mark=row.sender_mark, state=State.HELD, org_unit=row.org_unit_id
    )
    return _dismiss(held, row, actor=actor, reason=reason, now=now)


def _dismiss(
    rows: models.QuerySet[InboundMail], row: InboundMail, *, actor: Actor, reason: str, now: datetime
) -> int:
    if not reason.strip():
        raise DismissalMissing("reason")
    number = rows.update(
        state=State.DISMISSED,
        dismissal=reason.strip()[:200],
        handled_at=now,
        handled_by=actor.user_id,
        updated_at=now,
    )
    event = MailDismissed(
        org_unit_id=row.org_unit_id, customer_id=row.customer_id, subject_id=row.pk, number=number
    )
    record(event, actor=actor, now=now)
    return int(number)


def _undecided(mail: InboundMail, actor: Actor) -> InboundMail:
    """Lock a mail that may still be decided on."""
    actor.require(HANDLE_MAIL, mail.org_unit_id)
    rows = InboundMail.objects.select_for_update(of=("self",)).select_related("mailbox__org_unit")
    row = rows.get(pk=mail.pk)
    if row.state not in UNDECIDED:
        raise DecidedAlready
    return row


def _decide(row: InboundMail, case: Case, *, is_new_case: bool, actor: Actor, now: datetime) -> None:
    row.handled_at, row.handled_by_id, row.updated_at, row.dismissal = now, actor.user_id, now, ""
    row.save()
    event = MailAttached(
        org_unit_id=row.org_unit_id,
        customer_id=row.customer_id,
        subject_id=row.pk,
        channel="email",
        case_id=str(case.pk),
        is_new_case=is_new_case,
    )
    record(event, actor=actor, now=now)


@transaction.atomic
def confirm_kind(case: Case, *, actor: Actor, kind: str, now: datetime) -> Case:
    """Say what kind of matter the mail raised that opened a case; its words only proposed one.

    :raises NotAllowed: if the actor may not handle mail, or change cases, there
    :raises CaseIsClosed: if the case is closed
    """
    actor.require(HANDLE_MAIL, case.org_unit_id)
    case = change_kind(case, actor=actor, kind=kind, now=now)
    opening = InboundMail.objects.filter(case=case, has_opened_case=True, handled_at=None)
    opening.update(handled_at=now, handled_by=actor.user_id, updated_at=now)
    return case
