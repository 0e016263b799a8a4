"""Amounts, areas and counts."""

import re
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from hearth.lib.parse.cells import Cell, CellError, plain

_SCALES = {"": 1, "十": 10, "百": 100, "千": 1_000, "k": 1_000, "万": 10_000, "w": 10_000, "百万": 1_000_000}
_SCALES |= {"千万": 10_000_000, "亿": 100_000_000, "万亿": 1_000_000_000_000}
_SCALE = "万亿|千万|百万|亿|万|千|百|十|k|w"
_CURRENCY = r"(?:¥|cny|rmb|人民币)"
_PER = r"(?:/|每)\s*(?:平方米|平米|平方|平|m2|套|月|年|天|个|户|间)"
_MONEY = re.compile(
    rf"{_CURRENCY}?\s*(?P<number>[\d.,' ]+)\s*(?P<scale>{_SCALE})?"
    rf"\s*(?:{_CURRENCY}|元|圆|块)?整?\s*(?:{_PER})?"
)
_AREA = re.compile(r"(?P<number>[\d.,' ]+)\s*(?P<scale>万)?\s*(?:平方米|平米|平方|平|方|m2|m\^2|sqm)?\.?")
_NUMBER = re.compile(r"(?P<number>[\d.,' ]+)\s*(?P<scale>)")
_FOREIGN = re.compile(r"[$€£₩]|us\$|hk\$|usd|hkd|eur|gbp|jpy|美元|美金|港币|港元|欧元|日元|英镑|台币")
_ABOUT = re.compile(r"约|大概|左右|以上|以下|以内|起|多|近|~|≈|\+$")
_RANGE = re.compile(r"\d\s*(?:万|亿|元|m2)?\s*(?:-|~|—|–|至|到)\s*\d")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,4}(?:,\d{4})+(?:\.\d+)?")
_SCIENTIFIC = re.compile(r"\d+(?:\.\d+)?e[+\-]?\d+")
_LARGEST = Decimal(10) ** 13


class _Signed(NamedTuple):
    negative: bool
    text: str


def parse_money(cell: Cell, *, allow_negative: bool = False) -> Decimal:
    """Return an amount in yuan with two places: ￥1,234.50, 650万, 1.2亿, 104,569元/平.

    A price per something loses its unit: the column says which. Negative is -1, 负1 or (1).

    :raises CellError: empty, excel_error, not_a_number, bad_grouping, amount_range, approximate,
        foreign_currency, negative, too_precise or too_large
    """
    return _parse(cell, _MONEY, places=2, allow_negative=allow_negative)


def parse_area(cell: Cell) -> Decimal:
    """Return an area in square metres with two places: 62.0㎡, 62平米.

    :raises CellError: as `parse_money`; unknown_unit for 亩 and 公顷; not_positive
    """
    if isinstance(cell, str) and re.search("亩|公顷|ha$|英尺|ft|坪", cell.strip().lower()):
        raise CellError("unknown_unit")
    area = _parse(cell, _AREA, places=2, allow_negative=False)
    if area <= 0:
        raise CellError("not_positive")
    return area


def parse_decimal(cell: Cell, *, places: int, allow_negative: bool = False) -> Decimal:
    """Return a number without a unit.

    :raises CellError: as `parse_money`
    """
    return _parse(cell, _NUMBER, places=places, allow_negative=allow_negative)


def parse_integer(cell: Cell, *, minimum: int = 0, maximum: int = 2**31 - 1) -> int:
    """Return a whole number, also from full-width digits and from 3.0.

    :raises CellError: as `parse_money`; not_whole; out_of_range
    """
    try:
        number = _parse(cell, _NUMBER, places=0, allow_negative=True)
    except CellError as error:
        if error.code == "too_precise":
            raise CellError("not_whole") from error
        raise
    if not minimum <= number <= maximum:
        raise CellError("out_of_range", minimum=minimum, maximum=maximum)
    return int(number)


def _parse(cell: Cell, shape: re.Pattern[str], *, places: int, allow_negative: bool) -> Decimal:
    if isinstance(cell, (int, float, Decimal)) and not isinstance(cell, bool):
        number = _from_number(cell)
    elif isinstance(cell, str) or cell is None:
        number = _from_text(plain(cell).lower(), shape)
    else:
        raise CellError("not_a_number")
    if number < 0 and not allow_negative:
        raise CellError("negative")
    return _rounded(number, places)


def _from_number(number: float | Decimal) -> Decimal:
    # repr gives the shortest digits that mean this float: 0.1, not 0.1000000000000000055.
    exact = Decimal(repr(number)) if isinstance(number, float) else Decimal(number)
    if not exact.is_finite():
        raise CellError("not_a_number")
    return exact


def _from_text(text: str, shape: re.Pattern[str]) -> Decimal:
    negative, text = _sign(text.replace("￥", "¥"))
    if _SCIENTIFIC.fullmatch(text):
        number = _decimal(text)
    else:
        if _RANGE.search(text):
            raise CellError("amount_range")
        if _FOREIGN.search(text):
            raise CellError("foreign_currency")
        if _ABOUT.search(text) and re.search(r"\d", text):
            raise CellError("approximate")
        found = shape.fullmatch(text)
        if not found:
            raise CellError("not_a_number")
        number = _decimal(_ungrouped(found["number"])) * _SCALES[found["scale"] or ""]
    return -number if negative else number


def _sign(text: str) -> _Signed:
    if found := re.fullmatch(r"\((.+)\)", text):
        return _Signed(negative=True, text=found.group(1).strip())
    if found := re.fullmatch(r"(¥?)\s*(?:-|−|负)\s*(.+)", text):
        return _Signed(negative=True, text=found.group(1) + found.group(2))
    return _Signed(negative=False, text=text.removeprefix("+"))


def _ungrouped(number: str) -> str:
    """Take the commas out of 1,234,567 or 123,4567; anything else with commas has two readings."""
    text = number.strip().replace("'", ",")
    if " " in text:
        raise CellError("not_a_number")
    if "," in text and not _GROUPED.fullmatch(text):
        raise CellError("bad_grouping")
    return text.replace(",", "")


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise CellError("not_a_number") from error


def _rounded(number: Decimal, places: int) -> Decimal:
    """Drop the dust of binary fractions, refuse digits that mean something."""
    if abs(number) >= _LARGEST:
        raise CellError("too_large", limit=str(_LARGEST))
    step = Decimal(1).scaleb(-places)
    result = number.quantize(step)
    if abs(result - number) > Decimal("1e-6"):
        raise CellError("too_precise", places=places)
    return result + 0
