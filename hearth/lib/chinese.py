"""Search tokens for Chinese: what goes into a text-search vector, and what a query asks of it.

A row matches a query when it holds **every** token of the query. Both sides fold width and case.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from hearth.lib.pinyin import Unit, fold, is_han, is_word_character, name_units, pieces, readings_in_full
from hearth.postponed import Postponed

if TYPE_CHECKING:
    import rjieba
else:
    rjieba = Postponed("rjieba")

SearchKind = Literal["name", "text", "address"]

MAX_PREFIX = 24
MAX_INNER_PREFIX = 12
MAX_INNER_STARTS = 5
MAX_TEXT_TOKENS = 2_000
MAX_TEXT_LENGTH = 50_000
MAX_TOKEN_LENGTH = 64

_STOP_WORDS = frozenset(
    [*"的了是在和与及或吗呢吧啊呀就都也又很把被给着", "the", "a", "an", "of", "to", "and"]
)
_CHINESE_DIGITS = str.maketrans("零〇一二三四五六七八九两", "001234567892")
_COUNTED = re.compile(r"([零〇一二三四五六七八九两十百]+)(?=(?:栋|幢|座|号|楼|单元|层|室|期|户|弄|门))")
_DASHES = re.compile(r"[\-\u2010-\u2015\u2212_/#~]+")
_ROOM_PARTS = 4
_MAX_ROOM_NUMBERS = 6


def name_tokens(name: str) -> list[str]:
    """Return the tokens under which a person or company is found.

    Single characters, pairs and the whole name; the full pinyin and its beginnings, from every
    character's start; every syllable; initials (zs) and surname with initials (zhangs). Characters and
    surnames of several readings are found under each of them, within bounds.
    """
    units = name_units(name)
    characters = [unit.text for unit in units]
    tokens = dict.fromkeys(characters)
    tokens.update(dict.fromkeys(_pairs(units)))
    if characters:
        tokens["".join(characters)] = None
    for sounds in readings_in_full(units):
        tokens.update(dict.fromkeys(_sound_tokens(sounds)))
    for unit in units:
        tokens.update(dict.fromkeys(unit.readings))
    return [token[:MAX_TOKEN_LENGTH] for token in tokens]


def text_tokens(text: str) -> list[str]:
    """Return the words of free text, once each, without punctuation and empty words."""
    return _bounded_words(text)


def address_tokens(text: str) -> list[str]:
    """Return the tokens of an address: characters, pairs, numbers, and the numbers joined.

    七栋2单元1203 is also found as 7-2-1203, 2-1203, 7-1203 and 1203.
    """
    runs = address_runs(text)
    tokens: dict[str, None] = {}
    for run in runs:
        if is_han(run[0]):
            tokens.update(dict.fromkeys(run))
            tokens.update(dict.fromkeys(run[at : at + 2] for at in range(len(run) - 1)))
        else:
            tokens.update(dict.fromkeys((run, *re.findall(r"\d+|[^\d]+", run))))
    tokens.update(dict.fromkeys(_joined_numbers(runs)))
    return [token[:MAX_TOKEN_LENGTH] for token in tokens]


def query_tokens(query: str, kind: SearchKind) -> list[str]:
    """Return the tokens a row must all hold to match; empty if the query says nothing to search by."""
    if kind == "text":
        return _bounded_words(query)
    if kind == "address":
        return _address_query(query)
    tokens: dict[str, None] = {}
    for term in fold(query).replace("u:", "v").replace("ü", "v").split():
        tokens.update(dict.fromkeys(_name_query_term(term)))
    return list(tokens)


def _pairs(units: tuple[Unit, ...]) -> Iterator[str]:
    for left, right in pairwise(units):
        if left.is_han and right.is_han:
            yield left.text + right.text


def _sound_tokens(sounds: tuple[str, ...]) -> Iterator[str]:
    """Yield what people type for one reading of a name."""
    initials = "".join(sound[0] for sound in sounds)
    yield from _beginnings("".join(sounds), MAX_PREFIX)
    yield from _beginnings(initials, MAX_PREFIX)
    yield from _beginnings(sounds[0] + initials[1:], MAX_PREFIX)
    for start in range(1, min(len(sounds), MAX_INNER_STARTS + 1)):
        yield from _beginnings("".join(sounds[start:]), MAX_INNER_PREFIX)
        yield initials[start:][:MAX_INNER_PREFIX]


def _beginnings(text: str, longest: int) -> Iterator[str]:
    for length in range(1, min(len(text), longest) + 1):
        yield text[:length]


def _name_query_term(term: str) -> Iterator[str]:
    run = ""
    for part in [*pieces(term), ""]:
        if part and is_han(part[0]):
            run += part
            continue
        yield from _chained(run)
        run = ""
        if part:
            yield part[:MAX_PREFIX]


def _chained(run: str) -> Iterable[str]:
    """Ask for the pairs of a run: they chain, so that 张丰 does not find 张三丰."""
    return [run] if len(run) == 1 else [run[at : at + 2] for at in range(len(run) - 1)]


def _bounded_words(text: str) -> list[str]:
    words: dict[str, None] = {}
    stopped: dict[str, None] = {}
    # Without guessing at new words: a guess depends on the sentence, and query and row would differ.
    for word in rjieba.cut_for_search(fold(text[:MAX_TEXT_LENGTH]), hmm=False):
        for part in _word_parts(word):
            (stopped if part in _STOP_WORDS else words)[part[:MAX_TOKEN_LENGTH]] = None
        if len(words) >= MAX_TEXT_TOKENS:
            break
    return list(words or stopped)[:MAX_TEXT_TOKENS]


def _word_parts(word: str) -> list[str]:
    if all(is_word_character(character) for character in word):
        return [word] if word else []
    return pieces(word)


def address_runs(text: str) -> list[str]:
    """Split an address into runs of characters and runs of digits and letters, in order."""
    counted = _COUNTED.sub(lambda match: _number(match.group(1)), fold(text))
    runs: list[str] = []
    joined_to_last = False
    for character in counted:
        if not is_word_character(character):
            joined_to_last = False
            continue
        if joined_to_last and is_han(runs[-1][0]) == is_han(character):
            runs[-1] += character
        else:
            runs.append(character)
        joined_to_last = True
    return runs[:200]


def _joined_numbers(runs: list[str]) -> Iterator[str]:
    numbers = [run for run in runs if _is_number_of_room(run)][-_MAX_ROOM_NUMBERS:]
    for start in range(len(numbers)):
        for end in range(start + 2, min(len(numbers), start + _ROOM_PARTS) + 1):
            part = numbers[start:end]
            yield "-".join(part)
            yield f"{part[0]}-{part[-1]}"


def _is_number_of_room(run: str) -> bool:
    return not is_han(run[0]) and (len(run) == 1 or any(character.isdigit() for character in run))


def _address_query(query: str) -> list[str]:
    tokens: dict[str, None] = {}
    for term in _DASHES.sub("-", fold(query)).split():
        numbers = term.strip("-").split("-")
        if 2 <= len(numbers) <= _ROOM_PARTS and all(re.fullmatch(r"[a-z0-9]+", part) for part in numbers):
            tokens["-".join(numbers)[:MAX_TOKEN_LENGTH]] = None
            continue
        for run in address_runs(term):
            tokens.update(dict.fromkeys(_chained(run) if is_han(run[0]) else [run[:MAX_TOKEN_LENGTH]]))
    return list(tokens)


def _number(text: str) -> str:
    """Return Chinese digits or a number below 1,000 in Arabic digits."""
    if not re.search("[十百]", text):
        return text.translate(_CHINESE_DIGITS)
    total, digit = 0, 0
    for character in text.translate(_CHINESE_DIGITS):
        if character.isdigit():
            digit = int(character)
        else:
            total += (digit or 1) * (10 if character == "十" else 100)
            digit = 0
    return str(total + digit)
