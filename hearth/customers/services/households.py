"""Households: who decides and lives together."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.attribution import beyond_places
from hearth.core.errors import DomainError
from hearth.core.events import record
from hearth.customers.events import HouseholdChanged, HouseholdFormed
from hearth.customers.models import Customer, Household
from hearth.customers.services.customers import require_change


class NotInHousehold(DomainError):
    """The customer belongs to no household."""

    code = "not_in_household"
    message = _("This customer belongs to no household.")


class HouseholdNotVisible(DomainError):
    """None of the household's members is known where the actor may see customers."""

    code = "household_not_visible"
    message = _("This household is not known here.")


@beyond_places()
@transaction.atomic
def form_household(
    members: Sequence[Customer],
    *,
    actor: Actor,
    now: datetime,
    name: str = "",
    is_sample: bool = False,
) -> Household:
    """Join customers to a new household, named after the first of them unless told otherwise.

    Whoever belonged to another household leaves it.

    :raises NotAllowed: if the actor may not change one of them
    """
    places = [require_change(member, actor) for member in members]
    household = Household.objects.create(
        name=name or members[0].name, created_at=now, updated_at=now, is_sample=is_sample
    )
    for member, place in zip(members, places, strict=True):
        _leave(member, place, actor=actor, now=now)
        _place(member, household, member.household_role, now)
    event = HouseholdFormed(
        household_id=household.pk,
        customer_id=members[0].pk,
        org_unit_id=places[0],
        member_ids=tuple(member.pk for member in members),
        is_sample=is_sample,
    )
    record(event, actor=actor, now=now)
    return household


@beyond_places()
@transaction.atomic
def join_household(
    customer: Customer, household: Household, *, actor: Actor, now: datetime, role: str = ""
) -> None:
    """Add a customer to a household, leaving an earlier one; nothing happens when they are in it already.

    :raises NotAllowed: if the actor may not change the customer
    :raises HouseholdNotVisible: if the actor may see none of its members
    """
    place = require_change(customer, actor)
    if not Household.objects.visible_to(actor).filter(pk=household.pk).exists():
        raise HouseholdNotVisible
    if customer.household_id == household.pk and customer.household_role == role:
        return
    if customer.household_id != household.pk:
        _leave(customer, place, actor=actor, now=now)
    _place(customer, household, role, now)
    event = HouseholdChanged(
        household_id=household.pk,
        customer_id=customer.pk,
        org_unit_id=place,
        change="joined",
        is_sample=customer.is_sample,
    )
    record(event, actor=actor, now=now)


@beyond_places()
@transaction.atomic
def leave_household(customer: Customer, *, actor: Actor, now: datetime) -> None:
    """Take a customer out of their household; a household without members is removed.

    :raises NotAllowed: if the actor may not change the customer
    :raises NotInHousehold: if they belong to none
    """
    place = require_change(customer, actor)
    if customer.household_id is None:
        raise NotInHousehold
    _leave(customer, place, actor=actor, now=now)


def _leave(customer: Customer, place: int | None, *, actor: Actor, now: datetime) -> None:
    """Leave the present household, if there is one."""
    household_id = customer.household_id
    if household_id is None:
        return
    _place(customer, None, "", now)
    if not Customer.objects.filter(household_id=household_id).exists():
        Household.objects.filter(pk=household_id).delete()
    event = HouseholdChanged(
        household_id=household_id,
        customer_id=customer.pk,
        org_unit_id=place,
        change="left",
        is_sample=customer.is_sample,
    )
    record(event, actor=actor, now=now)


def _place(customer: Customer, household: Household | None, role: str, now: datetime) -> None:
    customer.household = household
    customer.household_role = role
    customer.updated_at = now
    customer.save(update_fields=["household", "household_role", "updated_at"])
