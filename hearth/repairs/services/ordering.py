"""Making repair orders, and finding out whether the same was repaired before."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from hearth.cases.models import Case, Cause
from hearth.cases.services import CaseIsClosed
from hearth.core.actor import Actor
from hearth.core.errors import DomainError, InvalidInput
from hearth.core.events import record
from hearth.organization.selectors import setting_at
from hearth.properties.models import Unit
from hearth.repairs.events import RepairCancelled, RepairOrdered
from hearth.repairs.home_parts import HomePart
from hearth.repairs.models import RepairOrder, RepairSlot
from hearth.repairs.permissions import CHANGE_REPAIR
from hearth.repairs.policy import REPEAT_DAYS
from hearth.repairs.selectors import homes_of_case
from hearth.repairs.services.telling import tell_if_all_signed
from hearth.repairs.warranty_selectors import Standing, warranty_of

State = RepairOrder.State


class NoRepairCase(DomainError):
    """Only a case of the kind repair is repaired."""

    code = "no_repair_case"
    message = _("This case is no repair. Open one of that kind for it.")


class HomeOfAnother(InvalidInput):
    """The home is that of the case, else one of its customer."""

    code = "home_of_another"
    message = _("The home is neither that of the case nor one of its customer.")


class OrderedBefore(DomainError):
    """What is ordered once is repaired once."""

    code = "repair_ordered_before"
    message = _("%(order)s is for the same already.")


class FaultMissing(InvalidInput):
    """An order says what is broken."""

    code = "fault_missing"
    message = _("Say what is broken.")


class ReasonForCancelling(InvalidInput):
    """Whoever cancels says why."""

    code = "cancel_reason_missing"
    message = _("Say why the repair is not made.")


class TooLateForThat(DomainError):
    """An order that is past a step does not go back."""

    code = "repair_past_that_step"
    message = _("The repair is past that step already. Load the page again.")


@dataclass(frozen=True)
class NewRepair:
    """A repair to be ordered."""

    unit: Unit
    part: str
    fault: str
    cause: Cause | None = None
    contractor: str = ""


@transaction.atomic
def order_repair(case: Case, new: NewRepair, *, actor: Actor, now: datetime) -> RepairOrder:
    """Make a repair order for a case, with its warranty as of the day on which the customer asked.

    An earlier repair of the same is linked. Load the home with its place.

    :raises NotAllowed: if the actor may not change repairs at the place of the home
    :raises NoRepairCase, CaseIsClosed: if the case is none to repair
    :raises HomeOfAnother, FaultMissing, InvalidInput: if it does not hold
    :raises OrderedBefore: if the same is ordered already, and not repaired yet
    """
    actor.require(CHANGE_REPAIR, new.unit.org_unit_id)
    locked = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
    if locked.kind != Case.Kind.REPAIR:
        raise NoRepairCase
    if locked.state == Case.State.CLOSED:
        raise CaseIsClosed
    if not homes_of_case(locked, today=localdate(now)).filter(pk=new.unit.pk).exists():
        raise HomeOfAnother("unit")
    if new.part not in HomePart.values:
        raise InvalidInput("part")
    if not new.fault.strip():
        raise FaultMissing("fault")
    same = RepairOrder.objects.live().filter(case=locked, unit=new.unit, part=new.part)
    if before := same.filter(fault=new.fault.strip()).first():
        raise OrderedBefore(order=str(before))
    warranty = warranty_of(new.unit, new.part, day=localdate(locked.opened_at))
    earlier = earlier_repair(new.unit, new.part, new.cause, now=now)
    row = RepairOrder.objects.create(
        org_unit_id=new.unit.org_unit_id,
        case=locked,
        unit=new.unit,
        part=new.part,
        fault=new.fault.strip(),
        cause=new.cause,
        is_in_warranty=warranty.standing in (Standing.IN_WARRANTY, Standing.NOT_BEGUN),
        warranty_until_date=warranty.end.ends_date if warranty.end else None,
        warranty_source=warranty.end.source.value if warranty.end else "",
        contractor=new.contractor.strip()[:80],
        repeat_of=earlier,
        author_id=actor.user_id,
        is_sample=locked.is_sample,
        created_at=now,
        updated_at=now,
    )
    row.refresh_from_db(fields=["number"])
    event = RepairOrdered(
        **of_order(row),
        part=row.part,
        is_in_warranty=row.is_in_warranty,
        is_repeat=earlier is not None,
    )
    record(event, actor=actor, now=now)
    return row


def earlier_repair(unit: Unit, part: str, cause: Cause | None, *, now: datetime) -> RepairOrder | None:
    """Return the last that was repaired of the same part of a home, or of the same cause in its entrance, and when
    that was is not longer ago than a place says.
    """
    days = int(setting_at(REPEAT_DAYS.key, unit.org_unit))
    if not days:
        return None
    same = Q(unit=unit, part=part)
    if cause is not None and unit.entrance_id:
        same |= Q(cause=cause, unit__entrance=unit.entrance_id)
    rows = RepairOrder.objects.filter(same, state__in=(State.FINISHED, State.SIGNED))
    return rows.filter(finished_at__gte=now - timedelta(days=days)).order_by("-finished_at", "-id").first()


@transaction.atomic
def cancel_repair(order: RepairOrder, because: str, *, actor: Actor, now: datetime) -> RepairOrder:
    """Cancel a repair that is not finished; its slot is free again, unless it has begun.

    :raises NotAllowed: if the actor may not change repairs there
    :raises TooLateForThat: if it is finished, or cancelled
    :raises ReasonForCancelling: if no reason is given
    """
    actor.require(CHANGE_REPAIR, order.org_unit_id)
    locked = locked_order(order, *RepairOrder.LIVE)
    if not because.strip():
        raise ReasonForCancelling("because")
    if locked.slot_id:
        release(RepairSlot.objects.select_for_update().get(pk=locked.slot_id), now=now)
    locked.state, locked.slot, locked.updated_at = State.CANCELLED, None, now
    locked.cancelled_because = because.strip()[:200]
    locked.save(update_fields=["state", "slot", "cancelled_because", "updated_at"])
    record(RepairCancelled(**of_order(locked)), actor=actor, now=now)
    tell_if_all_signed(locked, actor=actor, now=now)
    return locked


def release(slot: RepairSlot, *, now: datetime) -> None:
    """Give the place of one order in a locked slot back; one that has begun was used."""
    if slot.starts_at <= now:
        return
    slot.taken, slot.updated_at = slot.taken - 1, now
    slot.save(update_fields=["taken", "updated_at"])


def locked_order(order: RepairOrder, *states: str) -> RepairOrder:
    """Return the locked row of an order in one of the states.

    :raises TooLateForThat: if it is in none of them by now
    """
    locked = (
        RepairOrder.objects.select_for_update(of=("self",))
        .select_related("case", "unit__project", "unit__building", "unit__entrance", "org_unit")
        .get(pk=order.pk)
    )
    if states:
        require_state(locked, *states)
    return locked


def require_state(order: RepairOrder, *states: str) -> None:
    """Ask that a locked order is in one of the states.

    :raises TooLateForThat: if it is in none of them
    """
    if order.state not in states:
        raise TooLateForThat


def of_order(order: RepairOrder) -> dict[str, Any]:
    """What every event of an order carries; load it with its case and home."""
    return {
        "org_unit_id": order.org_unit_id,
        "customer_id": order.case.customer_id,
        "unit_id": order.unit_id,
        "project_id": order.unit.project_id,
        "subject_id": order.pk,
        "is_sample": order.is_sample,
    }
