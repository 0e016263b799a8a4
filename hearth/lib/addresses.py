"""What two ways of writing one Chinese address have in common."""

import re
from dataclasses import dataclass

from hearth.lib.chinese import address_runs
from hearth.lib.pinyin import is_han

# Beginnings of an address vary (province left out, city with or without 市); the end of a street's name does not.
_KEPT = 3
# Most addresses need none of the care that full width, rare characters and written numbers do, and are many.
_PLAIN = re.compile(r"[\u4e00-\u9fff0-9A-Z\-, 。]+")
_WRITTEN_NUMBERS = re.compile("[零〇一二三四五六七八九两十百]")
_RUNS = re.compile(r"[\u4e00-\u9fff]+|[0-9a-z]+")


@dataclass(frozen=True, slots=True)
class AddressKeys:
    """Keys that equal addresses share; empty where the address does not say enough.

    `building` is the end of the street's or estate's name with the number behind it; `home` adds the last number, that
    of the room. Parts between them (building, entrance, floor) are often left out and do not count.
    """

    building: str
    home: str


def address_keys(text: str) -> AddressKeys:
    """Return what an address has in common with other ways of writing it.

    科苑路十五号金色家园7栋2单元1203室 and 深圳南山科苑路15号 7-2-1203 have both keys in common. An address without a
    number behind a name has none.
    """
    is_plain = _PLAIN.fullmatch(text) and not _WRITTEN_NUMBERS.search(text)
    runs = _RUNS.findall(text.lower()) if is_plain else address_runs(text)
    first = next((at for at in range(1, len(runs)) if not _is_name(runs[at]) and _is_name(runs[at - 1])), 0)
    if not first:
        return AddressKeys("", "")
    building = f"{runs[first - 1][-_KEPT:]}{runs[first]}"
    later = [run for run in runs[first + 1 :] if not _is_name(run)]
    return AddressKeys(building, f"{building}|{later[-1]}" if later else "")


def _is_name(run: str) -> bool:
    return is_han(run[0])
