"""Running an opening day: calling numbers in rounds, and choosing in their order."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.errors import DomainError, NotAllowed
from hearth.core.events import record
from hearth.customers.models import Customer
from hearth.inventory.events import NumbersCalled
from hearth.inventory.models import Hold, Opening, QueueEntry, ReleaseBatch
from hearth.inventory.permissions import RUN_OPENING
from hearth.inventory.refusals import ReservedAlready, nearest_free
from hearth.inventory.services.holds import holder_of, lock_free, write_reservation
from hearth.properties.models import Unit

State, Entry = Opening.State, QueueEntry.State


class NotOnSaleYet(DomainError):
    """Only a released batch has an opening day."""

    code = "not_on_sale_yet"
    message = _("Release the batch first.")


class OpeningBegun(DomainError):
    """A batch has one opening day."""

    code = "opening_begun"
    message = _("The opening day of this batch has begun already.")


class OpeningOver(DomainError):
    """The opening day was closed."""

    code = "opening_over"
    message = _("The opening day is over.")


class NothingToCall(DomainError):
    """Numbers are called upwards, and only those that were given."""

    code = "nothing_to_call"
    message = _("Call a number above %(called)s and up to %(last)s.")


class NotCalledYet(DomainError):
    """Whoever has a smaller number chooses first."""

    code = "not_called_yet"
    message = _("Number %(number)s is not called yet; called are the numbers up to %(called)s.")


class HasChosen(DomainError):
    """A number chooses one home, and none once it was withdrawn."""

    code = "has_chosen"
    message = _("Number %(number)s has chosen already, or was withdrawn.")


class OtherBatch(DomainError):
    """The queue is for another batch."""

    code = "other_batch"
    message = _("This home belongs to another batch than the queue.")


@transaction.atomic
def begin_opening(batch: ReleaseBatch, *, actor: Actor, now: datetime) -> Opening:
    """Begin the opening day of a batch; from now on its homes are taken by queue number alone.

    :raises NotAllowed: if the actor may not run it there, or is no person
    :raises NotOnSaleYet: if the batch is not released
    :raises OpeningBegun: if it had its opening day
    """
    actor.require(RUN_OPENING, batch.org_unit_id)
    if actor.user_id is None:
        raise NotAllowed(permission=RUN_OPENING)
    locked = ReleaseBatch.objects.select_for_update(of=("self",), no_key=True).get(pk=batch.pk)
    if locked.state != ReleaseBatch.State.RELEASED:
        raise NotOnSaleYet
    if Opening.objects.filter(batch=locked).exists():
        raise OpeningBegun
    return Opening.objects.create(
        org_unit_id=locked.org_unit_id,
        batch=locked,
        user_id=actor.user_id,
        created_at=now,
        updated_at=now,
        is_sample=locked.is_sample,
    )


@transaction.atomic
def call_numbers(opening: Opening, *, up_to: int, actor: Actor, now: datetime) -> Opening:
    """Call the next numbers of the queue, up to one of them: a round. Who withdrew is passed over.

    :raises NotAllowed: if the actor may not run the opening day
    :raises OpeningOver: if it was closed
    :raises NothingToCall: if that number was called, or was not given
    """
    actor.require(RUN_OPENING, opening.org_unit_id)
    locked = _lock(opening)
    entries = QueueEntry.objects.filter(batch=locked.batch_id)
    last = entries.aggregate(last=Max("number", default=0))["last"]
    if not locked.called_to < up_to <= last:
        raise NothingToCall(called=locked.called_to, last=last)
    first, locked.called_to, locked.rounds, locked.updated_at = (
        locked.called_to + 1,
        up_to,
        locked.rounds + 1,
        now,
    )
    locked.save(update_fields=["called_to", "rounds", "updated_at"])
    called = entries.filter(number__range=(first, up_to), state=Entry.WAITING)
    called.update(called_at=now, round=locked.rounds, updated_at=now)
    event = NumbersCalled(
        org_unit_id=locked.org_unit_id,
        project_id=ReleaseBatch.objects.get(pk=locked.batch_id).project_id,
        subject_id=locked.pk,
        round=locked.rounds,
        first=first,
        last=up_to,
        is_sample=locked.is_sample,
    )
    record(event, actor=actor, now=now)
    return locked


@transaction.atomic
def choose_home(opening: Opening, *, entry: QueueEntry, unit: Unit, actor: Actor, now: datetime) -> Hold:
    """Reserve a home for a number that was called.

    Locks the number, then the home: a number chooses one home and a home is chosen once, whoever presses when. The
    database admits neither twice, and no choice before its call. Who asks for a home that is reserved already is told
    so without any lock: on an opening day most of the crowd does.

    :raises NotAllowed: if the actor may not hold homes there, or is no person
    :raises OpeningOver: if it was closed
    :raises HasChosen: if the number has a home or was withdrawn
    :raises NotCalledYet: if smaller numbers choose first
    :raises OtherBatch: if home or number are of another batch
    :raises HomeNotFree: if the home cannot be taken; the subclass says why, `nearest` what is free
    """
    user_id = holder_of(actor, opening.org_unit_id)
    _refuse_reserved(opening, entry, unit, now)
    current = Opening.objects.get(pk=opening.pk)
    if current.state != State.RUNNING:
        raise OpeningOver
    locked = QueueEntry.objects.select_for_update(of=("self",)).get(pk=entry.pk)
    if locked.batch_id != current.batch_id:
        raise OtherBatch
    if locked.state != Entry.WAITING or locked.customer_id is None:
        raise HasChosen(number=locked.number)
    if locked.called_at is None or locked.called_at > now:
        raise NotCalledYet(number=locked.number, called=current.called_to)
    home, standing = lock_free(unit, now, but_for=locked.customer_id)
    if standing.batch is None or standing.batch.pk != current.batch_id:
        raise OtherBatch
    customer = Customer.objects.get(pk=locked.customer_id)
    hold = write_reservation(home, standing, customer, user_id, actor, now, entry=locked)
    locked.state, locked.chosen_at, locked.updated_at = Entry.CHOSEN, now, now
    locked.save(update_fields=["state", "chosen_at", "updated_at"])
    return hold


def _refuse_reserved(opening: Opening, entry: QueueEntry, unit: Unit, now: datetime) -> None:
    """Refuse a home that is reserved, for a number whose turn it is, as the rows were read; two queries at most.

    Whatever else stands against the choice is judged under the locks.
    """
    is_their_turn = (
        opening.state == State.RUNNING
        and entry.batch_id == opening.batch_id
        and entry.state == Entry.WAITING
        and entry.called_at is not None
        and entry.called_at <= now
    )
    if is_their_turn and Hold.objects.live(now).filter(unit=unit, kind=Hold.Kind.RESERVATION).exists():
        raise ReservedAlready(nearest_free(unit, unit.list_price_amount, now, asked_for=entry.customer_id))


@transaction.atomic
def close_opening(opening: Opening, *, actor: Actor, now: datetime) -> Opening:
    """End the opening day; what is left is sold as ever.

    :raises NotAllowed: if the actor may not run the opening day
    :raises OpeningOver: if it was closed
    """
    actor.require(RUN_OPENING, opening.org_unit_id)
    locked = _lock(opening)
    locked.state, locked.closed_at, locked.updated_at = State.CLOSED, now, now
    locked.save(update_fields=["state", "closed_at", "updated_at"])
    return locked


def _lock(opening: Opening) -> Opening:
    locked = Opening.objects.select_for_update(of=("self",)).get(pk=opening.pk)
    if locked.state != State.RUNNING:
        raise OpeningOver
    return locked
