"""Recording who belongs to whom, without contradiction."""

from datetime import date, datetime
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from hearth.core.actor import Actor
from hearth.core.attribution import beyond_places
from hearth.core.errors import DomainError, InvalidInput
from hearth.core.events import record_many
from hearth.customers.models import Customer
from hearth.customers.permissions import CHANGE_CUSTOMER, VIEW_CUSTOMER
from hearth.customers.selectors import places_of
from hearth.customers.services import require_change
from hearth.families.events import RelationshipEnded, RelationshipStarted
from hearth.families.models import Relationship
from hearth.families.words import SYMMETRIC

Kind = Relationship.Kind
OF_PERSONS = frozenset({Kind.SPOUSE, Kind.PARENT})
# Relations whose chains must not lead back to their beginning.
ACYCLIC = frozenset({Kind.PARENT, Kind.REFERRER})
ONE_AT_A_TIME = frozenset({Kind.REFERRER})

ABOVE = """
    WITH RECURSIVE above(id) AS (
        SELECT customer_id FROM families_relationship WHERE kind = %(kind)s AND other_id = %(start)s
        UNION
        SELECT r.customer_id FROM families_relationship r JOIN above a ON r.other_id = a.id WHERE r.kind = %(kind)s
    )
    SELECT EXISTS (SELECT 1 FROM above WHERE id = %(sought)s)
"""


class RelatedToThemselves(InvalidInput):
    """Both sides are one customer."""

    code = "related_to_themselves"
    message = _("Nobody is related to themselves.")


class RelationshipKnown(DomainError):
    """The two are related so already."""

    code = "relationship_known"
    message = _("This relationship is recorded already.")


class RelationshipGoesRound(DomainError):
    """A chain of parents or referrers would lead back to its beginning."""

    code = "relationship_goes_round"
    message = _("Nobody can be their own ancestor or refer themselves, not even through others.")


class RelationshipContradicts(DomainError):
    """Another relationship excludes this one; `reason` says which."""

    code = "relationship_contradicts"
    message = _("Another relation excludes this one. %(reason)s")


class RelationshipOver(DomainError):
    """The relationship ended before, or would end before it began."""

    code = "relationship_over"
    message = _("This relationship has already ended, or would end before it began.")


REASONS = {
    "parent_and_spouse": _("A parent cannot be the spouse of their child."),
    "second_spouse": _("One of them has another spouse; end that marriage first."),
    "second_referrer": _("Somebody else already referred this customer."),
    "younger_parent": _("A parent is older than their child."),
    "persons_only": _("Only people have spouses, parents and children."),
    "contact_of_company": _("A contact is a person who holds a position at a company."),
}


@beyond_places()
@transaction.atomic
def relate(
    customer: Customer,
    other: Customer,
    *,
    kind: str,
    actor: Actor,
    now: datetime,
    position: str = "",
    valid_from: date | None = None,
) -> Relationship:
    """Record that `customer` is the parent, payer, … of `other`.

    Relations that must not go round are written one at a time in the whole database; for others both rows are locked.

    :raises NotAllowed: if the actor may change neither of them
    :raises InvalidInput: `RelatedToThemselves`
    :raises RelationshipKnown: if they are related so already
    :raises RelationshipContradicts: if another relationship, an age or a kind of customer excludes it
    :raises RelationshipGoesRound: if a chain of parents or referrers would lead back to its beginning
    """
    _require_one(customer, other, actor)
    kind = Kind(kind)
    if customer.pk == other.pk:
        raise RelatedToThemselves("other")
    _refuse_wrong_kinds(customer, other, kind)
    _lock(customer, other, kind)
    _refuse_contradictions(customer, other, kind)
    relationship = Relationship.objects.create(
        customer=customer,
        other=other,
        kind=kind,
        position=position.strip(),
        valid_from=valid_from,
        recorded_by_id=actor.user_id,
        created_at=now,
        updated_at=now,
        is_sample=customer.is_sample and other.is_sample,
    )
    _tell(RelationshipStarted, relationship, actor=actor, now=now)
    return relationship


@beyond_places()
@transaction.atomic
def end_relationship(
    relationship: Relationship, *, last_day: date, actor: Actor, now: datetime
) -> Relationship:
    """End a relationship; from `last_day` on it holds no more. The row is locked.

    :raises NotAllowed: if the actor may change neither side
    :raises RelationshipOver: if it ended before, or would end before it began
    """
    rows = Relationship.objects.select_for_update(of=("self",)).select_related("customer", "other")
    kept = rows.get(pk=relationship.pk)
    _require_one(kept.customer, kept.other, actor)
    if kept.valid_to or (kept.valid_from and last_day < kept.valid_from):
        raise RelationshipOver
    kept.valid_to, kept.updated_at = last_day, now
    kept.save(update_fields=["valid_to", "updated_at"])
    _tell(RelationshipEnded, kept, actor=actor, now=now)
    return kept


