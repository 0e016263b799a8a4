"""Writing families as they would have become, for the demo: many rows at once, without asking for contradictions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.timezone import localdate

from hearth.core.actor import Actor
from hearth.core.bulk import insert_many
from hearth.core.events import Event, record_many
from hearth.customers.models import Customer
from hearth.customers.origins import usual_origin
from hearth.customers.permissions import CHANGE_CUSTOMER
from hearth.families.events import NeedChanged, NeedRecorded, RelationshipStarted
from hearth.families.models import NEED_FIELDS, NeedProfile, Relationship
from hearth.families.services.needs import NeedValues


@dataclass(frozen=True, kw_only=True, slots=True)
class SampleRelationship:
    """`customer` is the parent, payer, … of `other`, as somebody noted at a moment."""

    customer: Customer
    other: Customer
    kind: str
    noted_at: datetime
    position: str = ""
    valid_from: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class SampleNeeds:
    """What a customer said they look for, each time with its moment, the oldest first."""

    customer: Customer
    stated: Sequence[tuple[datetime, NeedValues]]


def write_sample_relationships(
    wanted: Sequence[SampleRelationship], *, org_unit_id: int, actor: Actor, now: datetime
) -> list[Relationship]:
    """Write relationships of sample customers of one place, which must not contradict each other; two queries.

    Opens no transaction.

    :raises NotAllowed: if the actor may not change customers at the place
    """
    actor.require(CHANGE_CUSTOMER, org_unit_id)
    rows = [
        Relationship(
            customer=new.customer,
            other=new.other,
            kind=new.kind,
            position=new.position,
            valid_from=new.valid_from,
            recorded_by_id=actor.user_id,
            created_at=new.noted_at,
            updated_at=new.noted_at,
            is_sample=True,
        )
        for new in wanted
    ]
    insert_many(rows)
    events = [
        RelationshipStarted(
            **_about(one, org_unit_id, row.created_at),
            subject_id=row.pk,
            kind=row.kind,
            other_id=another.pk,
            is_reversed=is_reversed,
        )
        for row in rows
        for one, another, is_reversed in ((row.customer, row.other, True), (row.other, row.customer, False))
    ]
    record_many(events, actor=actor, now=now)
    return rows


def write_sample_needs(
    wanted: Sequence[SampleNeeds], *, org_unit_id: int, actor: Actor, now: datetime
) -> list[NeedProfile]:
    """Write needs of sample customers of one place in versions; a change asks for what every change asks for.

    Opens no transaction; two queries and the jobs of those who hear of changes.

    :raises NotAllowed: if the actor may not change customers at the place
    """
    actor.require(CHANGE_CUSTOMER, org_unit_id)
    rows: list[NeedProfile] = []
    events: list[Event] = []
    for each in wanted:
        before = None
        for stated_at, values in each.stated:
            version = _version(each.customer, values, stated_at, actor)
            about = _about(each.customer, org_unit_id, stated_at) | {"subject_id": version.pk}
            events.append(
                NeedChanged(**about, fields=_differing(before, version)) if before else NeedRecorded(**about)
            )
            rows.append(version)
            before = version
    insert_many(rows)
    record_many(events, actor=actor, now=now)
    return rows


def _version(customer: Customer, values: NeedValues, stated_at: datetime, actor: Actor) -> NeedProfile:
    stated = {name: getattr(values, name) for name in NEED_FIELDS} | {"motives": list(values.motives)}
    return NeedProfile(
        customer=customer,
        recorded_by_id=actor.user_id,
        origin=usual_origin("need", actor=actor, on=localdate(stated_at)).kept(),
        created_at=stated_at,
        updated_at=stated_at,
        is_sample=True,
        **stated,
    )


def _differing(before: NeedProfile, after: NeedProfile) -> tuple[str, ...]:
    return tuple(name for name in NEED_FIELDS if getattr(before, name) != getattr(after, name))


def _about(customer: Customer, org_unit_id: int, occurred_at: datetime) -> dict[str, Any]:
    return {
        "customer_id": customer.pk,
        "household_id": customer.household_id,
        "org_unit_id": org_unit_id,
        "occurred_at": occurred_at,
        "is_sample": True,
    }
