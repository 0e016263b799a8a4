"""Households of the invented register: who lives together, under which name, phone and address."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from hearth.demo.city import names
from hearth.demo.city.dice import Dice, Weighted
from hearth.demo.register import wording
from hearth.demo.register.records import Entry
from hearth.lib.contact.identity import check_character

SIZES = Weighted({1: 0.24, 2: 0.28, 3: 0.28, 4: 0.14, 5: 0.06})
TODAY = date(2026, 1, 1)
# No county has the code 00, so that no number of the register can be anybody's.
PROVINCES = ("11", "31", "33", "42", "44", "51")
TWINS, RECYCLED, KNOWN_HOUSEHOLD = 0.02, 0.004, 0.5
# Coprime to 10⁸: numbers that follow each other get phones without anything in common.
STRIDE = 61_803_399


@dataclass(frozen=True, slots=True)
class Address:
    """Where a household lives, in the parts in which people write it."""

    province: str
    city: str
    district: str
    road: str
    number: int
    estate: str
    building: int
    entrance: int
    room: int

    def write(self, style: int) -> str:
        """Write it as one of five clerks does."""
        city, district = self.city.removesuffix("市"), self.district.removesuffix("区")
        street = f"{self.road}{self.number}号"
        home = f"{self.building}栋{self.entrance}单元{self.room}室"
        return (
            f"{self.province}{self.city}{self.district}{street}{self.estate}{home}",
            f"{self.city}{self.district}{street}{self.estate}{home}",
            f"{self.district}{street} {self.estate} {self.building}-{self.entrance}-{self.room}",
            f"{city}{district}{street}{self.estate}{self.building}座{self.room}",
            f"{street}{self.building}栋{self.entrance}单元{self.room}",
        )[style]


def make_family(number: int, first_person: int, dice: Dice) -> tuple[list[Entry], Address]:
    """Invent one household; phones and numbers depend on the persons' numbers alone and are never given twice."""
    address = _address(dice)
    household = number if dice.chance(KNOWN_HOUSEHOLD) else None
    is_male = dice.chance(0.58)
    age = dice.between(26, 60)
    head = _person(first_person, is_male=is_male, age=age, surname=_surname(dice), dice=dice)
    head = replace(head, phones=_phones(first_person, dice), household=household)
    family = [head]
    for member in _others(head, age, dice.weighted(SIZES), first_person, dice):
        shown = member.phones or ((head.phones[0],) if dice.chance(0.55) else ())
        family.append(replace(member, phones=shown, household=household))
    written = [
        replace(member, address=address.write(dice.between(0, 4)) if dice.chance(0.6) else "")
        for member in family
    ]
    return written, address


def _others(head: Entry, age: int, size: int, first_person: int, dice: Dice) -> Iterator[Entry]:
    twin: Entry | None = None
    taken = {head.name}
    for place in range(1, size):
        person = first_person + place
        if twin:
            yield _twin_of(twin, person, dice)
            twin = None
            continue
        if place == 1 and dice.chance(0.8):
            is_male, its_age, surname = (
                head.sex == "female",
                max(22, age + dice.between(-5, 5)),
                _surname(dice),
            )
        elif dice.chance(0.7):
            is_male, its_age, surname = dice.chance(0.52), max(0, age - dice.between(24, 33)), head.name[0]
        else:
            is_male = dice.chance(0.5)
            its_age, surname = age + dice.between(22, 30), head.name[0] if is_male else _surname(dice)
        member = _person(person, is_male=is_male, age=its_age, surname=surname, dice=dice)
        has_own = its_age > 15 and dice.chance(0.75)
        member = replace(member, phones=_phones(person, dice) if has_own else ())
        if its_age < 25 and dice.chance(TWINS):
            twin = member
        # Families do not give a name twice.
        if member.name not in taken:
            taken.add(member.name)
            yield member


def _twin_of(first: Entry, person: int, dice: Dice) -> Entry:
    """Make a second child of the same day, named to match: 李明阳 and 李明月."""
    other = dice.weighted(wording.MALE if first.sex == "male" else wording.FEMALE)
    name = first.name[:-1] + other
    twin = replace(first, number=person, person=person, name=name if name != first.name else name + other)
    born = first.birth_date
    return replace(twin, identity_number=_identity(person, born, first.sex, dice) if born else "", email="")


def _person(person: int, *, is_male: bool, age: int, surname: str, dice: Dice) -> Entry:
    born = TODAY - timedelta(days=age * 365 + dice.between(1, 364))
    sex = "male" if is_male else "female"
    characters = wording.MALE if is_male else wording.FEMALE
    given = dice.weighted(characters)
    if dice.chance(0.8):
        given += dice.weighted(characters)
    return Entry(
        number=person,
        person=person,
        name=surname + given,
        sex=sex if dice.chance(0.85) else "",
        birth_date=born if dice.chance(0.6) else None,
        identity_number=_identity(person, born, sex, dice) if age > 16 and dice.chance(0.4) else "",
        phones=(),
        email=f"p{person * STRIDE % 10**8:08d}@example.com" if age > 16 and dice.chance(0.3) else "",
        address="",
        household=None,
    )


def _surname(dice: Dice) -> str:
    return dice.pick(names.COMPOUND_SURNAMES) if dice.chance(0.004) else dice.weighted(names.SURNAMES)


def _phones(person: int, dice: Dice) -> tuple[str, ...]:
    # A number that its first holder gave up is given to somebody else.
    holder = max(0, person - 1_000) if dice.chance(RECYCLED) else person
    first = phone_of(holder, 0)
    return (first, phone_of(person, 1)) if dice.chance(0.15) else (first,)


def phone_of(person: int, turn: int) -> str:
    """Return a number in the range 154, which belongs to no operator."""
    return f"154{(person * 4 + turn) * STRIDE % 10**8:08d}"


def _identity(person: int, born: date, sex: str, dice: Dice) -> str:
    order = dice.between(0, 498) * 2 + (sex == "male")
    digits = f"{PROVINCES[person % 6]}00{person // 6 % 100:02d}{born:%Y%m%d}{order:03d}"
    return digits + check_character(digits)


def _address(dice: Dice) -> Address:
    province, city, districts = dice.pick(wording.CITIES)
    at = dice.between(0, len(wording.ROAD_FIRST) // 2 - 1) * 2
    return Address(
        province,
        city,
        dice.pick(districts),
        wording.ROAD_FIRST[at : at + 2] + dice.pick(wording.ROAD_END),
        dice.between(1, 400),
        dice.pick(wording.ESTATE_FIRST) + dice.pick(wording.ESTATE_END),
        dice.between(1, 20),
        dice.between(1, 4),
        dice.between(1, 33) * 100 + dice.between(1, 6),
    )
