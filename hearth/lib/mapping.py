"""Guessing which column of a file fills which field, by the column's name and by what it holds."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from rapidfuzz import fuzz

from hearth.lib.contact import normalise_email, normalise_identity_number, split_phones
from hearth.lib.contact.phones import normalise_phone
from hearth.lib.errors import Refusal
from hearth.lib.parse import Cell, is_blank, parse_area, parse_boolean, parse_date, parse_integer, parse_money
from hearth.lib.pinyin import fold

FieldKind = Literal[
    "text", "name", "phone", "email", "identity", "address", "date", "money", "area", "integer", "boolean"
]
Why = Literal["same_name", "alias", "contained", "similar_name", "content"]

LEAST_CONFIDENCE = 0.5
_MAX_SAMPLES = 50
_SIMILAR = 80
_TELLING: frozenset[FieldKind] = frozenset({"name", "phone", "email", "identity", "address", "date"})
_COMMON_SURNAMES = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
    "余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
_UNIT = re.compile(r"[(\[【（<].*?[)\]】）>]")


@dataclass(frozen=True, slots=True)
class Field:
    """A field to be filled, with the names people give its column."""

    name: str
    label_zh: str
    label_en: str
    aliases: tuple[str, ...] = ()
    kind: FieldKind = "text"
    required: bool = False


class Guess(NamedTuple):
    """The column for a field, how sure that is (0 to 1), and what it rests on."""

    column: str
    confidence: float
    why: Why


class _Candidate(NamedTuple):
    confidence: float
    field: int
    column: int
    why: Why


def guess_mapping(
    columns: Sequence[str], fields: Sequence[Field], sample_rows: Iterable[Sequence[Cell]]
) -> dict[str, Guess]:
    """Return the likely column of each field by the field's name; a field without one is left out.

    Each column serves one field. The surest pair is settled first; equal ones in the order of the fields
    and then of the columns, so that the same file gives the same guess. At most 50 rows are looked at.
    """
    samples = _samples(len(columns), sample_rows)
    candidates = [
        candidate
        for place, field in enumerate(fields)
        for at, column in enumerate(columns)
        if (candidate := _candidate(place, field, at, column, samples[at])).confidence >= LEAST_CONFIDENCE
    ]
    candidates.sort(key=lambda it: (-it.confidence, not fields[it.field].required, it.field, it.column))
    chosen: dict[int, _Candidate] = {}
    taken: set[int] = set()
    for candidate in candidates:
        if candidate.field not in chosen and candidate.column not in taken:
            chosen[candidate.field] = candidate
            taken.add(candidate.column)
    return {
        fields[place].name: Guess(columns[found.column], found.confidence, found.why)
        for place, found in sorted(chosen.items())
    }


def _samples(width: int, rows: Iterable[Sequence[Cell]]) -> list[list[Cell]]:
    samples: list[list[Cell]] = [[] for _ in range(width)]
    for looked, row in enumerate(rows):
        if looked >= _MAX_SAMPLES:
            break
        for place, cell in enumerate(row[:width]):
            if not is_blank(cell):
                samples[place].append(cell)
    return samples


def _candidate(place: int, field: Field, at: int, column: str, cells: list[Cell]) -> _Candidate:
    by_name, why = _by_name(field, column)
    share = _share(field.kind, cells)
    if share is None:
        return _Candidate(by_name, place, at, why)
    by_content = 0.65 * share if field.kind in _TELLING and share >= 0.8 else 0.0
    if by_name < LEAST_CONFIDENCE:
        return _Candidate(round(by_content, 3), place, at, "content")
    # A name that its cells belie is worth half; one that they bear out stays as it is.
    return _Candidate(round(by_name * (0.5 + 0.5 * min(1.0, share / 0.5)), 3), place, at, why)


def _by_name(field: Field, column: str) -> tuple[float, Why]:
    wanted = _normalised(column)
    if not wanted:
        return 0.0, "similar_name"
    own = [_normalised(name) for name in (field.label_zh, field.label_en, field.name)]
    if wanted in own:
        return 1.0, "same_name"
    aliases = [_normalised(alias) for alias in field.aliases]
    if wanted in aliases:
        return 0.95, "alias"
    names = [name for name in (*own, *aliases) if name]
    contained = max((_containment(wanted, name) for name in names), default=0.0)
    similar = max((fuzz.ratio(wanted, name) for name in names if len(name) > 3), default=0.0)
    by_letters = 0.85 * similar / 100 if similar >= _SIMILAR else 0.0
    return (contained, "contained") if contained >= by_letters else (by_letters, "similar_name")


def _containment(column: str, name: str) -> float:
    """Rate 客户姓名 against 姓名: the more of the longer one is covered, the surer."""
    short, long = sorted((column, name), key=len)
    if len(short) < 2 or short not in long or (short.isascii() and len(short) < 4):
        return 0.0
    # What a Chinese compound is about stands at its end: 联系人电话 is a phone, not a contact.
    end = 0.1 if long.endswith(short) else 0.0
    return 0.5 + 0.25 * len(short) / len(long) + end


def _normalised(name: str) -> str:
    without_unit = _UNIT.sub("", fold(name))
    return "".join(character for character in without_unit or fold(name) if character.isalnum())


def _share(kind: FieldKind, cells: list[Cell]) -> float | None:
    """Return the share of cells that look like the kind; None where nothing can be said."""
    looks = _LOOKS.get(kind)
    if looks is None or not cells:
        return None
    return sum(1 for cell in cells if _holds(looks, cell)) / len(cells)


def _holds(looks: Callable[[Cell], object], cell: Cell) -> bool:
    try:
        return bool(looks(cell))
    except Refusal:
        return False


def _is_phone(cell: Cell) -> bool:
    return all(normalise_phone(part) for part in split_phones(cell))


def _is_name(cell: Cell) -> bool:
    return isinstance(cell, str) and bool(
        re.fullmatch("[\u4e00-\u9fff·]{2,4}", cell.strip()) and cell.strip()[0] in _COMMON_SURNAMES
    )


def _is_address(cell: Cell) -> bool:
    return isinstance(cell, str) and len(re.findall("[省市区县镇路街道号栋幢室弄]", cell)) >= 2


_LOOKS: dict[FieldKind, Callable[[Cell], object]] = {
    "phone": _is_phone,
    "name": _is_name,
    "address": _is_address,
    "email": lambda cell: isinstance(cell, str) and normalise_email(cell),
    "identity": normalise_identity_number,
    "date": parse_date,
    "money": lambda cell: parse_money(cell, allow_negative=True) is not None,
    "area": parse_area,
    "integer": lambda cell: parse_integer(cell, minimum=-(2**31)) is not None,
    "boolean": lambda cell: parse_boolean(cell) is not None,
}
