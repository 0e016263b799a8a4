"""How Chinese characters and words are read, from pypinyin's tables.

Of its 47,000 words only those are kept whose reading differs from that of their characters: 重庆 is not read as 重 and
庆 are. The others would take 40 MB of every process and change nothing.
"""

import json
import os
import re
import unicodedata
from functools import cache, lru_cache
from importlib import resources

os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")  # pypinyin reads it when it is imported

from pypinyin import Style, lazy_pinyin, load_phrases_dict, pinyin
from pypinyin.constants import PINYIN_DICT
from pypinyin.seg.mmseg import PrefixSet, Seg

_ENTRY = re.compile(r'"([^"]+)":\s*(\[\s*\[.*?\]\s*\])', re.DOTALL)
_TONES = re.compile("[\u0300\u0301\u0304\u030c]")


@lru_cache(maxsize=20_000)
def readings_of_character(character: str) -> tuple[str, ...]:
    """Return the readings of one character without tones, the commonest first; none if it is not known."""
    sounds = pinyin(character, style=Style.NORMAL, heteronym=True, errors="ignore")
    return tuple(sound for sound in sounds[0] if re.fullmatch("[a-z]+", sound)) if sounds else ()


def readings_of_run(run: str) -> list[str]:
    """Return one reading for each character of a run of known ones, settled by the words it forms."""
    return [sound for word in _words().cut(run) for sound in _reading_of_word(word)]


@lru_cache(maxsize=20_000)
def _reading_of_word(word: str) -> tuple[str, ...]:
    return tuple(lazy_pinyin(word, style=Style.NORMAL))


@cache
def _words() -> Seg:
    """Give pypinyin the words that settle a reading, and cut by these alone."""
    table = resources.files("pypinyin").joinpath("phrases_dict.json").read_text(encoding="utf-8")
    # Entry by entry: the whole table at once would leave its memory behind.
    entries = ((entry[1], json.loads(entry[2])) for entry in _ENTRY.finditer(table))
    words = {word: sounds for word, sounds in entries if _settles(word, [sound[0] for sound in sounds])}
    load_phrases_dict(words)
    prefixes = PrefixSet()
    prefixes.train(iter(words))
    return Seg(prefixes, no_non_phrases=True)


def _settles(word: str, sounds: list[str]) -> bool:
    alone = [PINYIN_DICT.get(ord(character), "").split(",")[0] for character in word]
    return sounds != alone and list(map(_without_tone, sounds)) != list(map(_without_tone, alone))


def _without_tone(sound: str) -> str:
    return unicodedata.normalize("NFC", _TONES.sub("", unicodedata.normalize("NFD", sound)))