def _require_one(customer: Customer, other: Customer, actor: Actor) -> None:
    """Ask for the right to change either side, since the relation belongs to both.

    :raises NotAllowed: if the actor may change neither
    """
    places = places_of([other.pk])[other.pk]
    scope = actor.scope(CHANGE_CUSTOMER)
    if not (scope.everywhere or any(scope.covers(place) for place in places)):
        require_change(customer, actor)


def _lock(customer: Customer, other: Customer, kind: str) -> None:
    if kind in ACYCLIC:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"families.{kind}"])
    ids = [customer.pk, other.pk]
    list(Customer.objects.select_for_update().filter(pk__in=ids).order_by("id").values_list("pk"))


def _refuse_wrong_kinds(customer: Customer, other: Customer, kind: str) -> None:
    kinds = {customer.kind, other.kind}
    if kind in OF_PERSONS and Customer.Kind.COMPANY in kinds:
        raise RelationshipContradicts(reason=REASONS["persons_only"])
    if kind == Kind.CONTACT and (customer.kind, other.kind) != (Customer.Kind.PERSON, Customer.Kind.COMPANY):
        raise RelationshipContradicts(reason=REASONS["contact_of_company"])


def _refuse_contradictions(customer: Customer, other: Customer, kind: str) -> None:
    both = [customer.pk, other.pk]
    between = Relationship.objects.filter(customer__in=both, other__in=both)
    known = between.open().filter(kind=kind)
    if kind not in SYMMETRIC:
        known = known.filter(customer=customer)
    if known.exists():
        raise RelationshipKnown
    if kind in OF_PERSONS and between.filter(kind__in=OF_PERSONS - {kind}).exists():
        raise RelationshipContradicts(reason=REASONS["parent_and_spouse"])
    if kind in ACYCLIC and _leads_back(customer, other, kind):
        raise RelationshipGoesRound
    if kind == Kind.SPOUSE and _have_spouse(both):
        raise RelationshipContradicts(reason=REASONS["second_spouse"])
    if kind == Kind.PARENT and _is_younger(customer, other):
        raise RelationshipContradicts(reason=REASONS["younger_parent"])
    if kind in ONE_AT_A_TIME and Relationship.objects.open().filter(other=other, kind=kind).exists():
        raise RelationshipContradicts(reason=REASONS["second_referrer"])


def _leads_back(customer: Customer, other: Customer, kind: str) -> bool:
    """Tell whether `other` stands above `customer` already; one query."""
    with connection.cursor() as cursor:
        cursor.execute(ABOVE, {"kind": kind, "start": customer.pk, "sought": other.pk})
        (leads_back,) = cursor.fetchone()
    return bool(leads_back)


def _have_spouse(both: list[UUID]) -> bool:
    open_marriages = Relationship.objects.open().filter(kind=Kind.SPOUSE)
    return open_marriages.filter(customer__in=both).exists() or open_marriages.filter(other__in=both).exists()


def _is_younger(parent: Customer, child: Customer) -> bool:
    return bool(parent.birth_date and child.birth_date and parent.birth_date >= child.birth_date)


def _tell(
    event: type[RelationshipStarted | RelationshipEnded],
    relationship: Relationship,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Record the event for each side, so that both timelines show it."""
    sides = [
        (relationship.customer, relationship.other, True),
        (relationship.other, relationship.customer, False),
    ]
    events = [
        event(
            customer_id=one.pk,
            household_id=one.household_id,
            org_unit_id=_place(one, actor),
            subject_id=relationship.pk,
            kind=relationship.kind,
            other_id=another.pk,
            is_reversed=is_reversed,
            is_sample=relationship.is_sample,
        )
        for one, another, is_reversed in sides
    ]
    record_many(events, actor=actor, now=now)


def _place(customer: Customer, actor: Actor) -> int | None:
    """Return a place of the customer, one the actor works for if there is one; one query."""
    places = sorted(places_of([customer.pk])[customer.pk])
    scope = actor.scope(VIEW_CUSTOMER)
    return next((place for place in places if scope.covers(place)), places[0] if places else None)
