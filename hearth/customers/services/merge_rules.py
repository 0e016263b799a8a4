"""When records may become one, and whose right it takes."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.errors import DomainError, NotAllowed
from hearth.customers.models import AbsorbedCustomer, Customer
from hearth.customers.permissions import MERGE_CUSTOMER, VIEW_CUSTOMER
from hearth.customers.selectors.presentation import places_of
from hearth.customers.services.customers import CustomerErased
from hearth.customers.services.merge_values import check_choices


class NothingToMerge(DomainError):
    """Fewer than two different records were named."""

    code = "nothing_to_merge"
    message = _("Name at least two different records.")


class AlreadyMerged(DomainError):
    """One of the records was merged into another meanwhile, or is gone."""

    code = "already_merged"
    message = _("One of these records was merged into another meanwhile. Load the page again.")


class TwoIdentityNumbers(DomainError):
    """The records have different identity numbers: they are different people."""

    code = "two_identity_numbers"
    message = _("These records have two different identity numbers, so they are not one person.")


class SampleAndReal(DomainError):
    """A record of the demo and a real one are never merged: the demo can be removed."""

    code = "sample_and_real"
    message = _("A record of the sample data cannot be merged with a real one.")


@dataclass(frozen=True)
class MergeGroup:
    """Records that are one customer. `values` names fields and the record whose value is kept, where it matters."""

    survivor_id: UUID
    absorbed_ids: Sequence[UUID]
    values: Mapping[str, UUID] = field(default_factory=dict)

    @property
    def ids(self) -> list[UUID]:
        return list(dict.fromkeys([self.survivor_id, *self.absorbed_ids]))


@dataclass(frozen=True)
class Plan:
    """A merge that may go ahead: the survivor first, all rows locked."""

    group: MergeGroup
    people: Sequence[Customer]
    numbers: Mapping[UUID, bytes]

    @property
    def survivor(self) -> Customer:
        return self.people[0]

    @property
    def absorbed(self) -> Sequence[Customer]:
        return self.people[1:]


def plan_merges(groups: Sequence[MergeGroup], *, actor: Actor) -> list[Plan | DomainError]:
    """Lock the records of all groups, in the order of their ids, and tell for each whether it may go ahead.

    Three queries for any number. A record named by two groups belongs to the first.
    """
    people = lock_customers({pk for group in groups for pk in group.ids})
    places = places_of(list(people))
    numbers = _known_numbers(people)
    taken: set[UUID] = set()
    plans: list[Plan | DomainError] = []
    for group in groups:
        try:
            plan = _plan(group, people, numbers, taken)
            require_merge(actor, [places[pk] for pk in group.ids])
        except DomainError as refusal:
            plans.append(refusal)
        else:
            taken.update(group.ids)
            plans.append(plan)
    return plans


def lock_customers(ids: Iterable[UUID]) -> dict[UUID, Customer]:
    """Lock customers in the order of their ids, so that two merges never wait for each other; one query."""
    rows = Customer.objects.select_for_update().filter(pk__any_of=list(ids)).order_by("pk")
    return {row.pk: row for row in rows}


def require_merge(actor: Actor, places: Iterable[Collection[int]]) -> None:
    """Refuse unless the actor may see and merge at a place of each record.

    :raises NotAllowed: naming the right that is missing
    """
    for permission in (VIEW_CUSTOMER, MERGE_CUSTOMER):
        scope = actor.scope(permission)
        if scope.everywhere:
            continue
        if not all(any(scope.covers(place) for place in known_at) for known_at in places):
            raise NotAllowed(permission=permission)


def _plan(
    group: MergeGroup,
    people: Mapping[UUID, Customer],
    numbers: Mapping[UUID, bytes],
    taken: Collection[UUID],
) -> Plan:
    ids = group.ids
    if len(ids) < 2:
        raise NothingToMerge
    if any(pk not in people or pk in taken or people[pk].merged_into_id for pk in ids):
        raise AlreadyMerged
    rows = [people[pk] for pk in ids]
    if any(row.erased_at for row in rows):
        raise CustomerErased
    check_choices(group.values, rows)
    if len({row.is_sample for row in rows}) > 1:
        raise SampleAndReal
    if len({numbers[pk] for pk in ids if pk in numbers}) > 1:
        raise TwoIdentityNumbers
    return Plan(group, rows, numbers)


def _known_numbers(people: Mapping[UUID, Customer]) -> dict[UUID, bytes]:
    """Return the identity number each record stands for: its own, else that of a record it absorbed."""
    rows = AbsorbedCustomer.objects.filter(
        merge__survivor__in=list(people), merge__undone_at__isnull=True, identity_index__isnull=False
    )
    absorbed = rows.values_list("merge__survivor_id", "identity_index")
    numbers = {pk: bytes(index) for pk, index in absorbed if index}
    return numbers | {pk: bytes(row.identity_index) for pk, row in people.items() if row.identity_index}
