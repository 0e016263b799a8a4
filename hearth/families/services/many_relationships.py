"""Recording many relationships at once, under the rules that hold for a single one."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q

from hearth.core.actor import Actor
from hearth.core.attribution import beyond_places
from hearth.core.bulk import insert_many
from hearth.core.errors import Conflict
from hearth.core.events import Event, record_many
from hearth.customers.models import Customer
from hearth.customers.permissions import CHANGE_CUSTOMER, VIEW_CUSTOMER
from hearth.customers.selectors import places_of
from hearth.families.events import RelationshipEnded, RelationshipStarted
from hearth.families.models import Relationship
from hearth.families.services.ancestors import Ancestry, Links
from hearth.families.services.relationships import ACYCLIC, OF_PERSONS, ONE_AT_A_TIME
from hearth.families.words import SYMMETRIC
from hearth.imports.first_rows import FirstRows
from hearth.lib.identifiers import uuid7

Kind = Relationship.Kind


@dataclass(frozen=True, kw_only=True, slots=True)
class NewRelationship:
    """That `customer` is the parent, payer, … of `other`, under the number of its row."""

    row: int
    customer_id: UUID
    other_id: UUID
    kind: str
    position: str = ""
    valid_from: date | None = None
    valid_to: date | None = None

    @property
    def pair(self) -> tuple[UUID, UUID]:
        """Both sides, in one order for relations that have no direction."""
        first, second = self.customer_id, self.other_id
        return (first, second) if self.kind not in SYMMETRIC or first < second else (second, first)

    @property
    def both(self) -> frozenset[UUID]:
        return frozenset((self.customer_id, self.other_id))


@dataclass(frozen=True)
class Flaw:
    """Why a relationship cannot be; `first_row` is the row of the same file that excludes it, if one does."""

    code: str
    first_row: int | None = None

    @property
    def params(self) -> Mapping[str, Any]:
        return {} if self.first_row is None else {"first_row": self.first_row}


class RelationshipChanged(Conflict):
    """While a file was written, somebody recorded a relationship that excludes one of its rows."""

    code = "relationship_changed"


@dataclass(frozen=True)
class _Recorded:
    """What is recorded of the people of a batch."""

    people: Mapping[UUID, tuple[str, date | None, frozenset[int]]]
    rows: Collection[tuple[UUID, UUID, str, date | None, date | None]]
    ancestry: Mapping[str, Ancestry]


@dataclass
class RelationshipRules:
    """Judges relationships in the order of their rows, against what is recorded and against the rows before.

    Rows with a flaw count for nothing. What it remembers of a row takes some hundred bytes.
    """

    actor: Actor
    seen: FirstRows = field(default_factory=FirstRows)
    links: Mapping[str, Links] = field(default_factory=lambda: {kind: Links() for kind in ACYCLIC})

    def find_flaws(self, news: Sequence[NewRelationship]) -> dict[int, Flaw]:
        """Return the first flaw of each row that has one; five queries, and more only for lines of ancestors that
        pass from the file to what is recorded and back.
        """
        recorded = self._load(news)
        index = _Index(recorded.rows)
        flaws: dict[int, Flaw] = {}
        for new in news:
            if flaw := self._flaw(new, recorded, index):
                flaws[new.row] = flaw
            else:
                self._remember(new)
        return flaws

    def _load(self, news: Sequence[NewRelationship]) -> _Recorded:
        ids = list({side for new in news for side in (new.customer_id, new.other_id)})
        places = places_of(ids)
        known = Customer.objects.filter(pk__any_of=ids).values_list("pk", "kind", "birth_date")
        people = {pk: (kind, born, frozenset(places[pk])) for pk, kind, born in known}
        touching = Relationship.objects.filter(Q(customer__in=ids) | Q(other__in=ids))
        columns = ("customer_id", "other_id", "kind", "valid_from", "valid_to")
        ancestry = {kind: Ancestry(kind, links) for kind, links in self.links.items()}
        for kind, lines in ancestry.items():
            lines.load({new.customer_id for new in news if new.kind == kind})
        return _Recorded(people, list(touching.values_list(*columns)), ancestry)

    def _flaw(self, new: NewRelationship, recorded: _Recorded, index: "_Index") -> Flaw | None:
        if new.customer_id == new.other_id:
            return Flaw("related_to_themselves")
        (kind, born, places), (other_kind, other_born, others_places) = (
            recorded.people[new.customer_id],
            recorded.people[new.other_id],
        )
        scope = self.actor.scope(CHANGE_CUSTOMER)
        if not (scope.everywhere or any(scope.covers(place) for place in places | others_places)):
            return Flaw("not_allowed")
        if new.kind in OF_PERSONS and Customer.Kind.COMPANY in (kind, other_kind):
            return Flaw("persons_only")
        if new.kind == Kind.CONTACT and (kind, other_kind) != (Customer.Kind.PERSON, Customer.Kind.COMPANY):
            return Flaw("contact_of_company")
        if new.valid_from and new.valid_to and new.valid_to < new.valid_from:
            return Flaw("ends_before_it_begins")
        if new.kind == Kind.PARENT and born and other_born and born >= other_born:
            return Flaw("younger_parent")
        return self._conflict(new, index) or self._circle(new, recorded.ancestry)

    def _conflict(self, new: NewRelationship, index: "_Index") -> Flaw | None:
        """Look for a row before, then for a record, that leaves no room for this one."""
        for code, key in _keys(new):
            first = self.seen.get(key)
            if first is not None:
                return Flaw(f"{code}_in_row", first)
        return next((Flaw(code) for code, key in _keys(new) if key in index), None)

    def _circle(self, new: NewRelationship, ancestry: Mapping[str, Ancestry]) -> Flaw | None:
        lines = ancestry.get(new.kind)
        return Flaw("goes_round") if lines and lines.leads_back(new.customer_id, new.other_id) else None

    def _remember(self, new: NewRelationship) -> None:
        for key in _claims(new):
            self.seen.note(key, new.row)
        if new.kind in self.links:
            self.links[new.kind].add(new.customer_id, new.other_id)


Key = tuple[Any, ...]


class _Index(set[Key]):
    """What the recorded relationships claim, by the same keys as rows do."""

    def __init__(self, rows: Iterable[tuple[UUID, UUID, str, date | None, date | None]]) -> None:
        super().__init__()
        for customer_id, other_id, kind, valid_from, valid_to in rows:
            recorded = NewRelationship(
                row=0,
                customer_id=customer_id,
                other_id=other_id,
                kind=kind,
                valid_from=valid_from,
                valid_to=valid_to,
            )
            self.update(_claims(recorded))


def _claims(new: NewRelationship) -> Iterable[Key]:
    """Yield what a relationship takes for itself."""
    yield ("same", new.kind, *new.pair, *([new.valid_from, new.valid_to] if new.valid_to else []))
    if new.kind in OF_PERSONS:
        yield ("persons", new.kind, new.both)
    if new.valid_to is None and new.kind in ONE_AT_A_TIME:
        yield ("one", new.kind, new.other_id)
    if new.valid_to is None and new.kind == Kind.SPOUSE:
        for side in new.pair:
            yield ("one", new.kind, side)


def _keys(new: NewRelationship) -> Iterable[tuple[str, Key]]:
    """Yield what must not be taken yet, with what is said of it."""
    for key in _claims(new):
        if key[0] == "same":
            yield "known", key
        if key[0] == "one":
            yield ("second_spouse" if new.kind == Kind.SPOUSE else "second_referrer"), key
    for kind in OF_PERSONS - {new.kind} if new.kind in OF_PERSONS else ():
        yield "parent_and_spouse", ("persons", kind, new.both)


@beyond_places()
@transaction.atomic
def relate_many(news: Sequence[NewRelationship], *, actor: Actor, now: datetime) -> list[Relationship]:
    """Record many relationships, each told to both sides; a dozen queries for any number.

    Relations that must not go round are written one at a time in the whole database. What others recorded since the
    rows were judged is judged again under that lock.

    :raises RelationshipChanged: if one of them is not possible (any more)
    """
    with connection.cursor() as cursor:
        for kind in sorted(ACYCLIC & {new.kind for new in news}):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"families.{kind}"])
    ids = list({side for new in news for side in new.both})
    rows = Customer.objects.select_for_update(of=("self",)).filter(pk__any_of=ids).order_by("id")
    people = {customer.pk: customer for customer in rows.only("household_id", "is_sample")}
    if RelationshipRules(actor).find_flaws(news):
        raise RelationshipChanged
    written = [_build(new, people, actor, now) for new in news]
    insert_many(written)
    record_many(_events(written, people, actor), actor=actor, now=now)
    return written


def _build(
    new: NewRelationship, people: Mapping[UUID, Customer], actor: Actor, now: datetime
) -> Relationship:
    return Relationship(
        id=uuid7(),
        customer_id=new.customer_id,
        other_id=new.other_id,
        kind=new.kind,
        position=new.position.strip(),
        valid_from=new.valid_from,
        valid_to=new.valid_to,
        recorded_by_id=actor.user_id,
        created_at=now,
        updated_at=now,
        is_sample=people[new.customer_id].is_sample and people[new.other_id].is_sample,
    )


def _events(
    written: Sequence[Relationship], people: Mapping[UUID, Customer], actor: Actor
) -> Iterable[Event]:
    """Tell each side of each relationship that it began, and where it is over that it ended; one query."""
    places, scope = places_of(people), actor.scope(VIEW_CUSTOMER)
    own = {
        key: next((place for place in sorted(known) if scope.covers(place)), min(known, default=None))
        for key, known in places.items()
    }
    for row in written:
        for kind in (RelationshipStarted, *([RelationshipEnded] if row.valid_to else [])):
            for one, another, is_reversed in (
                (row.customer_id, row.other_id, True),
                (row.other_id, row.customer_id, False),
            ):
                yield kind(
                    customer_id=one,
                    household_id=people[one].household_id,
                    org_unit_id=own[one],
                    subject_id=row.pk,
                    kind=row.kind,
                    other_id=another,
                    is_reversed=is_reversed,
                    is_sample=row.is_sample,
                )
