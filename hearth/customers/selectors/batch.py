"""Who of many new people may already be recorded: the same few queries for any number of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias
from uuid import UUID

from hearth.core.actor import Actor
from hearth.core.attribution import beyond_places
from hearth.customers.contacts import EMAIL, PHONE
from hearth.customers.models import ContactPoint, Customer
from hearth.customers.selectors.likelihood import ALIKE, Particulars, compare_names, likelihood
from hearth.lib.pinyin import pinyin_key

Signs: TypeAlias = dict[tuple[int, UUID], set[str]]


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A person to record, under the number of its row, with the blind indexes of phones and e-mails."""

    row: int
    name: str
    sex: str = ""
    birth_date: date | None = None
    identity: bytes | None = None
    phones: tuple[bytes, ...] = ()
    emails: tuple[bytes, ...] = ()

    def particulars(self) -> Particulars:
        return Particulars(
            name_key=pinyin_key(self.name),
            sex=self.sex,
            birth_date=self.birth_date,
            identity=self.identity,
        )


@dataclass(frozen=True, slots=True)
class Match:
    """A recorded customer who may be the newcomer of a row; `number` is None where the actor may not see them."""

    row: int
    customer_id: UUID
    number: int | None
    signs: frozenset[str]
    has_name: bool
    score: float


@beyond_places()
def match_newcomers(newcomers: Sequence[Newcomer], *, actor: Actor) -> list[Match]:
    """Return who may already be recorded, the likeliest of a row first; at most four queries.

    Found by phone and e-mail; who has neither, by the same name with the same date of birth. Of customers the actor
    may not see only phone and e-mail are told. Names are read aloud only where something was found: that takes longer
    than the queries.
    """
    signs: Signs = {}
    _by_contact(newcomers, signs)
    _by_birth(newcomers, signs)
    found = {customer_id for _row, customer_id in signs}
    columns = ("pk", "number", "pinyin", "sex", "birth_date", "identity_index")
    records = Customer.objects.unmerged().filter(pk__any_of=found).values_list(*columns)
    known = {pk: (number, _particulars(*row)) for pk, number, *row in records}
    visible = set(Customer.objects.visible_to(actor).filter(pk__any_of=found).values_list("pk", flat=True))
    hit = {row for row, _customer_id in signs}
    by_row = {newcomer.row: newcomer.particulars() for newcomer in newcomers if newcomer.row in hit}
    matches = [
        _match(row, customer_id, agreed, by_row[row], *known[customer_id], is_visible=customer_id in visible)
        for (row, customer_id), agreed in signs.items()
        if customer_id in known
    ]
    kept = [match for match in matches if match.number is not None or match.signs - {"same_birth_date"}]
    return sorted(kept, key=lambda match: (match.row, -match.score))


def _by_contact(newcomers: Iterable[Newcomer], signs: Signs) -> None:
    rows: dict[bytes, list[int]] = {}
    for newcomer in newcomers:
        for value in (*newcomer.phones, *newcomer.emails):
            rows.setdefault(value, []).append(newcomer.row)
    points = ContactPoint.objects.filter(kind__in=(PHONE, EMAIL), value_index__looked_up=rows)
    for kind, index, customer_id in points.values_list("kind", "value_index", "customer_id"):
        for row in rows[bytes(index)]:
            signs.setdefault((row, customer_id), set()).add(f"same_{kind}")


def _by_birth(newcomers: Iterable[Newcomer], signs: Signs) -> None:
    rows: dict[tuple[str, date], list[int]] = {}
    for newcomer in newcomers:
        if newcomer.birth_date and newcomer.name and not newcomer.phones and not newcomer.emails:
            rows.setdefault((pinyin_key(newcomer.name), newcomer.birth_date), []).append(newcomer.row)
    if not rows:
        return
    keys, days = {key for key, _day in rows}, {day for _key, day in rows}
    born = Customer.objects.filter(pinyin__any_of=keys, birth_date__any_of=days)
    for customer_id, key, day in born.values_list("pk", "pinyin", "birth_date"):
        for row in rows.get((key, day), ()) if day else ():
            signs.setdefault((row, customer_id), set()).add("same_birth_date")


def _particulars(name_key: str, sex: str, birth_date: date | None, identity: bytes | None) -> Particulars:
    return Particulars(
        name_key=name_key,
        sex=sex,
        birth_date=birth_date,
        identity=bytes(identity) if identity else None,
    )


def _match(
    row: int,
    customer_id: UUID,
    signs: set[str],
    mine: Particulars,
    number: int,
    theirs: Particulars,
    *,
    is_visible: bool,
) -> Match:
    if not is_visible:
        told = frozenset(signs - {"same_birth_date"})
        return Match(row, customer_id, None, told, has_name=False, score=0.0)
    has_name = compare_names(mine.name_key, theirs.name_key) in ALIKE
    score = likelihood(signs, mine, theirs)
    return Match(row, customer_id, number, frozenset(signs), has_name=has_name, score=score)
