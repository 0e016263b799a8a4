"""Repairs for tests."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone

from hearth.accounts.models import User
from hearth.cases.models import Case
from hearth.core.actor import Actor
from hearth.core.permissions import SIGNED_IN
from hearth.customers.models import Customer
from hearth.organization.models import OrgUnit
from hearth.properties.models import Unit
from hearth.repairs.models import RepairOrder, RepairSlot, RepairVisit, SparePart
from hearth.repairs.permissions import CHANGE_REPAIR, VIEW_REPAIR, WORK_REPAIR
from hearth.repairs.services import (
    AboutPart,
    NewRepair,
    Signature,
    VisitReport,
    book_repair,
    keep_part,
    order_repair,
    report_visit,
    set_acceptance,
)
from tests.cases.builders import make_case
from tests.core.test_uploads import picture
from tests.customers.builders import make_home
from tests.organization.builders import make_member

NOW = datetime(2026, 3, 18, 6, 30, tzinfo=UTC)
TODAY = date(2026, 3, 18)
LATER = NOW + timedelta(hours=3)
SYSTEM = Actor.system("test")
ALL = ("engineer", "owner", "supervisor")
_numbers = count(1)


def make_delivered(
    place: OrgUnit,
    *,
    handed_over: date | None = date(2024, 6, 28),
    accepted: date | None = date(2023, 12, 20),
    **values: Any,
) -> Unit:
    """Write a home that was handed over, of a building that was accepted; further values are those of `make_home`."""
    home = make_home(place, **values)
    home.handover_date = handed_over
    home.save(update_fields=["handover_date"])
    if accepted:
        set_acceptance(home.building, accepted, actor=SYSTEM, now=NOW)
    return home


def make_planner(place: OrgUnit, *more: str) -> User:
    """Write a user who makes and books repairs at a place."""
    return make_member(
        place,
        SIGNED_IN,
        "properties.view",
        "cases.view",
        "core.view_events",
        VIEW_REPAIR,
        CHANGE_REPAIR,
        *more,
    )


def make_engineer(place: OrgUnit, *more: str) -> User:
    """Write a user who repairs at a place."""
    return make_member(
        place, SIGNED_IN, "properties.view", "core.view_events", VIEW_REPAIR, WORK_REPAIR, *more
    )


def make_repair_case(
    place: OrgUnit, unit: Unit | None = None, *, customer: Customer | None = None, **values: Any
) -> Case:
    """Write a case of the kind repair, of a home if one is given."""
    named = {"unit_id": unit.pk, "project_id": unit.project_id} if unit else {}
    with transaction.atomic():
        return make_case(place, customer=customer, kind=Case.Kind.REPAIR, **{**named, **values})


def make_order(
    place: OrgUnit,
    *,
    unit: Unit | None = None,
    part: str = "wet_room",
    customer: Customer | None = None,
    now: datetime = NOW,
    **values: Any,
) -> RepairOrder:
    """Write a repair order with its case; further values are those of `NewRepair`."""
    home = unit or make_delivered(place)
    case = make_repair_case(place, home, customer=customer)
    new = NewRepair(home, part, **{"fault": "卫生间渗漏", **values})
    return order_repair(case, new, actor=SYSTEM, now=now)


def make_slot(
    place: OrgUnit, engineer: User, *, starts_at: datetime = LATER, capacity: int = 1, minutes: int = 90
) -> RepairSlot:
    """Write a slot of an engineer."""
    return RepairSlot.objects.create(
        org_unit=place,
        engineer=engineer,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes),
        capacity=capacity,
        created_at=NOW,
        updated_at=NOW,
    )


def make_booked(
    place: OrgUnit, engineer: User | None = None, *, now: datetime = NOW, **values: Any
) -> RepairOrder:
    """Write a repair that is booked; further values are those of `make_order`."""
    order = make_order(place, now=now, **values)
    starts = now + timedelta(hours=3, minutes=next(_numbers))
    slot = make_slot(place, engineer or make_engineer(place), starts_at=starts)
    return book_repair(order, slot, actor=SYSTEM, now=now)


def make_repaired(place: OrgUnit, *, now: datetime = NOW, **values: Any) -> RepairOrder:
    """Write a repair that is finished three hours after `now`; further values are those of `make_order`."""
    order, came = make_booked(place, now=now, **values), now + timedelta(hours=3)
    make_visit(order, now=came, came_at=came)
    order.refresh_from_db()
    return order


def make_part(place: OrgUnit, name: str = "", price: str = "35.50") -> SparePart:
    """Write a part of the catalogue of a place."""
    about = AboutPart(name or f"角阀{next(_numbers)}", "个", Decimal(price))
    return keep_part(place, about, actor=SYSTEM, now=NOW)


def png(name: str = "signature.png") -> SimpleUploadedFile:
    """Return a small picture as a phone sends it."""
    return SimpleUploadedFile(name, picture("PNG"))


def reported(key: UUID | None = None, **values: Any) -> VisitReport:
    """Say what was done on a visit; further values are those of `VisitReport`."""
    said: dict[str, Any] = {"came_at": LATER, "note": "重做防水，闭水 24 小时", "is_finished": True}
    return VisitReport(key or uuid4(), **{**said, **values})


def signed_by(*signers: str) -> dict[str, Signature]:
    """Return drawn signatures of some parties."""
    return {signer: Signature(png(), f"签字人{signer}") for signer in signers}


def make_visit(order: RepairOrder, *, now: datetime = LATER, **values: Any) -> RepairVisit:
    """Write a visit of a booked repair; further values are those of `VisitReport`."""
    return report_visit(order, reported(**values), actor=SYSTEM, now=now)


def booked_today(place: OrgUnit, engineer: User, **values: Any) -> RepairOrder:
    """Write a repair that is booked for this hour; further values are those of `make_order`."""
    order = make_booked(place, engineer, now=timezone.now(), **values)
    assert order.slot is not None
    RepairSlot.objects.filter(pk=order.slot.pk).update(
        starts_at=timezone.now(), ends_at=timezone.now() + timedelta(hours=1)
    )
    return order
