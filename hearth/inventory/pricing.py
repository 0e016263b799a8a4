"""How the price of a home follows from a base price and rules: pure arithmetic, exact in decimals.

Price for each m² = base + what each fitting rule adds for each m²; total = price for each m² × area + what rules add
to the whole, rounded to a step (half up). Rules only add, so that their order never matters.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Self

NOTHING = Decimal(0)
CENT = Decimal("0.01")
AMOUNTS = ("per_area", "per_floor", "percent", "lump")


@dataclass(frozen=True, kw_only=True)
class PricedHome:
    """What of a home its price depends on; the area in m²."""

    building: str
    entrance: str
    number: str
    floor: int | None
    layout: str
    orientation: str
    floor_area: Decimal


@dataclass(frozen=True, kw_only=True)
class PriceRule:
    """What fitting homes cost more, or less: every condition that is filled in must hold.

    `ending` is the end of the room number, as homes above each other share it. `per_area` is yuan for each m²,
    `per_floor` the same for each floor above `lowest_floor` (above the ground where it is empty), `percent` a share of
    the base price, `lump` yuan for the whole home.
    """

    label: str
    building: str = ""
    entrance: str = ""
    ending: str = ""
    layout: str = ""
    orientation: str = ""
    lowest_floor: int | None = None
    highest_floor: int | None = None
    per_area: Decimal = NOTHING
    per_floor: Decimal = NOTHING
    percent: Decimal = NOTHING
    lump: Decimal = NOTHING

    def fits(self, home: PricedHome) -> bool:
        """Tell whether the rule speaks of a home; one without a floor fits no rule about floors."""
        asked = (
            (self.building, home.building),
            (self.entrance, home.entrance),
            (self.layout, home.layout),
            (self.orientation, home.orientation),
        )
        same = all(not wanted or wanted == found for wanted, found in asked)
        return same and home.number.endswith(self.ending) and self._fits_floor(home.floor)

    def _fits_floor(self, floor: int | None) -> bool:
        if self.lowest_floor is None and self.highest_floor is None and not self.per_floor:
            return True
        if floor is None:
            return False
        lowest = floor if self.lowest_floor is None else self.lowest_floor
        return lowest <= floor and (self.highest_floor is None or floor <= self.highest_floor)

    def added_to(self, home: PricedHome, base: Decimal) -> "Part":
        """Return what the rule adds to a home that it fits."""
        steps = (home.floor or 0) - (self.lowest_floor or 0) if self.per_floor else 0
        return Part(self.label, self.per_area + self.per_floor * steps + base * self.percent / 100, self.lump)

    def as_json(self) -> dict[str, Any]:
        """Return what differs from an empty rule, amounts as text."""
        given = asdict(self)
        amounts = {name: given.pop(name) for name in AMOUNTS}
        conditions = {name: value for name, value in given.items() if value not in ("", None)}
        return conditions | {name: str(amount) for name, amount in amounts.items() if amount}

    @classmethod
    def from_json(cls, given: Mapping[str, Any]) -> Self:
        """Read what `as_json` wrote; names that no rule has are passed over."""
        known = {field.name for field in fields(cls)}
        read: dict[str, Any] = {name: value for name, value in given.items() if name in known}
        read |= {name: Decimal(read[name]) for name in AMOUNTS if name in read}
        return cls(**read)


@dataclass(frozen=True)
class Part:
    """What a rule adds: yuan for each m², and yuan for the whole home."""

    label: str
    per_area: Decimal
    lump: Decimal

    def as_json(self) -> list[str]:
        """Return the three as text, amounts without noughts at their end."""
        return [self.label, *(f"{amount.normalize():f}" for amount in (self.per_area, self.lump))]


@dataclass(frozen=True)
class PriceTerms:
    """A base price for each m², the rules, and the step in yuan to which a total is rounded."""

    base: Decimal
    rules: Sequence[PriceRule]
    step: Decimal


@dataclass(frozen=True)
class HomePrice:
    """The price of a home and how it came about."""

    per_area: Decimal
    total: Decimal
    parts: Sequence[Part]


def price_home(home: PricedHome, terms: PriceTerms) -> HomePrice:
    """Return the price of one home; `per_area` follows from the rounded total, to the cent."""
    parts = [rule.added_to(home, terms.base) for rule in terms.rules if rule.fits(home)]
    per_area = terms.base + sum((part.per_area for part in parts), NOTHING)
    exact = per_area * home.floor_area + sum((part.lump for part in parts), NOTHING)
    total = round_to(exact, terms.step)
    return HomePrice((total / home.floor_area).quantize(CENT, ROUND_HALF_UP), total, parts)


def round_to(amount: Decimal, step: Decimal) -> Decimal:
    """Return the multiple of a step next to an amount; from the middle away from nought."""
    return (amount / step).quantize(Decimal(1), ROUND_HALF_UP) * step
