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
from hearth.core.errors import DomainError, InvalidInput, NotAllowed
from hearth.core.events import record
from hearth.core.models import StoredFile
from hearth.core.stored_files import removed_unless_done
from hearth.core.uploads import PHOTO, SIGNATURE, Accepted, accept_upload
from hearth.imports.files import store_accepted
from hearth.repairs.events import RepairReached, RepairReported
from hearth.repairs.models import RepairOrder, RepairPhoto, RepairVisit, SignOff, SparePart
from hearth.repairs.permissions import CHANGE_REPAIR, WORK_REPAIR
from hearth.repairs.services.ordering import locked_order, of_order, require_state
from hearth.repairs.services.signing import require_signers, sign
from hearth.repairs.services.using import Quantities, find_parts, use_parts

State, Moment = RepairOrder.State, RepairPhoto.Moment
MOST_PHOTOS = 12
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


class SignedUnfinished(DomainError):
    """The three sign for what is finished."""

    code = "signed_unfinished"
    message = _("Only a finished repair is signed. Take the signatures away, or say that it is finished.")


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
    parts: Quantities = field(default_factory=dict)
    signatures: Mapping[str, Signature] = field(default_factory=dict)


@dataclass(frozen=True)
class Brought:
    """What a report brings as it may be kept: photos by their moment, parts, and drawings by who signed."""

    photos: Sequence[tuple[str, Accepted]]
    parts: Sequence[tuple[SparePart, Decimal]]
    drawings: Mapping[str, Accepted]


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
    """Say that somebody is on site; said again it changes nothing. What was booked again is reached again.

    :raises NotAllowed: if the order is another's
    :raises CameUnlikely: if the moment cannot be
    :raises TooLateForThat: if it is not booked, or cancelled
    """
    require_work(order, actor)
    locked = locked_order(order)
    if _is_reached(locked, came_at) and locked.state != State.CANCELLED:
        return locked
    require_state(locked, State.BOOKED)
    _require_likely(locked, came_at, now)
    _reach(locked, came_at, actor, now)
    return locked


def _is_reached(order: RepairOrder, came_at: datetime) -> bool:
    """Tell whether that was said before: since it was booked last, or of a visit before that."""
    return order.arrived_at is not None and (order.state != State.BOOKED or came_at <= order.arrived_at)


def _require_likely(order: RepairOrder, came_at: datetime, now: datetime) -> None:
    earliest = max(order.created_at - TOLERANCE, now - OLDEST)
    if not earliest <= came_at <= now + TOLERANCE:
        raise CameUnlikely("came_at")


def _reach(order: RepairOrder, came_at: datetime, actor: Actor, now: datetime) -> None:
    order.state, order.arrived_at, order.updated_at = State.ARRIVED, min(came_at, now), now
    order.save(update_fields=["state", "arrived_at", "updated_at"])
    mark_visited(order.case, visited_at=order.arrived_at, actor=actor, now=now)
    record(RepairReached(**of_order(order), occurred_at=order.arrived_at), actor=actor, now=now)


def report_visit(order: RepairOrder, report: VisitReport, *, actor: Actor, now: datetime) -> RepairVisit:
    """Keep what an engineer reports of a visit, with photos, parts and signatures, and return it.

    A report whose key came before is returned as it was kept. Who reports has come, whether that was said or not.
    Pictures are drawn anew before the order is locked, and no file stays of a report that is refused.

    :raises NotAllowed: if the order is another's
    :raises TooLateForThat: if the order is finished, cancelled or not booked
    :raises WorkMissing, CameUnlikely, TooManyPhotos, PartUnlikely, KeyOfAnother: if it does not hold
    :raises SignedUnfinished, NoSuchSigner: if it is not to be signed, or not by them
    :raises InvalidInput: as `accept_upload`
    """
    require_work(order, actor)
    if known := _kept_before(order, report):
        return known
    brought = _looked_at(order, report)
    with removed_unless_done() as written, transaction.atomic():
        locked = locked_order(order)
        return _kept_before(locked, report) or _keep(locked, report, brought, written, actor, now)


def _kept_before(order: RepairOrder, report: VisitReport) -> RepairVisit | None:
    known = RepairVisit.objects.filter(key=report.key).first()
    if known is not None and known.order_id != order.pk:
        raise KeyOfAnother("key")
    return known


def _looked_at(order: RepairOrder, report: VisitReport) -> Brought:
    """Ask everything of a report that needs no lock."""
    if not report.note.strip():
        raise WorkMissing("note")
    if len(report.before) + len(report.after) > MOST_PHOTOS:
        raise TooManyPhotos("before", most=MOST_PHOTOS)
    if report.signatures and not report.is_finished:
        raise SignedUnfinished
    require_signers(report.signatures)
    parts = find_parts(order, report.parts)
    photos = [
        (moment.value, accept_upload(file, PHOTO))
        for moment, files in ((Moment.BEFORE, report.before), (Moment.AFTER, report.after))
        for file in files
    ]
    drawings = {signer: accept_upload(each.drawing, SIGNATURE) for signer, each in report.signatures.items()}
    return Brought(photos, parts, drawings)


def _keep(
    order: RepairOrder,
    report: VisitReport,
    brought: Brought,
    written: list[StoredFile],
    actor: Actor,
    now: datetime,
) -> RepairVisit:
    require_state(order, State.BOOKED, State.ARRIVED)
    _require_likely(order, report.came_at, now)
    if not _is_reached(order, report.came_at):
        _reach(order, report.came_at, actor, now)
    visit = RepairVisit.objects.create(
        key=report.key,
        order=order,
        engineer_id=actor.user_id,
        came_at=min(report.came_at, now),
        note=report.note.strip(),
        is_finished=report.is_finished,
        **_about(order, now),
    )
    for moment, photo in brought.photos:
        written.append(store_accepted(photo, now=now))
        RepairPhoto.objects.create(visit=visit, moment=moment, stored=written[-1], **_about(order, now))
    amount = use_parts(visit, brought.parts, now)
    if report.is_finished:
        order.state, order.updated_at = State.FINISHED, now
        order.finished_at = max(visit.came_at, order.arrived_at or visit.came_at)
        order.save(update_fields=["state", "finished_at", "updated_at"])
    event = RepairReported(
        **of_order(order), amount=amount or None, is_finished=report.is_finished, photos=len(brought.photos)
    )
    record(event, actor=actor, now=now)
    for signer, accepted in brought.drawings.items():
        written.append(store_accepted(accepted, now=now))
        name = report.signatures[signer].name
        sign(order, signer, name=name, drawing=written[-1], actor=actor, now=now)
    return visit


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
    require_signers([signer])
    accepted = accept_upload(signature.drawing, SIGNATURE)
    with removed_unless_done() as written, transaction.atomic():
        locked = locked_order(order, State.FINISHED, State.SIGNED)
        if known := locked.sign_offs.filter(signer=signer).first():
            return known
        written.append(store_accepted(accepted, now=now))
        return sign(locked, signer, name=signature.name, drawing=written[-1], actor=actor, now=now)


def _about(order: RepairOrder, now: datetime) -> dict[str, Any]:
    return {
        "org_unit_id": order.org_unit_id,
        "is_sample": order.is_sample,
        "created_at": now,
        "updated_at": now,
    }
