"""What the engineer reports from the home: arrival, the work with photos and parts, and the signatures drawn there.

A phone without network keeps a report and sends it later, perhaps twice: the key it made for the report is kept, and
what comes again changes nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hearth.cases.services import mark_visited
from hearth.core.actor import Actor
from hearth.core.errors import InvalidInput, NotAllowed
from hearth.core.events import record
from hearth.core.uploads import PHOTO, SIGNATURE, accept_upload
from hearth.imports.files import store_accepted
from hearth.repairs.events import RepairReached, RepairReported
from hearth.repairs.models import RepairOrder, RepairPhoto, RepairVisit, SignOff, SparePart, UsedPart
from hearth.repairs.permissions import CHANGE_REPAIR, WORK_REPAIR
from hearth.repairs.services.ordering import locked_order, of_order
from hearth.repairs.services.signing import sign

State = RepairOrder.State
MOST_PHOTOS = 12
MOST_OF_A_PART = Decimal(10_000)
# Clocks of phones differ, and reports wait for the network for days.
TOLERANCE, OLDEST = timedelta(minutes=5), timedelta(days=14)


class WorkMissing(InvalidInput):
    """A report says what was done."""

    code = "work_missing"
    message = _("Say what was done.")


class CameUnlikely(InvalidInput):
    """A visit lies after the order and not in the future."""

    code = "came_unlikely"
    message = _("The visit lies before the order, in the future, or more than two weeks ago.")


class TooManyPhotos(InvalidInput):
    """Photos show a repair, and do not film it."""

    code = "too_many_photos"
    message = _("At most %(most)s photos belong to a visit.")


class PartUnlikely(InvalidInput):
    """Parts are those of the catalogue, each once, in an amount above nothing."""

    code = "part_unlikely"
    message = _("Parts are chosen from the catalogue, each once, with an amount above nothing.")


class KeyOfAnother(InvalidInput):
    """A key stands for one report of one order."""

    code = "visit_key_of_another"
    message = _("This report was sent for another repair already.")


@dataclass(frozen=True)
class Signature:
    """A name and what was drawn with the finger."""

    drawing: "UploadedFile[Any]"
    name: str = ""


@dataclass(frozen=True)
class VisitReport:
    """What an engineer reports of a visit; quantities by the id of the part."""

    key: UUID
    came_at: datetime
    note: str
    is_finished: bool
    before: Sequence["UploadedFile[Any]"] = ()
    after: Sequence["UploadedFile[Any]"] = ()
    parts: Mapping[UUID, Decimal] = field(default_factory=dict)
    signatures: Mapping[str, Signature] = field(default_factory=dict)


def require_work(order: RepairOrder, actor: Actor) -> None:
    """Ask for the right to work on an order: one's own, or any where one may change repairs.

    :raises NotAllowed: if the actor has it not
    """
    if actor.can(CHANGE_REPAIR, order.org_unit_id):
        return
    actor.require(WORK_REPAIR, order.org_unit_id)
    if actor.user_id is None or order.engineer_id != actor.user_id:
        raise NotAllowed


@transaction.atomic
def arrive(order: RepairOrder, *, came_at: datetime, actor: Actor, now: datetime) -> RepairOrder:
    """Say that somebody is on site; said again it changes nothing.

    :raises NotAllowed: if the order is another's
    :raises CameUnlikely: if the moment cannot be
    :raises TooLateForThat: if it is not booked, or cancelled
    """
    require_work(order, actor)
    locked = locked_order(order)
    if locked.arrived_at is not None and locked.state != State.CANCELLED:
        return locked
    locked = locked_order(order, State.BOOKED)
    _reach(locked, came_at, actor, now)
    return locked


def _reach(order: RepairOrder, came_at: datetime, actor: Actor, now: datetime) -> None:
    earliest = max(order.created_at - TOLERANCE, now - OLDEST)
    if not earliest <= came_at <= now + TOLERANCE:
        raise CameUnlikely("came_at")
    order.state, order.arrived_at, order.updated_at = State.ARRIVED, min(came_at, now), now
    order.save(update_fields=["state", "arrived_at", "updated_at"])
    mark_visited(order.case, visited_at=order.arrived_at, actor=actor, now=now)
    record(RepairReached(**of_order(order), occurred_at=order.arrived_at), actor=actor, now=now)


@transaction.atomic
def report_visit(order: RepairOrder, report: VisitReport, *, actor: Actor, now: datetime) -> RepairVisit:
    """Keep what an engineer reports of a visit, with photos, parts and signatures, and return it.

    A report whose key came before is returned as it was kept. Who reports has come, whether that was said or not.

    :raises NotAllowed: if the order is another's
    :raises TooLateForThat: if the order is finished, cancelled or not booked
    :raises WorkMissing, CameUnlikely, TooManyPhotos, PartUnlikely, KeyOfAnother: if it does not hold
    :raises InvalidInput: as `accept_upload`
    """
    require_work(order, actor)
    locked = locked_order(order)
    if known := RepairVisit.objects.filter(key=report.key).first():
        if known.order_id != locked.pk:
            raise KeyOfAnother("key")
        return known
    locked = locked_order(order, State.BOOKED, State.ARRIVED)
    if not report.note.strip():
        raise WorkMissing("note")
    if len(report.before) + len(report.after) > MOST_PHOTOS:
        raise TooManyPhotos("before", most=MOST_PHOTOS)
    if locked.state == State.BOOKED:
        _reach(locked, report.came_at, actor, now)
    visit = RepairVisit.objects.create(
        key=report.key,
        order=locked,
        engineer_id=actor.user_id,
        came_at=min(report.came_at, now),
        note=report.note.strip(),
        is_finished=report.is_finished,
        **_about(locked, now),
    )
    _keep_photos(visit, report, now)
    amount = _use_parts(visit, locked, report.parts, now)
    if report.is_finished:
        locked.state, locked.finished_at, locked.updated_at = State.FINISHED, now, now
        locked.save(update_fields=["state", "finished_at", "updated_at"])
    photos = len(report.before) + len(report.after)
    event = RepairReported(
        **of_order(locked), amount=amount or None, is_finished=report.is_finished, photos=photos
    )
    record(event, actor=actor, now=now)
    if report.is_finished:
        for signer, signature in report.signatures.items():
            accepted = accept_upload(signature.drawing, SIGNATURE)
            drawing = store_accepted(accepted, now=now)
            sign(locked, signer, name=signature.name, drawing=drawing, actor=actor, now=now)
    return visit


@transaction.atomic
def sign_later(
    order: RepairOrder, signer: str, signature: Signature, *, actor: Actor, now: datetime
) -> SignOff:
    """Keep a signature drawn on the phone under a repair that was finished without it; sent again it changes nothing.

    :raises NotAllowed: if the order is another's
    :raises TooLateForThat: if the repair is not finished
    :raises NoSuchSigner: if it is none of the three
    :raises InvalidInput: as `accept_upload`
    """
    require_work(order, actor)
    locked = locked_order(order, State.FINISHED, State.SIGNED)
    if known := locked.sign_offs.filter(signer=signer).first():
        return known
    drawing = store_accepted(accept_upload(signature.drawing, SIGNATURE), now=now)
    return sign(locked, signer, name=signature.name, drawing=drawing, actor=actor, now=now)


def _about(order: RepairOrder, now: datetime) -> dict[str, Any]:
    return {
        "org_unit_id": order.org_unit_id,
        "is_sample": order.is_sample,
        "created_at": now,
        "updated_at": now,
    }


def _keep_photos(visit: RepairVisit, report: VisitReport, now: datetime) -> None:
    about = _about(visit.order, now)
    for moment, files in (
        (RepairPhoto.Moment.BEFORE, report.before),
        (RepairPhoto.Moment.AFTER, report.after),
    ):
        for file in files:
            stored = store_accepted(accept_upload(file, PHOTO), now=now)
            RepairPhoto.objects.create(visit=visit, moment=moment, stored=stored, **about)


def _use_parts(
    visit: RepairVisit, order: RepairOrder, wanted: Mapping[UUID, Decimal], now: datetime
) -> Decimal:
    """Write what was used at the price of today, and return what it comes to."""
    found = SparePart.objects.for_place(order.org_unit).in_bulk(list(wanted))
    if set(found) != set(wanted):
        raise PartUnlikely("parts")
    total = Decimal(0)
    for key, quantity in wanted.items():
        if not 0 < quantity <= MOST_OF_A_PART or quantity != round(quantity, 2):
            raise PartUnlikely("parts")
        used = UsedPart.objects.create(
            visit=visit,
            part=found[key],
            quantity=quantity,
            price_amount=found[key].price_amount,
            **_about(order, now),
        )
        total += used.amount
    return total
