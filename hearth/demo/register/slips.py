"""What changes when a person is written down a second time: other clerk, other form, other year."""

from dataclasses import replace
from datetime import date, timedelta

from hearth.demo.city.dice import Dice, Weighted
from hearth.demo.register import wording
from hearth.demo.register.families import Address, phone_of
from hearth.demo.register.records import Entry

NAME_SLIPS = Weighted(
    {
        "": 0.66,
        "sound": 0.13,
        "shape": 0.08,
        "missing": 0.025,
        "courtesy": 0.03,
        "renamed": 0.01,
        "wrong": 0.015,
    }
)
PHONE_SLIPS = Weighted({"": 0.76, "digit": 0.07, "swapped": 0.02, "other": 0.1, "missing": 0.05})
BIRTH_SLIPS = Weighted({"": 0.6, "missing": 0.34, "off": 0.04, "swapped": 0.02})


def write_again(entry: Entry, number: int, turn: int, address: Address, dice: Dice) -> Entry:
    """Write a person down again, with what a second clerk gets wrong, leaves out or learns anew."""
    while True:
        again = _write(entry, number, turn, address, dice)
        if _share_a_sign(entry, again):
            return again


def _share_a_sign(one: Entry, other: Entry) -> bool:
    """Tell whether more than the name says that two entries are one person; without it nobody could know."""
    return bool(
        set(one.phones) & set(other.phones)
        or (one.email and one.email == other.email)
        or (one.identity_number and one.identity_number == other.identity_number)
        or (one.birth_date and one.birth_date == other.birth_date)
        or (one.address and other.address)
    )


def _write(entry: Entry, number: int, turn: int, address: Address, dice: Dice) -> Entry:
    name, slip = _name(entry, dice)
    phones, phone_slip = _phones(entry, turn, dice)
    return replace(
        entry,
        number=number,
        name=name,
        sex=entry.sex if dice.chance(0.85) else "",
        birth_date=_birth_date(entry, dice),
        identity_number=entry.identity_number if slip == "renamed" or dice.chance(0.25) else "",
        phones=phones,
        email=entry.email if dice.chance(0.6) else "",
        address="" if dice.chance(0.4) else address.write(dice.between(0, 4)),
        household=entry.household if dice.chance(0.15) else None,
        slip=" ".join(part for part in (slip, phone_slip) if part),
    )


def _name(entry: Entry, dice: Dice) -> tuple[str, str]:
    slip, name = dice.weighted(NAME_SLIPS), entry.name
    if slip in ("sound", "shape"):
        groups = wording.SOUNDS if slip == "sound" else wording.SHAPES
        places = [(at, group) for at, character in enumerate(name) for group in groups if character in group]
        if not places:
            return name, ""
        at, group = dice.pick(places)
        return name[:at] + dice.pick([other for other in group if other != name[at]]) + name[at + 1 :], slip
    characters = wording.FEMALE if entry.sex == "female" else wording.MALE
    if slip == "missing" and len(name) > 2:
        return name[:-1] if dice.chance(0.5) else name[0] + name[2:], slip
    if slip == "courtesy":
        return name[0] + dice.pick(wording.COURTESIES[entry.sex or "male"]), slip
    if slip == "renamed":
        return name[0] + dice.weighted(characters) + dice.weighted(characters), slip
    if slip == "wrong":
        at = dice.between(1, len(name) - 1)
        return name[:at] + dice.weighted(characters) + name[at + 1 :], slip
    return name, ""


def _phones(entry: Entry, turn: int, dice: Dice) -> tuple[tuple[str, ...], str]:
    if not entry.phones:
        return ((phone_of(entry.person, turn),), "other") if dice.chance(0.3) else ((), "")
    slip, first = dice.weighted(PHONE_SLIPS), entry.phones[0]
    if slip == "missing":
        return (), slip
    if slip == "other":
        return (phone_of(entry.person, turn),), slip
    at = dice.between(3, 9)
    if slip == "digit":
        wrong = str((int(first[at]) + dice.between(1, 9)) % 10)
        return (first[:at] + wrong + first[at + 1 :],), slip
    if slip == "swapped":
        return (first[:at] + first[at + 1] + first[at] + first[at + 2 :],), slip
    return (dice.pick(entry.phones),), ""


def _birth_date(entry: Entry, dice: Dice) -> date | None:
    born, slip = entry.birth_date, dice.weighted(BIRTH_SLIPS)
    if born is None or slip == "missing":
        return None
    if slip == "off":
        return dice.pick(
            (born - timedelta(days=1), born + timedelta(days=10), born.replace(year=born.year - 10, day=1))
        )
    if slip == "swapped" and born.day <= 12:
        return born.replace(month=born.day, day=born.month)
    return born
