"""Recording what customers look for; each change is a new version."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.errors import Conflict, InvalidInput
from hearth.core.events import record
from hearth.customers.models import Customer, Reveal
from hearth.customers.origins import Origin, usual_origin
from hearth.customers.permissions import STATE_ORIGIN
from hearth.customers.services import (
    NotBlocked,
    check_origin,
    require_change,
    require_place_of,
    tell_origin,
    tell_removal,
)
from hearth.customers.services.reveals import keep_reveal, require_reveal
from hearth.families.events import NeedChanged, NeedRecorded
from hearth.families.models import NEED_FIELDS, NeedProfile
from hearth.families.ruled_fields import INCOME
from hearth.families.words import MOTIVES, VALUE_ELEMENTS

LOWEST_RATING, HIGHEST_RATING = 1, 5


class NeedNotPossible(InvalidInput):
    """A range is turned around, a code is unknown, or a rating is outside its scale."""

    code = "need_not_possible"
    message = _("This value is not possible.")


class RangeTurnedAround(InvalidInput):
    """The upper end lies below the lower end."""

    code = "range_turned_around"
    message = _("The upper end lies below the lower end.")


@dataclass(frozen=True, kw_only=True, slots=True)
class NeedValues:
    """What a customer looks for, as somebody states it: money in yuan, areas in m². No income keeps the known one."""

    purpose: str = ""
    budget_from_amount: Decimal | None = None
    budget_to_amount: Decimal | None = None
    area_from: Decimal | None = None
    area_to: Decimal | None = None
    layout: str = ""
    timing: str = ""
    districts: str = ""
    motives: Sequence[str] = ()
    ability_to_pay: str = ""
    income: str | None = ""
    decision_makers: str = ""
    value_ratings: dict[str, int] = field(default_factory=dict)
    note: str = ""


@transaction.atomic
def state_needs(
    customer: Customer, values: NeedValues, *, actor: Actor, now: datetime, follows: UUID | None = None
) -> NeedProfile | None:
    """Keep what a customer looks for as a new version, or return the present one where nothing differs.

    The customer's row is locked. With `follows` (the version the person saw) a newer one by somebody else is not
    replaced. Returns None where nothing is known and nothing is stated.

    :raises NotAllowed: if the actor may not change the customer
    :raises Conflict: if a newer version came after `follows`
    :raises InvalidInput: `RangeTurnedAround` or `NeedNotPossible`, with the field
    """
    place = require_change(customer, actor)
    _check(values)
    Customer.objects.select_for_update().only("id").get(pk=customer.pk)
    present = NeedProfile.objects.filter(customer=customer, is_blocked=False).newest_first().first()
    if follows and (present is None or present.pk != follows):
        raise Conflict
    stated = {name: getattr(values, name) for name in NEED_FIELDS} | {"motives": list(values.motives)}
    before = present or NeedProfile()
    if stated["income"] is None:
        stated["income"] = before.income
    differing = tuple(name for name in NEED_FIELDS if getattr(before, name) != stated[name])
    if not differing:
        return present
    version = NeedProfile.objects.create(
        customer=customer,
        recorded_by_id=actor.user_id,
        origin=usual_origin("need", actor=actor, on=localdate(now)).kept(),
        created_at=now,
        updated_at=now,
        is_sample=customer.is_sample,
        **stated,
    )
    Customer.objects.filter(pk=customer.pk).update(updated_at=now)
    about: dict[str, Any] = {
        "customer_id": customer.pk,
        "household_id": customer.household_id,
        "org_unit_id": place,
        "subject_id": version.pk,
        "is_sample": customer.is_sample,
    }
    event = NeedChanged(**about, fields=differing) if present else NeedRecorded(**about)
    record(event, actor=actor, now=now)
    return version


@transaction.atomic
def reveal_income(customer: Customer, *, reason: str, actor: Actor, now: datetime) -> str:
    """Return the present income of a family in words and keep who read it, when and why.

    :raises NotAllowed: if the actor may neither see incomes nor uncover values at the customer's places
    :raises ReasonMissing: if no reason is given
    """
    place = require_reveal(customer.pk, INCOME, actor)
    keep_reveal(customer, Reveal.Field.INCOME, reason, place, actor=actor, now=now)
    present = NeedProfile.objects.filter(customer=customer, is_blocked=False).newest_first().first()
    return str(present.get_income_display()) if present and present.income else ""


@transaction.atomic
def state_need_origin(profile: NeedProfile, origin: Origin, *, actor: Actor, now: datetime) -> NeedProfile:
    """State where a version of needs comes from; without a right it is shown and used nowhere.

    :raises NotAllowed: if the actor may not state origins at a place of the customer
    :raises OriginUnclear: if the statement is not complete
    """
    place = require_place_of(profile.customer, STATE_ORIGIN, actor)
    check_origin(origin, now)
    kept = NeedProfile.objects.select_for_update(of=("self",)).select_related("customer").get(pk=profile.pk)
    kept.origin, kept.is_blocked, kept.updated_at = origin.kept(), origin.is_blocked, now
    kept.save(update_fields=["origin", "is_blocked", "updated_at"])
    tell_origin(kept.customer, "need", origin, place=place, actor=actor, now=now)
    return kept


@transaction.atomic
def remove_blocked_need(profile: NeedProfile, *, actor: Actor, now: datetime) -> None:
    """Forget a version of needs for good, because nobody has a right to it.

    :raises NotAllowed: if the actor may not state origins at a place of the customer
    :raises NotBlocked: unless the version is blocked
    """
    customer = profile.customer
    place = require_place_of(customer, STATE_ORIGIN, actor)
    kept = NeedProfile.objects.select_for_update(of=("self",)).filter(pk=profile.pk, is_blocked=True).first()
    if kept is None:
        raise NotBlocked
    kept.delete()
    Customer.objects.filter(pk=customer.pk).update(updated_at=now)
    tell_removal(customer, "need", place=place, actor=actor, now=now)


def _check(values: NeedValues) -> None:
    _refuse_turned_around("budget_to_amount", values.budget_from_amount, values.budget_to_amount)
    _refuse_turned_around("area_to", values.area_from, values.area_to)
    codes = {
        "purpose": values.purpose in NeedProfile.Purpose,
        "timing": values.timing in NeedProfile.Timing,
        "ability_to_pay": values.ability_to_pay in NeedProfile.AbilityToPay,
        "income": values.income is None or values.income in NeedProfile.Income,
        "motives": set(values.motives) <= MOTIVES.keys(),
        "value_ratings": values.value_ratings.keys() <= VALUE_ELEMENTS.keys()
        and all(LOWEST_RATING <= rating <= HIGHEST_RATING for rating in values.value_ratings.values()),
    }
    for name, is_possible in codes.items():
        if not is_possible:
            raise NeedNotPossible(name)


def _refuse_turned_around(name: str, lower: Decimal | None, upper: Decimal | None) -> None:
    if lower is not None and upper is not None and upper < lower:
        raise RangeTurnedAround(name)
