"""What is without an owner, and who may get a book."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from hearth.accounts.models import User
from hearth.books.permissions import HAND_OVER
from hearth.core.actor import Actor
from hearth.core.ownership import Holding, holdings
from hearth.organization.models import Membership, OrgUnit


def without_owner(holding: Holding, *, today: date) -> QuerySet[Any]:
    """Keep the open rows of a kind with nobody in charge.

    Nobody is: no person where there should be one, a person whose account is closed, or one who has no right at any
    place of the row any more.
    """
    rows = holding.open_rows()
    owner = f"{holding.field}_id"
    missing = Q(**{f"{owner}__isnull": True}) & holding.lacks_one
    closed = Q(**{f"{holding.field}__is_active": False})
    at_place = holding.open_rows().filter(
        pk=OuterRef(OuterRef("pk")), **{f"{holding.place}__path__startswith": OuterRef("org_unit__path")}
    )
    able = (
        Membership.objects.current(today)
        .filter(user_id=OuterRef(owner), role__permissions__contains=[holding.permission])
        .filter(Exists(at_place))
    )
    has_lost_the_right = Q(**{f"{owner}__isnull": False}) & ~Exists(able)
    return rows.filter(missing | closed | has_lost_the_right)


def within_reach(holding: Holding, rows: QuerySet[Any], actor: Actor) -> QuerySet[Any]:
    """Keep the rows at places where the actor may hand over books."""
    scope = actor.scope(HAND_OVER)
    if scope.everywhere:
        return rows
    at_place = holding.open_rows().filter(**{f"{holding.place}__in": sorted(scope.org_unit_ids)})
    return rows.filter(pk__in=at_place.values("pk"))


@dataclass(frozen=True)
class Unowned:
    """How many rows of a kind have nobody in charge."""

    holding: Holding
    number: int


def count_without_owner(actor: Actor, *, today: date) -> Sequence[Unowned]:
    """Count them kind by kind, as far as the actor may hand over; one query each."""
    return [
        Unowned(holding, within_reach(holding, without_owner(holding, today=today), actor).count())
        for holding in holdings.values()
    ]


def places_held_at(person: User, top: OrgUnit) -> Sequence[OrgUnit]:
    """Return the places at or below one where a person is in charge of something; a query for each kind."""
    places: set[int] = set()
    for holding in holdings.values():
        rows = holding.held_by(person.pk).filter(**{f"{holding.place}__path__startswith": top.path})
        places |= set(rows.order_by().values_list(f"{holding.place}__id", flat=True).distinct())
    return list(OrgUnit.objects.filter(pk__in=places, path__startswith=top.path).in_tree_order())


def possible_recipients(top: OrgUnit, *, besides: User, today: date) -> QuerySet[User]:
    """Return the active people with a role at a place, above or below it."""
    near = Q(org_unit__path__startswith=top.path) | Q(org_unit__path__in=top.ancestor_paths())
    held = Membership.objects.current(today).filter(near)
    people: QuerySet[User] = User.objects.active().filter(pk__in=held.values("user")).exclude(pk=besides.pk)
    return people.order_by("display_name", "id")


def first_place_of(person: User, actor: Actor, *, today: date) -> OrgUnit | None:
    """Return the widest place of a person where the actor may hand over books."""
    places = OrgUnit.objects.visible_with(actor, HAND_OVER)
    held = Membership.objects.filter(user=person).order_by(F("valid_to").desc(nulls_first=True))
    near = places.filter(pk__in=held.values("org_unit")).order_by("depth", "id").first()
    return near or places.order_by("depth", "id").first()
