"""Households and their people, and the people who were entered twice."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from hearth.demo.city import names
from hearth.demo.city.dice import Dice, Weighted
from hearth.demo.city.records import ZONE, Duplicate, Household, Person
from hearth.lib.contact.identity import check_character
from hearth.lib.pinyin import pinyin_key

_SIZES = Weighted({1: 0.22, 2: 0.28, 3: 0.30, 4: 0.13, 5: 0.07})
# No operator was given the numbers that begin with 154: nobody is called by mistake.
PHONE_PREFIX = "154"
# Numbers of people begin with the code of a county; with 00 after the province none was ever given to anybody.
IDENTITY_PROVINCES = ("11", "31", "33", "42", "44", "51")
IDENTITY_ORDERS = 499
LAST_WITH_IDENTITY = len(IDENTITY_PROVINCES) * 100 * IDENTITY_ORDERS
DUPLICATE_SHARE = 0.01
DUPLICATE_KINDS = (
    "typo_same_phone",
    "homophone_same_phone",
    "other_phone_same_email",
    "homophone_same_email",
)


def make_household(number: int, known_date: date, dice: Dice, *, today: date) -> Household:
    """Invent a household that the group first met on a day; `number` makes its keys and phones unique."""
    key = f"DH{number:07d}"
    size = dice.weighted(_SIZES)
    age = dice.between(26, 58)
    is_male = dice.chance(0.58)
    known = instant(known_date, dice)
    head = _person(number, 0, is_male=is_male, age=age, role="head", known=known, dice=dice, today=today)
    head = replace(
        head,
        household=key,
        phones=(_phone(number, 0),),
        email=_email(head.name, number) if dice.chance(0.92) else "",
        source=dice.weighted(names.SOURCES),
        identity_number=_identity(head, number) if dice.chance(0.3) else "",
    )
    others = [
        replace(member, household=key, source=head.source)
        for member in _others(number, size, head, age, known=known, dice=dice, today=today)
    ]
    return Household(key, number, (head, *others))


def _others(
    number: int, size: int, head: Person, age: int, *, known: datetime, dice: Dice, today: date
) -> Iterator[Person]:
    for place in range(1, size):
        role = _role(place, age, dice)
        its_age = {
            "spouse": age + dice.between(-5, 5),
            "child": max(0, age - dice.between(24, 33)),
            "parent": age + dice.between(22, 30),
        }[role]
        is_male = head.sex == "female" if role == "spouse" else dice.chance(0.5)
        surname = _surname(head.name) if role != "spouse" and (role == "child" or is_male) else ""
        person = _person(
            number, place, is_male=is_male, age=its_age, role=role, known=known, dice=dice, today=today,
            surname=surname,
        )  # fmt: skip
        yield replace(person, phones=_phones_of(role, its_age, number, place, dice))


def _role(place: int, age: int, dice: Dice) -> str:
    if place == 1:
        return "spouse" if dice.chance(0.85) else "child" if age > 34 else "parent"
    if place <= 3 and age > 28:
        return "child" if dice.chance(0.75) else "parent"
    return "parent"


def _phones_of(role: str, age: int, number: int, place: int, dice: Dice) -> tuple[str, ...]:
    """Spouses have their own phone; the old often give that of their child, which is no duplicate."""
    if role == "spouse":
        return (_phone(number, place),) if dice.chance(0.9) else ()
    if role == "parent":
        own = dice.uniform()
        return (_phone(number, place),) if own < 0.55 else (_phone(number, 0),) if own < 0.8 else ()
    return (_phone(number, place),) if age > 15 and dice.chance(0.4) else ()


def _person(
    number: int, place: int, *, is_male: bool, age: int, role: str, known: datetime, dice: Dice, today: date,
    surname: str = "",
) -> Person:  # fmt: skip
    born = today - timedelta(days=age * 365 + dice.between(1, 364))
    return Person(
        key=f"DP{number:07d}-{place}",
        name=_name(is_male=is_male, age=age, dice=dice, surname=surname),
        sex="male" if is_male else "female",
        birth_date=born,
        role=role,
        occupation=dice.weighted(names.OCCUPATIONS) if 22 <= age <= 62 else "",
        known_since=known,
    )


def _name(*, is_male: bool, age: int, dice: Dice, surname: str) -> str:
    if not surname:
        is_rare = dice.chance(0.004)
        surname = dice.pick(names.COMPOUND_SURNAMES) if is_rare else dice.weighted(names.SURNAMES)
    if age > 22 and dice.chance(0.22):
        return surname + dice.pick(names.SINGLE_MALE if is_male else names.SINGLE_FEMALE)
    if age >= 45:
        characters = names.MALE_OLD if is_male else names.FEMALE_OLD
    else:
        characters = names.MALE_YOUNG if is_male else names.FEMALE_YOUNG
    first, second = dice.pick(characters), dice.pick(characters)
    return surname + first + ("" if first == second else second)


def _surname(name: str) -> str:
    return name[:2] if name[:2] in names.COMPOUND_SURNAMES else name[0]


def _phone(number: int, place: int) -> str:
    return f"{PHONE_PREFIX}{(number * 10 + place) % 10**8:08d}"


def _email(name: str, number: int) -> str:
    return f"{_romanised(name)}{number}@example.com"


@lru_cache(maxsize=20_000)
def _romanised(name: str) -> str:
    return "".join(letter for letter in pinyin_key(name) if letter.isascii() and letter.isalpha())


def _identity(person: Person, number: int) -> str:
    """Make a number that no other household's head can have; beyond three hundred thousand they run out."""
    if number >= LAST_WITH_IDENTITY:
        return ""
    turn, order = divmod(number, IDENTITY_ORDERS)
    province, county = IDENTITY_PROVINCES[turn % len(IDENTITY_PROVINCES)], turn // len(IDENTITY_PROVINCES)
    order = order * 2 + (person.sex == "male")
    digits = f"{province}00{county:02d}{person.birth_date:%Y%m%d}{order:03d}"
    return digits + check_character(digits)


