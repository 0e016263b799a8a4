"""Who lived in a home on a day, as it was known on another day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone

from hearth.core.actor import Actor
from hearth.customers.models import Customer, UnitRole, UnitRoleVersion
from hearth.customers.periods import in_force
from hearth.properties.models import Unit


@dataclass(frozen=True, kw_only=True)
class RoleThen:
    """What somebody was to a home, as it was thought from `recorded_at` until `superseded_at`.

    `superseded_at` is None for what is thought today. `reason` and `superseded_by` tell why it was corrected.
    """

    customer: Customer
    role: str
    valid_from: date | None
    valid_to: date | None
    recorded_at: datetime
    superseded_at: datetime | None = None
    superseded_by: str = ""
    reason: str = ""

    @property
    def role_label(self) -> str:
        return str(UnitRole.Role(self.role).label)


def people_as_known(unit: Unit, actor: Actor, *, on: date, known_on: date) -> Sequence[RoleThen]:
    """Return who had a role on a home on one day, as it was known at the end of another; two queries.

    Only people the reader may see. The days are those of the reader's clock.
    """
    instant = timezone.make_aware(datetime.combine(known_on + timedelta(days=1), time.min))
    instant -= timedelta(microseconds=1)
    about = Q(unit=unit, customer__in=Customer.objects.visible_to(actor)) & in_force(on)
    present = UnitRole.objects.believed_at(instant).filter(about).select_related("customer")
    past = UnitRoleVersion.objects.believed_at(instant).filter(about)
    found = [_today(role) for role in present]
    found += [_before(version) for version in past.select_related("customer", "superseded_by")]
    order = list(UnitRole.Role.values)
    return sorted(found, key=lambda then: (order.index(then.role), then.customer.pinyin, then.customer.pk))


def changed_minds(unit: Unit, actor: Actor, *, limit: int = 50) -> Sequence[RoleThen]:
    """Return what was thought of a home's people and is thought no more, the latest change first; one query."""
    rows = UnitRoleVersion.objects.filter(unit=unit, customer__in=Customer.objects.visible_to(actor))
    rows = rows.select_related("customer", "superseded_by").order_by("-superseded_at", "-id")
    return [_before(version) for version in rows[:limit]]


def _today(role: UnitRole) -> RoleThen:
    return RoleThen(
        customer=role.customer,
        role=role.role,
        valid_from=role.valid_from,
        valid_to=role.valid_to,
        recorded_at=role.known_at,
    )


def _before(version: UnitRoleVersion) -> RoleThen:
    return RoleThen(
        customer=version.customer,
        role=version.role,
        valid_from=version.valid_from,
        valid_to=version.valid_to,
        recorded_at=version.recorded_at,
        superseded_at=version.superseded_at,
        superseded_by=str(version.superseded_by or ""),
        reason=version.reason,
    )
