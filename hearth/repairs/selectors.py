"""What the pages of repairs show."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, Q
from django.utils.timezone import localdate
from django.utils.translation import gettext

from hearth.accounts.models import User
from hearth.cases.models import Case, Party
from hearth.cases.offers import Offer
from hearth.core.actor import Actor
from hearth.customers.models import ContactPoint, UnitRole
from hearth.customers.permissions import VIEW_CUSTOMER
from hearth.customers.selectors import PresentedContact, present_contacts
from hearth.lists.cells import Badge
from hearth.organization.models import OrgUnit
from hearth.organization.selectors import people_with
from hearth.properties.models import Unit, UnitQuerySet
from hearth.repairs.lists import warranty_badge
from hearth.repairs.models import RepairOrder, RepairSlot, RepairVisit, SignOff, SparePart
from hearth.repairs.models.orders import RepairOrderQuerySet, SparePartQuerySet
from hearth.repairs.models.slots import RepairSlotQuerySet
from hearth.repairs.permissions import WORK_REPAIR

State = RepairOrder.State
SLOTS_SHOWN, AHEAD = 120, timedelta(days=14)


def order_list(actor: Actor) -> RepairOrderQuerySet:
    """The orders an actor may see, with what their pages name; no order yet."""
    return RepairOrder.objects.visible_to(actor).select_related(
        "case__customer",
        "unit__project",
        "unit__building",
        "unit__entrance",
        "org_unit",
        "engineer",
        "slot__engineer",
        "cause",
        "repeat_of__unit",
        "author",
    )


def homes_of_case(case: Case, *, today: date) -> UnitQuerySet:
    """Return the homes that a repair for a case may be in: its own, else those of its customer."""
    rows = Unit.objects.with_place().select_related("org_unit").order_by("id")
    if case.unit_id:
        return rows.filter(pk=case.unit_id)
    if not case.customer_id:
        return rows.none()
    return rows.filter(
        pk__in=UnitRole.objects.current(today).filter(customer=case.customer_id).values("unit")
    )


def slots_to_book(place: OrgUnit, *, now: datetime) -> Sequence[RepairSlot]:
    """Return the free slots of the next two weeks for a place, the next first; one query."""
    rows = free_slots(place, now=now).filter(starts_at__lt=now + AHEAD)
    return list(
        rows.select_related("engineer").order_by("starts_at", "engineer__display_name", "id")[:SLOTS_SHOWN]
    )


def future_slots(place: OrgUnit, *, now: datetime) -> RepairSlotQuerySet:
    """Return the slots for a place that have not begun, taken ones too, and those of who left."""
    return RepairSlot.objects.for_place(place).filter(starts_at__gt=now)


def free_slots(place: OrgUnit, *, now: datetime) -> RepairSlotQuerySet:
    """Return the slots for a place that have not begun, have room, and are those of who repairs there today."""
    people = people_with(WORK_REPAIR, place, today=localdate(now))
    return future_slots(place, now=now).free().filter(engineer__in=people.values("pk"))


@dataclass(frozen=True)
class OrderStory:
    """The visits of an order with photos and parts, and who signed."""

    visits: Sequence[RepairVisit]
    sign_offs: Sequence[SignOff]

    @property
    def parts_amount(self) -> Decimal:
        """What all parts used come to."""
        return sum((used.amount for visit in self.visits for used in visit.used_parts.all()), Decimal(0))

    @property
    def missing(self) -> Sequence[tuple[str, Any]]:
        """Who has not signed yet."""
        return missing_signers(self.sign_offs)


def order_story(order: RepairOrder) -> OrderStory:
    """Return what was done of an order; five queries."""
    visits = order.visits.select_related("engineer").prefetch_related("photos__stored", "used_parts__part")
    signed = order.sign_offs.select_related("user", "drawing").order_by("signed_at", "id")
    return OrderStory(list(visits.order_by("came_at", "id")), list(signed))


def repeats_of(order: RepairOrder) -> Sequence[RepairOrder]:
    """Return the later repairs of what an order did not repair for good; one query."""
    return list(order.repeats.order_by("id"))


def are_all_signed(case: Case) -> bool:
    """Tell whether every repair of a case that was not cancelled is signed off, and there is one; one query."""
    rows = RepairOrder.objects.filter(case=case).exclude(state=State.CANCELLED)
    return set(rows.values_list("state", flat=True)) == {State.SIGNED.value}


def settled_by_repairs(case: Case, actor: Actor) -> Offer | None:
    """Return what the repairs of a case did, once all are signed off, as far as the actor may see them; three queries
    at most.
    """
    if not are_all_signed(case):
        return None
    rows = RepairOrder.objects.visible_to(actor).filter(case=case, state=State.SIGNED)
    orders = list(rows.select_related("cause").order_by("id"))
    visits = RepairVisit.objects.visible_to(actor).filter(order__in=orders).select_related("order")
    notes = [f"{visit.order}: {visit.note}" for visit in visits.order_by("came_at", "id") if visit.note]
    if not notes:
        return None
    signed = ", ".join(f"{each} {localdate(each.signed_at)}" for each in orders)
    contractor = next((each.contractor for each in orders if each.contractor), "")
    return Offer(
        because=gettext("Every repair of this case is signed off."),
        solution="\n".join(notes)[:4000],
        cause=next((each.cause for each in orders if each.cause), None),
        party=Party.CONTRACTOR if contractor else "",
        party_name=contractor,
        proof=gettext("Signed by three parties: %(orders)s") % {"orders": signed[:200]},
    )


@dataclass
class EngineerDay:
    """The slots of one engineer on a day, with the orders in each."""

    engineer: User
    slots: list[tuple[RepairSlot, Sequence[RepairOrder]]] = field(default_factory=list)


def day_board(actor: Actor, day: date) -> Sequence[EngineerDay]:
    """Return the slots of a day by engineer with the orders booked into them; two queries."""
    orders = order_list(actor).exclude(state=State.CANCELLED).order_by("id")
    rows = RepairSlot.objects.visible_to(actor).filter(starts_at__date=day).select_related("engineer")
    rows = rows.prefetch_related(Prefetch("orders", queryset=orders))
    found: dict[int, EngineerDay] = {}
    for slot in rows.order_by("engineer__display_name", "engineer_id", "starts_at", "id"):
        line = found.setdefault(slot.engineer_id, EngineerDay(slot.engineer))
        line.slots.append((slot, list(slot.orders.all())))
    return list(found.values())


@dataclass(frozen=True)
class PhoneLine:
    """What an engineer needs of one repair on site."""

    order: RepairOrder
    phones: Sequence[PresentedContact]
    parts: Sequence[SparePart]
    warranty: Badge

    @property
    def is_to_come(self) -> bool:
        return bool(self.order.state == State.BOOKED)

    @property
    def is_reporting(self) -> bool:
        return self.order.state in (State.BOOKED, State.ARRIVED)

    @property
    def is_signing(self) -> bool:
        return bool(self.order.state == State.FINISHED)

    @property
    def signers(self) -> Sequence[tuple[str, Any]]:
        """Who has not signed yet."""
        return missing_signers(self.order.sign_offs.all())


def missing_signers(sign_offs: Iterable[SignOff]) -> Sequence[tuple[str, Any]]:
    """Return which of the three parties have not signed, with their words."""
    signed = {each.signer for each in sign_offs}
    return [(signer.value, signer.label) for signer in SignOff.Signer if signer.value not in signed]


def work_of(actor: Actor, day: date) -> Sequence[RepairOrder]:
    """Return what an engineer has to do on a day, what is left of days before, and what waits for a signature."""
    due = Q(state=State.BOOKED, slot__starts_at__date__lte=day) | Q(state__in=(State.ARRIVED, State.FINISHED))
    rows = order_list(actor).filter(due, engineer=actor.user_id).prefetch_related("sign_offs")
    return list(rows.order_by("slot__starts_at", "id")[:50])


def phone_lines(orders: Sequence[RepairOrder], actor: Actor) -> Sequence[PhoneLine]:
    """Return repairs as the phone shows them; four queries for any number."""
    phones = phones_for(orders, actor)
    rows = SparePart.objects.for_places(*(each.org_unit for each in orders)).select_related("org_unit")
    parts = list(rows.order_by("name", "id"))
    return [
        PhoneLine(
            each,
            phones.get(each.pk, []),
            [part for part in parts if part.is_for(each.org_unit)],
            warranty_badge(each),
        )
        for each in orders
    ]


def phones_for(orders: Sequence[RepairOrder], actor: Actor) -> Mapping[UUID, Sequence[PresentedContact]]:
    """Return the phones of who asked for repairs, by order, as far as the actor may see them; two queries."""
    seen = [each for each in orders if each.case.customer and actor.can(VIEW_CUSTOMER, each.org_unit_id)]
    customers = {each.case.customer_id: each.case.customer for each in seen if each.case.customer}
    kinds = (ContactPoint.Kind.PHONE.value,)
    found = present_contacts(list(customers.values()), actor, kinds=kinds) if customers else {}
    return {each.pk: found.get(each.case.customer_id, []) for each in seen if each.case.customer_id}


def catalogue(actor: Actor) -> SparePartQuerySet:
    """Return every part the actor may see, by place and name."""
    return (
        SparePart.objects.visible_to(actor)
        .select_related("org_unit")
        .order_by("org_unit__path", "name", "id")
    )
