"""Working days cut into slots, and repairs booked into them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.timezone import localdate, localtime, make_aware
from django.utils.translation import gettext_lazy as _

from hearth.accounts.models import User
from hearth.accounts.services import notify
from hearth.cases.services import mark_dispatched
from hearth.core.actor import Actor
from hearth.core.bulk import insert_many
from hearth.core.errors import DomainError, InvalidInput
from hearth.core.events import record, record_many
from hearth.core.ownership import reassign
from hearth.organization.models import OrgUnit
from hearth.organization.selectors import calendar_for, people_with
from hearth.repairs.events import RepairBooked, RepairPassedOn
from hearth.repairs.models import RepairOrder, RepairSlot
from hearth.repairs.notifications import GIVEN
from hearth.repairs.permissions import CHANGE_REPAIR, WORK_REPAIR
from hearth.repairs.selectors import free_slots
from hearth.repairs.services.ordering import TooLateForThat, locked_order, of_order, release

State = RepairOrder.State
MOST_DAYS = 31
LONGEST_AHEAD = timedelta(days=730)
DAY = timedelta(days=1)
MINUTES = range(15, 481)
HOMES = range(1, 21)


class SlotFull(DomainError):
    """As many homes as a slot has room for are booked into it."""

    code = "slot_full"
    message = _("This slot is taken. No other one is free.")


class SlotFullButAnotherFree(SlotFull):
    """The refusal names the nearest slot that is free."""

    message = _("This slot is taken. The nearest free one is %(starts)s, %(engineer)s.")


class SlotPast(InvalidInput):
    """Nobody comes yesterday."""

    code = "slot_past"
    message = _("This slot has begun already.")


class SlotElsewhere(InvalidInput):
    """Who repairs works at the place of the home, or above it."""

    code = "slot_elsewhere"
    message = _("Who works in this slot does not work at the place of the home.")


class NoEngineer(InvalidInput):
    """Slots are those of people who repair at the place."""

    code = "no_engineer"
    message = _("This person does not repair at this place.")


class DaysUnlikely(InvalidInput):
    """Days are cut for a month at most, from today on, into slots that fit in."""

    code = "days_unlikely"
    message = _(
        "Choose at most 31 days in order, the first today or within two years, slots of 15 to 480 minutes, and 1 to 20 "
        "homes for each."
    )


class SlotInUse(DomainError):
    """Somebody waits at home for it."""

    code = "slot_in_use"
    message = _("A repair is booked into this slot. Book it elsewhere first.")


@dataclass(frozen=True)
class DaysToCut:
    """Working days of a person, cut into slots of some minutes for so many homes each."""

    engineer: User
    first_date: date
    last_date: date
    minutes: int
    capacity: int = 1


@transaction.atomic
def cut_days(place: OrgUnit, wanted: DaysToCut, *, actor: Actor, now: datetime) -> list[RepairSlot]:
    """Cut the working days of a person into slots by the calendar and hours of a place, and return the new ones.

    Times that are past, or that overlap a slot the person has, are left out; so it may be repeated.

    :raises NotAllowed: if the actor may not change repairs there
    :raises NoEngineer: if the person does not repair at the place
    :raises DaysUnlikely: if days, minutes or number of homes cannot be
    """
    actor.require(CHANGE_REPAIR, place.pk)
    length, today = (wanted.last_date - wanted.first_date).days, localdate(now)
    if not (0 <= length < MOST_DAYS and today <= wanted.first_date <= today + LONGEST_AHEAD):
        raise DaysUnlikely("first_date")
    if wanted.minutes not in MINUTES or wanted.capacity not in HOMES:
        raise DaysUnlikely("first_date")
    if not _repairs_at(place, wanted.engineer.pk, now):
        raise NoEngineer("engineer")
    User.objects.select_for_update(no_key=True).get(pk=wanted.engineer.pk)
    calendar = calendar_for(place)
    days = [wanted.first_date + DAY * ahead for ahead in range(length + 1)]
    times = [
        times
        for day in days
        if calendar.is_working_day(day)
        for begins, ends in calendar.hours
        for times in _cut(day, begins, ends, wanted.minutes)
    ]
    kept = RepairSlot.objects.filter(
        engineer=wanted.engineer,
        ends_at__gt=_moment(days[0], time(0)),
        starts_at__lt=_moment(days[-1] + DAY, time(0)),
    )
    taken = list(kept.values_list("starts_at", "ends_at"))
    rows = [
        RepairSlot(
            org_unit=place,
            engineer=wanted.engineer,
            starts_at=starts,
            ends_at=ends,
            capacity=wanted.capacity,
            is_sample=place.is_sample,
            created_at=now,
            updated_at=now,
        )
        for starts, ends in times
        if starts > now and not any(starts < end and begin < ends for begin, end in taken)
    ]
    insert_many(rows)
    return rows


def _repairs_at(place: OrgUnit, user_id: int, now: datetime) -> bool:
    return people_with(WORK_REPAIR, place, today=localdate(now)).filter(pk=user_id).exists()


def _cut(day: date, begins: time, ends: time, minutes: int) -> list[tuple[datetime, datetime]]:
    start, step = _moment(day, begins), timedelta(minutes=minutes)
    end = _moment(day + DAY, ends) if ends == time(0) else _moment(day, ends)
    return [(start + step * number, start + step * (number + 1)) for number in range((end - start) // step)]


def _moment(day: date, at: time) -> datetime:
    return make_aware(datetime.combine(day, at))


@transaction.atomic
def remove_slot(slot: RepairSlot, *, actor: Actor, now: datetime) -> None:
    """Take a slot away into which nothing is booked.

    :raises NotAllowed: if the actor may not change repairs there
    :raises SlotInUse: if a repair is booked into it, or was
    """
    actor.require(CHANGE_REPAIR, slot.org_unit_id)
    locked = RepairSlot.objects.select_for_update().get(pk=slot.pk)
    if locked.taken or RepairOrder.objects.filter(slot=locked).exists():
        raise SlotInUse
    locked.delete()


@transaction.atomic
def book_repair(order: RepairOrder, slot: RepairSlot, *, actor: Actor, now: datetime) -> RepairOrder:
    """Book a repair into a slot, or into another one; who works there is sent and told. What was visited and is not
    finished is booked again.

    The order is locked first, then the slots in the order of their ids: of two who take the last place one gets it,
    and the database takes no more orders than a slot has room for.

    :raises NotAllowed: if the actor may not change repairs there
    :raises TooLateForThat: if it is finished, or cancelled
    :raises SlotPast, SlotElsewhere, NoEngineer: if nobody can come then
    :raises SlotFull: if there is no room; says which slot near is free
    :raises CaseIsClosed: if its case was closed
    """
    actor.require(CHANGE_REPAIR, order.org_unit_id)
    locked = locked_order(order, *RepairOrder.LIVE)
    ids = [slot.pk, *([locked.slot_id] if locked.slot_id else [])]
    rows = RepairSlot.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk")
    slots = {row.pk: row for row in rows.select_related("org_unit", "engineer")}
    wanted = slots.get(slot.pk)
    if wanted is None:
        raise TooLateForThat
    before = slots.get(locked.slot_id) if locked.slot_id else None
    if before == wanted:
        return locked
    _require_bookable(wanted, locked.org_unit, now)
    if before:
        release(before, now=now)
    wanted.taken, wanted.updated_at = wanted.taken + 1, now
    wanted.save(update_fields=["taken", "updated_at"])
    is_given = locked.engineer_id != wanted.engineer_id or before is not None
    locked.slot, locked.engineer, locked.state, locked.updated_at = wanted, wanted.engineer, State.BOOKED, now
    locked.dispatched_at = locked.dispatched_at or now
    locked.save(update_fields=["slot", "engineer", "state", "dispatched_at", "updated_at"])
    mark_dispatched(locked.case, now=now)
    starts = wanted.starts_at.isoformat()
    record(
        RepairBooked(**of_order(locked), starts_at=starts, is_moved=before is not None), actor=actor, now=now
    )
    if is_given and wanted.engineer_id != actor.user_id:
        _tell(locked, wanted, now)
    return locked


def _require_bookable(slot: RepairSlot, place: OrgUnit, now: datetime) -> None:
    if slot.starts_at <= now:
        raise SlotPast("slot")
    if slot.org_unit.path not in place.ancestor_paths():
        raise SlotElsewhere("slot")
    if not _repairs_at(place, slot.engineer_id, now):
        raise NoEngineer("slot")
    if not slot.is_free:
        raise _full(slot, place, now)


def nearest_free(slot: RepairSlot, place: OrgUnit, *, now: datetime) -> RepairSlot | None:
    """Return the free slot for a place that begins nearest to another one; of two as near the later. Two queries."""
    free = free_slots(place, now=now).exclude(pk=slot.pk).select_related("engineer")
    after = free.filter(starts_at__gte=slot.starts_at).order_by("starts_at", "id").first()
    before = free.filter(starts_at__lt=slot.starts_at).order_by("-starts_at", "-id").first()
    found = [each for each in (after, before) if each]
    return min(found, key=lambda each: abs(each.starts_at - slot.starts_at), default=None)


def _full(slot: RepairSlot, place: OrgUnit, now: datetime) -> SlotFull:
    other = nearest_free(slot, place, now=now)
    if other is None:
        return SlotFull()
    starts = f"{localtime(other.starts_at):%Y-%m-%d %H:%M}"
    return SlotFullButAnotherFree(starts=starts, engineer=str(other.engineer))


def _tell(order: RepairOrder, slot: RepairSlot, now: datetime) -> None:
    notify(
        [slot.engineer_id],
        GIVEN,
        url=reverse("repairs:visit", args=[order.pk]),
        now=now,
        params={"number": order.number, "starts": f"{localtime(slot.starts_at):%m-%d %H:%M}"},
        is_sample=order.is_sample,
    )


def pass_on_repairs(
    ids: Collection[UUID], *, from_user_id: int | None, to_user_id: int, actor: Actor, now: datetime
) -> list[UUID]:
    """Put a colleague in charge of repairs that are still another's; the time told to the customer stays.

    A step of handing over a book, which asks for its right; opens no transaction. Returns what changed hands.
    """
    live = RepairOrder.objects.live()
    rows = reassign(live, "engineer", ids, from_user_id=from_user_id, to_user_id=to_user_id, now=now)
    orders = RepairOrder.objects.select_related("case", "unit").in_bulk([row.pk for row in rows])
    events = [RepairPassedOn(**of_order(order)) for order in orders.values()]
    record_many(events, actor=actor, now=now)
    return list(orders)
