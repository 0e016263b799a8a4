"""Who would get what: the rule of a handover applied to the rows as they are now."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from hearth.accounts.models import User
from hearth.books.models import BookHandover
from hearth.core.actor import Actor
from hearth.core.ownership import Holding, holdings
from hearth.organization.models import OrgUnit
from hearth.organization.selectors import actor_for


@dataclass(frozen=True)
class HandoverRule:
    """Whose book goes where; `until_date` for a cover, `by_place` from the key of a place to that of a user."""

    from_user: User
    org_unit: OrgUnit
    kind: str
    recipients: tuple[int, ...]
    holdings: tuple[str, ...]
    by_place: Mapping[int, int] = field(default_factory=dict)
    until_date: date | None = None
    note: str = ""

    @property
    def people(self) -> set[int]:
        """Everybody who may get something, never the person whose book it is."""
        named = set(self.by_place.values()) if self.kind == BookHandover.Rule.PLACE else set(self.recipients)
        return named - {self.from_user.pk}


@dataclass(frozen=True)
class PlannedMove:
    """One row and who gets it; nobody when none of the recipients may have it at its place."""

    holding: str
    row_id: UUID
    place_id: int
    to_user_id: int | None


def plan_moves(
    rule: HandoverRule, *, today: date, given: Mapping[int, int] | None = None
) -> Iterator[PlannedMove]:
    """Yield what would move, kind by kind; rows of one household stay with one person where that person may.

    `given` counts what each got before, so that a split that was interrupted goes on evenly. Two queries for each
    kind and two for each recipient.
    """
    chooser = _Chooser(rule, today, Counter(given or {}))
    for code in rule.holdings:
        holding = holdings[code]
        rows = _rows(holding, rule)
        places = places_of([row_id for row_id, _group in rows], holding, rule.org_unit)
        for row_id, group in rows:
            at = places.get(row_id, [rule.org_unit.pk])
            yield PlannedMove(code, row_id, at[0], chooser.choose(holding.permission, at, str(group)))


def _rows(holding: Holding, rule: HandoverRule) -> list[tuple[UUID, Any]]:
    """Load the rows with their group, the largest groups first: what is left then evens the shares out."""
    rows = holding.below(holding.held_by(rule.from_user.pk), rule.org_unit.path)
    grouped = list(
        rows.annotate(together=holding.group).order_by("together", "pk").values_list("pk", "together")
    )
    sizes = Counter(group for _row_id, group in grouped)
    return sorted(grouped, key=lambda row: -sizes[row[1]])


def places_of(ids: Collection[UUID], holding: Holding, top: OrgUnit) -> dict[UUID, list[int]]:
    """Return the places of rows at or below a place, by row; one query."""
    path = f"{holding.place}__path"
    rows = holding.open_rows().filter(pk__in=ids, **{f"{path}__startswith": top.path})
    found: dict[UUID, list[int]] = {}
    for row_id, place_id in rows.order_by(path).values_list("pk", f"{holding.place}__id"):
        found.setdefault(row_id, []).append(place_id)
    return found


class _Chooser:
    """Chooses for one row after the other, and remembers what it chose."""

    def __init__(self, rule: HandoverRule, today: date, given: Counter[int]) -> None:
        self._rule, self._given = rule, given
        people = User.objects.active().filter(pk__in=rule.people).order_by("id")
        self._actors: dict[int, Actor] = {person.pk: actor_for(person, today=today) for person in people}
        self._group_of: dict[str, int] = {}

    def choose(self, permission: str, places: Sequence[int], group: str) -> int | None:
        able = [
            user_id
            for user_id in self._candidates(places)
            if any(self._actors[user_id].can(permission, place) for place in places)
        ]
        if not able:
            return None
        before = self._group_of.get(group)
        chosen = before if before in able else min(able, key=lambda user_id: (self._given[user_id], user_id))
        self._group_of.setdefault(group, chosen)
        self._given[chosen] += 1
        return chosen

    def _candidates(self, places: Sequence[int]) -> list[int]:
        if self._rule.kind != BookHandover.Rule.PLACE:
            return list(self._actors)
        named = (self._rule.by_place.get(place) for place in places)
        return [user_id for user_id in named if user_id in self._actors]


@dataclass(frozen=True)
class Preview:
    """How many of what would go to whom, and what would stay, by place."""

    total: int
    going: Sequence[tuple[str, Sequence[tuple[Holding, int]]]]
    staying: Sequence[tuple[Holding, str, int]]

    @property
    def moved(self) -> int:
        return sum(number for _name, parts in self.going for _holding, number in parts)


def preview(rule: HandoverRule, *, today: date) -> Preview:
    """Say what a handover would do; writes nothing."""
    going: dict[int, Counter[str]] = {}
    staying: Counter[tuple[str, int]] = Counter()
    total = 0
    for move in plan_moves(rule, today=today):
        total += 1
        if move.to_user_id is None:
            staying[move.holding, move.place_id] += 1
        else:
            going.setdefault(move.to_user_id, Counter())[move.holding] += 1
    names = {user.pk: str(user) for user in User.objects.filter(pk__in=going)}
    places = dict(
        OrgUnit.objects.filter(pk__in={place for _code, place in staying}).values_list("id", "name")
    )
    return Preview(
        total,
        [
            (names[user_id], [(holdings[code], number) for code, number in parts.items()])
            for user_id, parts in sorted(going.items(), key=lambda item: names[item[0]])
        ],
        [(holdings[code], places.get(place, "—"), number) for (code, place), number in staying.most_common()],
    )
