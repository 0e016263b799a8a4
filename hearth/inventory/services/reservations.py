"""How reservations end without a contract: the customer withdraws in time, or the day of signing goes by."""

from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.errors import DomainError
from hearth.core.events import record
from hearth.inventory.events import ReservationLapsed, ReservationWithdrawn
from hearth.inventory.models import Hold
from hearth.inventory.permissions import HOLD_HOME
from hearth.inventory.services.holds import HoldIsOver, about_hold, end_and_free, lock_with_home
from hearth.inventory.standing import moment

Kind, Outcome = Hold.Kind, Hold.Outcome


class WithdrawalOver(DomainError):
    """The days of withdrawing without a reason are over."""

    code = "withdrawal_over"
    message = _(
        "Withdrawing without a reason was possible until %(until)s. Who has the right can still give the home free."
    )


class NoWithdrawal(DomainError):
    """This reservation never could be withdrawn from."""

    code = "no_withdrawal"
    message = _("By the rule of this place nobody withdraws from this reservation without a reason.")


@transaction.atomic
def withdraw_reservation(hold: Hold, *, actor: Actor, now: datetime) -> Hold:
    """End a reservation because the customer changed their mind in time; the whole deposit goes back.

    :raises NotAllowed: if the actor may not hold homes there
    :raises HoldIsOver: if it was ended, or is only a hold
    :raises NoWithdrawal: if the rule of the place allowed none when the home was reserved
    :raises WithdrawalOver: if the days for it are over
    """
    actor.require(HOLD_HOME, hold.org_unit_id)
    locked, unit = lock_with_home(hold, now)
    if locked.kind != Kind.RESERVATION:
        raise HoldIsOver
    if locked.withdrawal_ends_at is None:
        raise NoWithdrawal
    if not locked.may_withdraw(now):
        raise WithdrawalOver(until=moment(locked.withdrawal_ends_at))
    end_and_free(locked, unit, Outcome.WITHDRAWN, actor=actor, now=now)
    goes_back = -locked.returned_amount if locked.returned_amount is not None else None
    record(ReservationWithdrawn(**about_hold(locked, unit), amount=goes_back), actor=actor, now=now)
    return locked


def lapse_reservations(*, now: datetime) -> int:
    """End the reservations whose day of signing is over, and return how many. May be repeated, by several at once.

    The clock decides over nobody's money: where earnest money was paid the home stays reserved until a person with the
    right gives it free. Sincerity money goes back.
    """
    due = Hold.objects.filter(kind=Kind.RESERVATION, ended_at=None, sign_by_date__lt=localdate(now))
    rows = due.exclude(deposit_kind=Hold.Deposit.EARNEST).order_by("id")
    return sum(_lapse(row, now=now) for row in rows)


@transaction.atomic
def _lapse(hold: Hold, *, now: datetime) -> bool:
    actor = Actor.system("inventory")
    try:
        locked, unit = lock_with_home(hold, now)
    except HoldIsOver:
        return False
    end_and_free(locked, unit, Outcome.LAPSED, actor=actor, now=now)
    goes_back = -locked.returned_amount if locked.returned_amount is not None else None
    record(ReservationLapsed(**about_hold(locked, unit), amount=goes_back), actor=actor, now=now)
    return True
