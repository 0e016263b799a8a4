"""Numbers in the queue of a batch, in the order in which customers came."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.errors import DomainError
from hearth.core.events import record
from hearth.customers.models import Customer
from hearth.inventory.events import QueueJoined, QueueLeft
from hearth.inventory.models import QueueEntry, ReleaseBatch
from hearth.inventory.permissions import HOLD_HOME
from hearth.inventory.services.holds import holder_of

State = QueueEntry.State


class WaitsAlready(DomainError):
    """A customer has one number in a queue."""

    code = "waits_already"
    message = _("This customer waits in this queue already, as number %(number)s.")


class DoesNotWait(DomainError):
    """The number was withdrawn or used."""

    code = "does_not_wait"
    message = _("This number does not wait any more.")


@transaction.atomic
def join_queue(
    batch: ReleaseBatch, *, customer: Customer, actor: Actor, now: datetime, amount: Decimal | None = None
) -> QueueEntry:
    """Give a customer the next number in the queue of a batch.

    The batch's row is locked, so that numbers follow each other without gaps in the order of commits.

    :raises NotAllowed: if the actor may not give numbers there, or is no person
    :raises WaitsAlready: if the customer has a number
    """
    user_id = holder_of(actor, batch.org_unit_id)
    ReleaseBatch.objects.select_for_update(of=("self",), no_key=True).get(pk=batch.pk)
    entries = QueueEntry.objects.filter(batch=batch)
    if waiting := entries.filter(customer=customer).exclude(state=State.WITHDRAWN).first():
        raise WaitsAlready(number=waiting.number)
    last = entries.aggregate(last=Max("number", default=0))["last"]
    entry = QueueEntry.objects.create(
        org_unit_id=batch.org_unit_id,
        batch=batch,
        number=last + 1,
        customer=customer,
        user_id=user_id,
        amount=amount,
        created_at=now,
        updated_at=now,
        is_sample=batch.is_sample and customer.is_sample,
    )
    record(
        QueueJoined(
            org_unit_id=batch.org_unit_id,
            customer_id=customer.pk,
            project_id=batch.project_id,
            subject_id=entry.pk,
            amount=amount,
            number=entry.number,
            is_sample=entry.is_sample,
        ),
        actor=actor,
        now=now,
    )
    return entry


@transaction.atomic
def leave_queue(entry: QueueEntry, *, actor: Actor, now: datetime) -> QueueEntry:
    """Let a customer withdraw; the number is not given again and all others keep theirs.

    :raises NotAllowed: if the actor may not give numbers there
    :raises DoesNotWait: if it does not wait
    """
    actor.require(HOLD_HOME, entry.org_unit_id)
    locked = QueueEntry.objects.select_for_update(of=("self",)).get(pk=entry.pk)
    if locked.state != State.WAITING:
        raise DoesNotWait
    locked.state, locked.withdrawn_at, locked.updated_at = State.WITHDRAWN, now, now
    locked.save(update_fields=["state", "withdrawn_at", "updated_at"])
    batch = ReleaseBatch.objects.get(pk=locked.batch_id)
    record(
        QueueLeft(
            org_unit_id=locked.org_unit_id,
            customer_id=locked.customer_id,
            project_id=batch.project_id,
            subject_id=locked.pk,
            number=locked.number,
            is_sample=locked.is_sample,
        ),
        actor=actor,
        now=now,
    )
    return locked