def instant(day: date, dice: Dice) -> datetime:
    """Return a moment of a day, in the hours when people visit and call."""
    return datetime.combine(day, time(9), ZONE) + timedelta(minutes=dice.between(0, 600))


def enter_twice(
    household: Household, number: int, dice: Dice, *, today: date
) -> tuple[list[Person], list[Duplicate]]:
    """Enter the head of a household a second time, as another clerk did some weeks later."""
    head = household.head
    kinds = [kind for kind in DUPLICATE_KINDS if head.email or not kind.endswith("email")]
    kind = dice.pick(kinds)
    return [_again(head, kind, number, dice, today)], [Duplicate(head.key, f"{head.key}-2", kind)]


def enter_family_twice(
    household: Household, number: int, dice: Dice, *, today: date
) -> tuple[list[Person], list[Duplicate]]:
    """Enter a whole family a second time, as a household of its own."""
    again = []
    for member in household.members:
        copy = _again(member, "homophone_same_phone", number, dice, today)
        again.append(replace(copy, household=f"{household.key}-2", role=member.role))
    pairs = [Duplicate(member.key, f"{member.key}-2", "whole_family") for member in household.members]
    return again, pairs


def _again(person: Person, kind: str, number: int, dice: Dice, today: date) -> Person:
    table = names.LOOKALIKES if kind.startswith("typo") else names.HOMOPHONES
    name = person.name if kind.startswith("other_phone") else _misspelt(person.name, table, dice)
    other_phone = (_phone(number, 9),) if kind.endswith("email") else person.phones
    later = min(person.known_since.date() + timedelta(days=dice.between(7, 90)), today - timedelta(days=2))
    return replace(
        person,
        key=f"{person.key}-2",
        name=name,
        household="",
        role="",
        phones=other_phone,
        email=person.email if kind.endswith("email") else "",
        identity_number="",
        occupation="",
        known_since=max(person.known_since, instant(later, dice)),
    )


def _misspelt(name: str, table: dict[str, str], dice: Dice) -> str:
    """Replace one character of the given name by one that sounds or looks like it."""
    start = len(_surname(name))
    places = [place for place in range(start, len(name)) if name[place] in table]
    if not places:
        return name + dice.pick("明华")
    place = dice.pick(places)
    return name[:place] + table[name[place]] + name[place + 1 :]
