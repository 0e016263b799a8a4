"""The three signatures under a repair: engineer, owner, and who supervises for the developer or property service."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.errors import DomainError, InvalidInput
from hearth.core.events import record
from hearth.core.models import StoredFile
from hearth.repairs.events import RepairSigned
from hearth.repairs.models import RepairOrder, SignOff, UsedPart
from hearth.repairs.permissions import CHANGE_REPAIR
from hearth.repairs.services.ordering import locked_order, of_order
from hearth.repairs.services.telling import tell_if_all_signed
from hearth.repairs.services.using import charge_parts

Signer = SignOff.Signer
State = RepairOrder.State


class SignedBefore(DomainError):
    """Each party signs once."""

    code = "signed_before"
    message = _("This party has signed already.")


class NoSuchSigner(InvalidInput):
    """Three parties sign a repair."""

    code = "no_such_signer"
    message = _("Engineer, owner and supervisor sign a repair.")


class EngineerSupervises(DomainError):
    """Whoever repaired does not supervise the repair."""

    code = "engineer_supervises"
    message = _("Somebody else than the engineer signs for the developer or property service.")


def require_signers(signers: Iterable[str]) -> None:
    """Ask that all are parties that sign.

    :raises NoSuchSigner: if one is none of the three
    """
    if not set(signers) <= set(Signer.values):
        raise NoSuchSigner("signer")


def sign(
    order: RepairOrder, signer: str, *, name: str, drawing: StoredFile | None, actor: Actor, now: datetime
) -> SignOff:
    """Write one signature under a locked, finished order; with the third it is signed off, and its case is
    told what the parts cost. A step of an act; load the order with its case.

    :raises NoSuchSigner: if it is none of the three
    :raises SignedBefore: if this party has signed
    """
    require_signers([signer])
    signed = set(SignOff.objects.filter(order=order).values_list("signer", flat=True))
    if signer in signed:
        raise SignedBefore
    row = SignOff.objects.create(
        org_unit_id=order.org_unit_id,
        order=order,
        signer=signer,
        name=name.strip()[:60],
        drawing=drawing,
        signed_at=now,
        user_id=actor.user_id,
        is_sample=order.is_sample,
        created_at=now,
        updated_at=now,
    )
    is_complete = signed | {signer} == set(Signer.values)
    if is_complete:
        order.state, order.signed_at, order.updated_at = State.SIGNED, now, now
        order.save(update_fields=["state", "signed_at", "updated_at"])
    record(RepairSigned(**of_order(order), signer=signer, is_complete=is_complete), actor=actor, now=now)
    if is_complete:
        charge_parts(order, UsedPart.objects.filter(visit__order=order), actor=actor, now=now)
        tell_if_all_signed(order, actor=actor, now=now)
    return row


@transaction.atomic
def supervise(order: RepairOrder, *, actor: Actor, now: datetime) -> SignOff:
    """Sign a finished repair for the developer or property service, by having signed in.

    :raises NotAllowed: if the actor may not change repairs there
    :raises TooLateForThat: if it is not finished, or signed off
    :raises EngineerSupervises: if the actor repaired it
    :raises SignedBefore: if somebody has signed for this party
    """
    actor.require(CHANGE_REPAIR, order.org_unit_id)
    locked = locked_order(order, State.FINISHED)
    came = locked.visits.filter(engineer_id=actor.user_id).exists()
    if actor.user_id is None or locked.engineer_id == actor.user_id or came:
        raise EngineerSupervises
    return sign(locked, Signer.SUPERVISOR, name=actor.name, drawing=None, actor=actor, now=now)
