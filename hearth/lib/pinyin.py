"""How a name is read aloud: the units of a name and the readings of each."""

import re
import unicodedata
from functools import lru_cache
from itertools import islice, product
from typing import NamedTuple

from hearth.lib.readings import readings_of_character, readings_of_run
from hearth.lib.surnames import COMPOUND, READINGS

MAX_UNITS = 100
_MAX_READINGS = 3
_MAX_COMBINATIONS = 12
# Joiners, variation selectors and marks of direction come along with text pasted from elsewhere.
_INVISIBLE = re.compile(
    "[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff\U000e0100-\U000e01ef]"
)
_NOT_READ = frozenset("\u3007")


class Unit(NamedTuple):
    """One Chinese character, or one run of other letters and digits, with its readings, best first."""

    text: str
    readings: tuple[str, ...]
    is_han: bool


def fold(text: str) -> str:
    """Return the text in half width and lower case, as both sides of every search see it."""
    half_width = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))
    return unicodedata.normalize("NFKC", half_width.casefold())


@lru_cache(maxsize=20_000)
def is_han(character: str) -> bool:
    """Tell Chinese characters, also rare and private-use ones of old household registers."""
    if character in _NOT_READ:
        return True
    category = unicodedata.category(character)
    if category == "Co":
        return True
    return category == "Lo" and unicodedata.name(character, "").startswith(("CJK UNIFIED", "CJK COMPAT"))


@lru_cache(maxsize=20_000)
def is_word_character(character: str) -> bool:
    """Tell letters, digits and the marks that belong to letters."""
    return unicodedata.category(character)[0] in "LNM" or is_han(character)


def pieces(text: str) -> list[str]:
    """Split folded text into single Chinese characters and runs of other letters and digits."""
    found: list[str] = []
    run = ""
    for character in text:
        if is_word_character(character) and not is_han(character):
            run += character
            continue
        if run:
            found.append(run)
            run = ""
        if is_han(character):
            found.append(character)
    if run:
        found.append(run)
    return found


@lru_cache(maxsize=1_000)
def name_units(name: str) -> tuple[Unit, ...]:
    """Return the units of a name with their readings; separators such as · are gone.

    The surname is read as a surname (曾 zeng, 单 shan, 尉迟 yuchi); a character without a known
    reading has none.
    """
    parts = pieces(fold(name))[:MAX_UNITS]
    surname = _surname_readings(parts)
    likely = _likely_readings(parts)
    units: list[Unit] = []
    for place, part in enumerate(parts):
        if not is_han(part[0]):
            units.append(Unit(part, (part,), is_han=False))
            continue
        first = surname[place] if place < len(surname) else ()
        settled = len(surname) == 2 and place < 2
        ordered = dict.fromkeys(first if settled else (*first, *likely[place], *readings_of_character(part)))
        units.append(Unit(part, _with_u_umlaut(tuple(ordered)[:_MAX_READINGS]), is_han=True))
    return tuple(units)


def readings_in_full(units: tuple[Unit, ...]) -> list[tuple[str, ...]]:
    """Return the ways to read the name, the best one first, a bounded number of them."""
    readable = [unit.readings for unit in units if unit.readings]
    if not readable:
        return []
    if len(readable) > 6:
        return [tuple(readings[0] for readings in readable)]
    return list(islice(product(*readable), _MAX_COMBINATIONS))


def pinyin_key(name: str) -> str:
    """Return the key that sorts names as a Chinese address book does: by sound, then by character."""
    units = name_units(name)
    sounds = " ".join(unit.readings[0] if unit.readings else unit.text for unit in units)
    return f"{sounds} {''.join(unit.text for unit in units)}".strip()


def _surname_readings(parts: list[str]) -> tuple[tuple[str, ...], ...]:
    compound = COMPOUND.get("".join(parts[:2])) if len(parts) > 2 else None
    if compound:
        return tuple((sound,) for sound in compound)
    if parts and parts[0] in READINGS:
        return (READINGS[parts[0]],)
    return ()


def _likely_readings(parts: list[str]) -> list[tuple[str, ...]]:
    """Read the whole name at once: words such as 重庆 settle the reading of their characters."""
    found: list[tuple[str, ...]] = []
    run = ""
    for part in [*parts, ""]:
        if part and is_han(part[0]) and readings_of_character(part):
            run += part
            continue
        found.extend((sound,) for sound in readings_of_run(run))
        run = ""
        if part:
            found.append(() if is_han(part[0]) else (part,))
    return found


def _with_u_umlaut(readings: tuple[str, ...]) -> tuple[str, ...]:
    """Add the passport spelling: 吕 is typed lv and printed LYU."""
    passport = [sound.replace("v", "yu") for sound in readings if sound in ("lv", "nv")]
    return (*readings, *passport)
