"""Sheets of commissions: made by one person, approved by another, paid once."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max, Sum
from django.utils.timezone import localdate
from django.utils.translation import pgettext_lazy

from hearth.brokers.events import SettlementApproved, SettlementPaid
from hearth.brokers.models import Commission, CommissionSheet, Partner
from hearth.brokers.permissions import APPROVE_SETTLEMENT, SETTLE
from hearth.core.actor import Actor
from hearth.core.errors import Conflict, DomainError, InvalidInput
from hearth.core.events import record
from hearth.core.second_person import SecondPerson, approve, hand_in, lock, send_back
from hearth.organization.models import OrgUnit

State = CommissionSheet.State
_TWO = SecondPerson(SETTLE, APPROVE_SETTLEMENT)
writer_of, lock_to_decide, may_approve = _TWO.writer_of, _TWO.lock_to_decide, _TWO.may_decide


class NothingPayable(DomainError):
    """What is payable to the partner comes to nought or less."""

    code = "nothing_payable"
    message = pgettext_lazy("commission sheet", "Nothing is payable to this partner.")


class SheetOpen(DomainError):
    """One sheet of a partner is made at a time."""

    code = "sheet_open"
    message = pgettext_lazy("commission sheet", "A sheet of this partner is being made already.")


class ReturnedWithoutReason(InvalidInput):
    """Who sends a sheet back says what must be changed."""

    code = "returned_without_reason"
    message = pgettext_lazy("commission sheet", "Say what must be changed.")


class PaymentUnlikely(InvalidInput):
    """A payment has a number and a day that does not lie ahead."""

    code = "payment_unlikely"
    message = pgettext_lazy("commission sheet", "A payment has a number, and a day that does not lie ahead.")


class PaymentTaken(InvalidInput):
    """One payment pays one sheet."""

    code = "payment_taken"
    message = pgettext_lazy("commission sheet", "This payment has paid another sheet.")


@transaction.atomic
def make_settlement(partner: Partner, *, actor: Actor, now: datetime) -> CommissionSheet:
    """Make a sheet of all that is payable to a partner and stands on no sheet yet.

    :raises NotAllowed: if the actor may not make sheets there, or is no person
    :raises SheetOpen: if one is being made
    :raises NothingPayable: if it comes to nought or less
    """
    user_id = writer_of(actor, partner.org_unit_id)
    OrgUnit.objects.select_for_update(no_key=True).get(pk=partner.org_unit_id)
    Partner.objects.select_for_update(no_key=True, of=("self",)).get(pk=partner.pk)
    if CommissionSheet.objects.filter(partner=partner, state__in=(State.DRAFT, State.SUBMITTED)).exists():
        raise SheetOpen
    rows = CommissionSheet.objects.filter(org_unit=partner.org_unit_id)
    last = rows.aggregate(last=Max("number"))["last"] or 0
    sheet = CommissionSheet.objects.create(
        org_unit_id=partner.org_unit_id,
        partner=partner,
        number=last + 1,
        author_id=user_id,
        editor_id=user_id,
        is_sample=partner.is_sample,
        created_at=now,
        updated_at=now,
    )
    return _gather(sheet, now)


def _gather(sheet: CommissionSheet, now: datetime) -> CommissionSheet:
    """Put on a locked draft what is payable by now.

    :raises NothingPayable: if it comes to nought or less
    """
    payable = Commission.objects.payable().filter(partner=sheet.partner_id)
    ids = list(payable.select_for_update(of=("self",)).values_list("pk", flat=True))
    Commission.objects.filter(pk__in=ids).update(settlement=sheet, updated_at=now)
    total = sum_of(sheet)
    if total <= 0:
        raise NothingPayable
    sheet.total_amount, sheet.updated_at = total, now
    sheet.save(update_fields=["total_amount", "updated_at"])
    return sheet


def sum_of(sheet: CommissionSheet) -> Decimal:
    """Return the sum of the lines of a sheet."""
    found = Commission.objects.filter(settlement=sheet).aggregate(total=Sum("amount"))["total"]
    return found if found is not None else Decimal(0)


@transaction.atomic
def gather_again(sheet: CommissionSheet, *, actor: Actor, now: datetime) -> CommissionSheet:
    """Add to a draft what has become payable since.

    :raises NotAllowed: if the actor may not make sheets there, or is no person
    :raises PastThatStep: if it is no draft
    :raises NothingPayable: if it comes to nought or less by now
    """
    user_id = writer_of(actor, sheet.org_unit_id)
    locked = lock(sheet, State.DRAFT)
    locked.editor_id = user_id
    locked.save(update_fields=["editor"])
    return _gather(locked, now)


@transaction.atomic
def submit_settlement(sheet: CommissionSheet, *, actor: Actor, now: datetime) -> CommissionSheet:
    """Hand a draft to the second person.

    :raises NotAllowed: if the actor may not make sheets there, or is no person
    :raises PastThatStep: if it is no draft
    """
    user_id = writer_of(actor, sheet.org_unit_id)
    locked = lock(sheet, State.DRAFT)
    locked.editor_id = user_id
    hand_in(locked, now, "editor")
    return locked


@transaction.atomic
def return_settlement(
    sheet: CommissionSheet, *, because: str, actor: Actor, now: datetime
) -> CommissionSheet:
    """Send a sheet back, with what must be changed.

    :raises NotAllowed, PastThatStep, OwnWork: as `SecondPerson.lock_to_decide`
    :raises ReturnedWithoutReason: if nothing is said
    """
    locked = lock_to_decide(sheet, actor)
    tidy = " ".join(because.split())
    if not tidy:
        raise ReturnedWithoutReason("because")
    send_back(locked, tidy, now)
    return locked


@transaction.atomic
def approve_settlement(sheet: CommissionSheet, *, actor: Actor, now: datetime) -> CommissionSheet:
    """Approve, as the second person, a sheet whose lines come to its total.

    :raises NotAllowed, PastThatStep, OwnWork: as `SecondPerson.lock_to_decide`
    :raises Conflict: if the lines come to another sum
    """
    locked = lock_to_decide(sheet, actor)
    if sum_of(locked) != locked.total_amount:
        raise Conflict
    approve(locked, actor, now)
    record(SettlementApproved(**_about(locked), amount=locked.total_amount), actor=actor, now=now)
    return locked


@transaction.atomic
def pay_settlement(
    sheet: CommissionSheet, *, payment_number: str, paid_date: date, actor: Actor, now: datetime
) -> CommissionSheet:
    """Note that an approved sheet was paid; the same payment again changes nothing.

    :raises NotAllowed: if the actor may not make sheets there, or is no person
    :raises PaymentUnlikely, PaymentTaken: if number or day do not hold
    :raises PastThatStep: if it is not approved, or was paid otherwise
    """
    writer_of(actor, sheet.org_unit_id)
    tidy = " ".join(payment_number.split())[:60]
    if not tidy or paid_date > localdate(now):
        raise PaymentUnlikely("payment_number")
    OrgUnit.objects.select_for_update(no_key=True).get(pk=sheet.org_unit_id)
    kept = CommissionSheet.objects.get(pk=sheet.pk)
    if (kept.state, kept.payment_number, kept.paid_date) == (State.PAID, tidy, paid_date):
        return kept
    locked = lock(sheet, State.APPROVED)
    if CommissionSheet.objects.filter(org_unit=locked.org_unit_id, payment_number=tidy).exists():
        raise PaymentTaken("payment_number")
    locked.state, locked.payment_number, locked.paid_date = State.PAID, tidy, paid_date
    locked.updated_at = now
    locked.save(update_fields=["state", "payment_number", "paid_date", "updated_at"])
    record(SettlementPaid(**_about(locked), amount=locked.total_amount), actor=actor, now=now)
    return locked


def _about(sheet: CommissionSheet) -> dict[str, Any]:
    return {"org_unit_id": sheet.org_unit_id, "subject_id": sheet.pk, "is_sample": sheet.is_sample}
