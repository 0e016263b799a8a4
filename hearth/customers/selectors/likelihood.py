"""How likely two records are one customer, by the weights with which the nightly search begins."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from hearth.analytics.identity import COMPARISONS
from hearth.analytics.identity_clusters import near_dates
from hearth.lib.name_likeness import NameLikeness, name_likeness

WEIGHTS = {each.name: {level.code: level.weight for level in each.levels} for each in COMPARISONS}
# What was looked up already speaks: these odds make a whole phone without a name three in four.
PRIOR = -17.0
# Who is recorded with the same project is one of a few hundred projects' people.
SAME_PLACE = 8.0
NAMES: Mapping[NameLikeness, str] = {
    NameLikeness.SAME: "same_name",
    NameLikeness.SAME_SOUND: "same_sound",
    NameLikeness.SIMILAR: "similar_name",
    NameLikeness.SHORTENED: "shortened_name",
    NameLikeness.COURTESY: "courtesy",
    NameLikeness.SAME_SURNAME: "same_surname",
    NameLikeness.OTHER: "else",
}
ALIKE = ("same_name", "same_sound", "similar_name", "shortened_name")
STRONG = ("same_identity", "same_email", "same_phone")
HOMES = ("same_unit", "same_address", "same_household")


@dataclass(frozen=True, kw_only=True, slots=True)
class Particulars:
    """What can be held against another record; empty or None where nothing is known."""

    name_key: str = ""
    sex: str = ""
    birth_date: date | None = None
    identity: bytes | None = None


def compare_names(left: str, right: str) -> str:
    """Tell how alike two names are, given as their sorting keys (`Customer.pinyin`).

    Returns `same_name`, `same_sound`, `similar_name`, `shortened_name`, or nothing.
    """
    code = NAMES[name_likeness(left, right)]
    return code if code in ALIKE else ""


def likelihood(signs: Collection[str], one: Particulars, other: Particulars) -> float:
    """Return the probability that two records are one customer, from 0 to 1.

    `signs` are what was looked up and agreed. Names, sexes and dates of birth that both know speak as well, also
    against; two identity numbers are never one person.
    """
    if one.identity and other.identity and one.identity != other.identity:
        return 0.0
    weight = PRIOR + sum(_weights_of_signs(signs))
    if one.name_key and other.name_key:
        weight += WEIGHTS["name"][NAMES[name_likeness(one.name_key, other.name_key)]]
    if one.sex and other.sex:
        weight += WEIGHTS["sex"]["same_sex" if one.sex == other.sex else "else"]
    if one.birth_date and other.birth_date:
        weight += WEIGHTS["birth_date"][_compare_dates(one.birth_date, other.birth_date)]
    return 1 / (1 + 2**-weight)


def _weights_of_signs(signs: Collection[str]) -> list[float]:
    """Return a weight for each thing that agrees; of two signs of one thing the stronger."""
    found = []
    if "same_phone" in signs:
        found.append(WEIGHTS["phone"]["same_phone"])
    elif "same_last_four" in signs:
        found.append(WEIGHTS["phone"]["same_last_four"])
    if any(sign in HOMES for sign in signs):
        found.append(WEIGHTS["place"]["same_home"])
    elif "same_place" in signs:
        found.append(SAME_PLACE)
    found += [WEIGHTS[name][f"same_{name}"] for name in ("email", "identity") if f"same_{name}" in signs]
    return found


def _compare_dates(one: date, other: date) -> str:
    if one == other:
        return "same_birth_date"
    return "near_birth_date" if near_dates(one, other) else "else"
