"""What customers are to homes, from one day to another."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.bulk import insert_many
from hearth.core.errors import DomainError
from hearth.core.events import record, record_many
from hearth.customers.events import UnitRoleEnded, UnitRoleStarted
from hearth.customers.models import Customer, UnitRole
from hearth.customers.permissions import CHANGE_CUSTOMER
from hearth.customers.services.customers import make_many_known_at, require_change
from hearth.properties.models import Unit


class RoleAlreadyHeld(DomainError):
    """The customer already is this to the home."""

    code = "unit_role_already_held"
    message = _("The customer already has this role for this home.")


class RoleAlreadyEnded(DomainError):
    """The role has ended before."""

    code = "unit_role_already_ended"
    message = _("This role has already ended.")


class RoleEndsBeforeItBegins(DomainError):
    """The last day lies before the first."""

    code = "unit_role_ends_before_it_begins"
    message = _("A role cannot end before it begins.")


@dataclass(frozen=True, kw_only=True, slots=True)
class NewUnitRole:
    """A role to begin, for many at a time."""

    customer_id: UUID
    unit_id: UUID
    role: str
    valid_from: date | None = None
    valid_to: date | None = None


@transaction.atomic
def assign_unit_role(
    customer: Customer,
    unit: Unit,
    *,
    role: str,
    actor: Actor,
    now: datetime,
    valid_from: date | None = None,
) -> UnitRole:
    """Make a customer something to a home; the home's place then knows the customer.

    :raises NotAllowed: if the actor may change customers neither at the home's place nor at one of theirs
    :raises RoleAlreadyHeld: if they have this role already
    """
    if not actor.can(CHANGE_CUSTOMER, unit.org_unit_id):
        require_change(customer, actor)
    new = NewUnitRole(customer_id=customer.pk, unit_id=unit.pk, role=role, valid_from=valid_from)
    started = assign_unit_roles([new], actor=actor, now=now, is_sample=customer.is_sample)
    if not started:
        raise RoleAlreadyHeld
    return started[0]


@transaction.atomic
def assign_unit_roles(
    rows: Sequence[NewUnitRole], *, actor: Actor, now: datetime, is_sample: bool = False
) -> list[UnitRole]:
    """Begin many roles and return those that were new; nine queries for any number, no right is asked.

    A step of acts that give homes to customers (a contract, an import), which ask for their own right. A role
    that is open already is left as it is. The homes' places then know the customers.
    """
    units = Unit.objects.in_bulk({row.unit_id for row in rows})
    open_roles = UnitRole.objects.filter(
        unit_id__in=units, customer_id__in={row.customer_id for row in rows}, valid_to__isnull=True
    )
    held = set(open_roles.values_list("customer_id", "unit_id", "role"))
    fresh: list[UnitRole] = []
    for row in rows:
        key = (row.customer_id, row.unit_id, row.role)
        if row.valid_to is None:
            if key in held:
                continue
            held.add(key)
        fresh.append(_build(row, now, is_sample=is_sample))
    insert_many(fresh)
    pairs = {(role.customer_id, units[role.unit_id].org_unit_id) for role in fresh}
    make_many_known_at(pairs, actor=actor, now=now, is_sample=is_sample)
    record_many((_started(role, units[role.unit_id]) for role in fresh), actor=actor, now=now)
    return fresh


def _build(row: NewUnitRole, now: datetime, *, is_sample: bool) -> UnitRole:
    return UnitRole(
        customer_id=row.customer_id,
        unit_id=row.unit_id,
        role=row.role,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        created_at=now,
        updated_at=now,
        is_sample=is_sample,
    )


def _started(role: UnitRole, unit: Unit) -> UnitRoleStarted:
    return UnitRoleStarted(
        customer_id=role.customer_id,
        unit_id=unit.pk,
        project_id=unit.project_id,
        org_unit_id=unit.org_unit_id,
        subject_id=role.pk,
        role=role.role,
        is_sample=role.is_sample,
    )


def lock_role(role: UnitRole, actor: Actor) -> UnitRole:
    """Lock a role's row and return it; a step of the acts that change it.

    :raises NotAllowed: if the actor may change customers neither at the home's place nor at one of theirs
    """
    kept = UnitRole.objects.select_for_update(of=("self",)).select_related("unit", "customer").get(pk=role.pk)
    if not actor.can(CHANGE_CUSTOMER, kept.unit.org_unit_id):
        require_change(kept.customer, actor)
    return kept


@transaction.atomic
def end_unit_role(role: UnitRole, *, last_day: date, actor: Actor, now: datetime) -> UnitRole:
    """End what a customer is to a home; from `last_day` on they are it no more. The row is locked.

    :raises NotAllowed: if the actor may change customers neither at the home's place nor at one of theirs
    :raises RoleAlreadyEnded: if it ended before
    :raises RoleEndsBeforeItBegins: if the day lies before the first
    """
    kept = lock_role(role, actor)
    if kept.valid_to is not None:
        raise RoleAlreadyEnded
    if kept.valid_from and last_day < kept.valid_from:
        raise RoleEndsBeforeItBegins
    return _end(kept, last_day, actor, now)


def end_unit_roles(
    unit: Unit, roles: Collection[str], *, last_day: date, actor: Actor, now: datetime, of: UUID | None = None
) -> list[UnitRole]:
    """End the open roles of these kinds on a home, of all customers or of one; no right is asked.

    A step of acts that take homes from customers, which ask for their own right; opens no transaction. Locks the rows.
    One that begins later never came into force: it ends on its first day.
    """
    rows = UnitRole.objects.filter(unit=unit, role__in=roles, valid_to__isnull=True)
    if of is not None:
        rows = rows.filter(customer=of)
    locked = rows.select_for_update(of=("self",)).select_related("unit").order_by("id")
    return [_end(row, max(last_day, row.valid_from or last_day), actor, now) for row in locked]


def _end(kept: UnitRole, last_day: date, actor: Actor, now: datetime) -> UnitRole:
    kept.valid_to, kept.updated_at = last_day, now
    kept.save(update_fields=["valid_to", "updated_at"])
    event = UnitRoleEnded(
        customer_id=kept.customer_id,
        unit_id=kept.unit_id,
        project_id=kept.unit.project_id,
        org_unit_id=kept.unit.org_unit_id,
        subject_id=kept.pk,
        role=kept.role,
        is_sample=kept.is_sample,
    )
    record(event, actor=actor, now=now)
    return kept
