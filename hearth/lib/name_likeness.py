"""How alike two names are, as a person at a counter would judge: by characters, by sound, by shape.

A name is given as its sorting key (`hearth.lib.pinyin.pinyin_key`): syllables, a space, and the name without
separators.
"""

from enum import IntEnum
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

from hearth.lib.lookalikes import look_alike
from hearth.lib.pinyin import is_han
from hearth.lib.surnames import COMPOUND

COURTESIES = (
    "先生", "女士", "小姐", "太太", "老师", "经理", "总", "阿姨", "叔叔", "大哥", "大姐", "老板",
)  # fmt: skip
LEGAL_FORMS = (
    "股份有限公司", "有限责任公司", "集团有限公司", "有限公司", "集团公司", "公司", "集团",
)  # fmt: skip
# Names of people have up to five characters; longer ones are companies, or names of peoples without surnames.
_LONGEST_WITH_SURNAME = 5
# Beginnings and ends of syllables that speakers of one region or another do not tell apart.
_BEGINNINGS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"), ("r", "l"))
_ENDS = (("iang", "ian"), ("uang", "uan"), ("ang", "an"), ("eng", "en"), ("ing", "in"))


class NameLikeness(IntEnum):
    """What two names have in common; a higher one includes that the lower ones do not say more."""

    OTHER = 0
    SAME_SURNAME = 1
    COURTESY = 2
    SHORTENED = 3
    SIMILAR = 4
    SAME_SOUND = 5
    SAME = 6


def name_likeness(left: str, right: str) -> NameLikeness:
    """Compare two names given as sorting keys; a missing name is like no other."""
    (sounds, _space, one), (other_sounds, _space, other) = left.rpartition(" "), right.rpartition(" ")
    if not one or not other:
        return NameLikeness.OTHER
    if one == other:
        return NameLikeness.SAME
    if sounds == other_sounds:
        return NameLikeness.SAME_SOUND
    surname = surname_of(one)
    has_surname = bool(surname) and surname == surname_of(other)
    if is_similar(one, sounds, other, other_sounds):
        is_shorter = has_surname and len(one) != len(other)
        return NameLikeness.SHORTENED if is_shorter else NameLikeness.SIMILAR
    if not has_surname:
        return NameLikeness.OTHER
    is_courtesy = one[len(surname) :] in COURTESIES or other[len(surname) :] in COURTESIES
    return NameLikeness.COURTESY if is_courtesy else NameLikeness.SAME_SURNAME


def surname_of(name: str) -> str:
    """Return the surname of a Chinese name, nothing of any other."""
    if not name or not is_han(name[0]) or len(name) > _LONGEST_WITH_SURNAME:
        return ""
    return name[:2] if len(name) > 2 and name[:2] in COMPOUND else name[0]


def is_similar(one: str, sounds: str, other: str, other_sounds: str) -> bool:
    """Tell whether two different names may be one name written wrongly.

    Of Chinese names one character may look like the other or sound nearly like it, or one may be missing after the
    surname. 张伟明 and 张伟东 are brothers, not a slip of the pen. Companies may have another legal form and one other
    character. Names in letters may differ in one letter, from seven letters on in two.
    """
    if is_han(one[0]) and is_han(other[0]) and max(len(one), len(other)) > _LONGEST_WITH_SURNAME:
        return Levenshtein.distance(_without_form(one), _without_form(other), score_cutoff=1) <= 1
    if not (is_han(one[0]) and is_han(other[0])):
        longest = max(len(one), len(other))
        allowed = 1 if longest <= 6 else 2
        return longest >= 3 and Levenshtein.distance(one, other, score_cutoff=allowed) <= allowed
    if len(one) != len(other):
        shorter, longer = sorted((one, other), key=len)
        return _has_one_more(shorter, longer) and not _is_courtesy(one, other)
    places = [place for place in range(len(one)) if one[place] != other[place]]
    if len(places) != 1 or len(one) < 2:
        return False
    place = places[0]
    if look_alike(one[place], other[place]):
        return True
    return _sounds_nearly_alike(sounds.split(" "), other_sounds.split(" "), place, len(one))


def _without_form(company: str) -> str:
    return next((company.removesuffix(form) for form in LEGAL_FORMS if company.endswith(form)), company)


def _has_one_more(shorter: str, longer: str) -> bool:
    if len(longer) != len(shorter) + 1 or len(shorter) < 2 or shorter[0] != longer[0]:
        return False
    return any(longer[:place] + longer[place + 1 :] == shorter for place in range(1, len(longer)))


def _is_courtesy(one: str, other: str) -> bool:
    return one[1:] in COURTESIES or other[1:] in COURTESIES


def _sounds_nearly_alike(left: list[str], right: list[str], place: int, length: int) -> bool:
    # A company's or a mixed name has other syllables than characters: then nothing can be said by place.
    if len(left) != length or len(right) != length:
        return False
    return blurred(left[place]) == blurred(right[place])


@lru_cache(maxsize=2_000)
def blurred(syllable: str) -> str:
    """Return a syllable without what many speakers do not tell apart: zhang and zan give zan."""
    for beginning, plain in _BEGINNINGS:
        if syllable.startswith(beginning):
            syllable = plain + syllable[len(beginning) :]
            break
    for end, plain in _ENDS:
        if syllable.endswith(end):
            return syllable[: -len(end)] + plain
    return syllable
