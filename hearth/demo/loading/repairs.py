"""Repairs of one project: acceptances, an engineer's week, orders of open cases, some booked and some reported."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import cycle

from django.db.models import Min
from django.utils.timezone import localdate

from hearth.accounts.models import User
from hearth.cases.models import Case
from hearth.core.actor import Actor
from hearth.demo.city.repairs import (
    ACCEPTED_BEFORE,
    CONTRACTORS,
    DAYS_CUT,
    DONE,
    MOST_BOOKED,
    MOST_ORDERS,
    PARTS_BY_WORD,
    REPORTED,
    SLOT_MINUTES,
    SPARE_PARTS,
)
from hearth.demo.loading.project import LoadedProject
from hearth.organization.models import OrgUnit
from hearth.properties.models import Building, Unit
from hearth.repairs.models import RepairOrder, RepairSlot, SparePart
from hearth.repairs.services import (
    AboutPart,
    DaysToCut,
    NewRepair,
    VisitReport,
    book_repair,
    cut_days,
    keep_part,
    order_repair,
    report_visit,
    set_acceptance,
)


@dataclass(frozen=True)
class RepairLoader:
    """Writes a bounded number of repairs whatever the size of the city; `users` are the demo accounts by role."""

    users: Mapping[str, User]
    actor: Actor
    now: datetime

    def load(self, loaded: LoadedProject) -> None:
        """Write everything; without an account for the engineer, nothing is booked."""
        place = loaded.project.org_unit
        self._accept(loaded)
        parts = [self._part(place, *each) for each in SPARE_PARTS]
        orders = self._order(loaded)
        engineer = self.users.get("repair_engineer")
        if engineer is not None:
            booked = orders[:MOST_BOOKED]
            self._book(booked, engineer, place)
            self._report(booked[:-1][:REPORTED], parts[0])
            self._again(booked)

    def _accept(self, loaded: LoadedProject) -> None:
        handed = Unit.objects.filter(project=loaded.project, handover_date__isnull=False)
        first = dict(handed.values_list("building").annotate(first=Min("handover_date")))
        buildings = Building.objects.filter(pk__in=first).select_related("project").order_by("id")
        for building in buildings:
            day = first[building.pk] - ACCEPTED_BEFORE
            set_acceptance(building, day, actor=self.actor, now=self.now)

    def _part(self, place: OrgUnit, name: str, measure: str, price: str) -> SparePart:
        return keep_part(place, AboutPart(name, measure, Decimal(price)), actor=self.actor, now=self.now)

    def _order(self, loaded: LoadedProject) -> Sequence[RepairOrder]:
        """Make orders of the newest open repairs."""
        rows = Case.objects.open().filter(
            project=loaded.project, kind=Case.Kind.REPAIR, unit__isnull=False, is_sample=True
        )
        cases = list(rows.select_related("unit__org_unit").order_by("-opened_at", "-id")[:MOST_ORDERS])
        wanted = [(case, case.unit) for case in cases if case.unit]
        contractors, before = cycle(CONTRACTORS), self.now - timedelta(hours=1)
        return [self._one(case, home, next(contractors), before) for case, home in wanted]

    def _again(self, orders: Sequence[RepairOrder]) -> None:
        """Order what was repaired a second time, which is a repeat."""
        ids = [order.pk for order in orders]
        rows = RepairOrder.objects.filter(pk__in=ids, state=RepairOrder.State.FINISHED)
        for order in rows.select_related("case", "unit__org_unit"):
            self._one(order.case, order.unit, order.contractor, self.now)

    def _one(self, case: Case, home: Unit, contractor: str, made_at: datetime) -> RepairOrder:
        said = f"{case.title}{case.body}"
        part = next((part for word, part in PARTS_BY_WORD if word in said), "other")
        new = NewRepair(home, part, case.body or case.title, contractor=contractor)
        return order_repair(case, new, actor=self.actor, now=made_at)

    def _book(self, orders: Sequence[RepairOrder], engineer: User, place: OrgUnit) -> None:
        today = localdate(self.now)
        days = DaysToCut(engineer, today, today + timedelta(days=DAYS_CUT), SLOT_MINUTES)
        cut_days(place, days, actor=self.actor, now=self.now)
        slots = RepairSlot.objects.filter(engineer=engineer, starts_at__gt=self.now).order_by("starts_at")
        for order, slot in zip(orders, slots[: len(orders)], strict=False):
            book_repair(order, slot, actor=self.actor, now=self.now)

    def _report(self, orders: Sequence[RepairOrder], part: SparePart) -> None:
        """Report the first as finished and the second as not yet."""
        for number, order in enumerate(orders):
            said = VisitReport(
                key=order.pk,
                came_at=self.now,
                note=DONE,
                is_finished=number == 0,
                parts={part.pk: Decimal(2)},
            )
            if RepairOrder.objects.filter(pk=order.pk, state=RepairOrder.State.BOOKED).exists():
                report_visit(order, said, actor=self.actor, now=self.now)
