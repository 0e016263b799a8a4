"""Dates and instants in Chinese and English forms."""

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from typing import Literal, NamedTuple

from hearth.lib.parse.cells import Cell, CellError, plain

DateOrder = Literal["dmy", "mdy"]

EARLIEST = date(1900, 1, 1)
LATEST = date(2100, 12, 31)

_MONTHS = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], start=1
    )
}
_MONTH = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    "oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
_DIGITS = str.maketrans("零〇○一二三四五六七八九", "000123456789")
_CHINESE_DATE = re.compile(
    r"(?P<year>[零〇○一二三四五六七八九]{4})年(?P<month>[一二三四五六七八九十]{1,3})月"
    r"(?P<day>[一二三四五六七八九十廿卅]{1,3})[日号]?"
)
_YEAR_FIRST = re.compile(r"(\d{4})\s?(?:年|[\-/.])\s?(\d{1,2})\s?(?:月|[\-/.])\s?(\d{1,2})\s?[日号]?(?!\d)")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?!\d)(?:\.0+$)?")
_YEAR_LAST = re.compile(r"(\d{1,2})([\-/.])(\d{1,2})\2(\d{4})(?!\d)")
_SHORT_YEAR = re.compile(r"\d{1,2}([\-/.])\d{1,2}\1\d{1,2}(?!\d)|\d{2}年\d{1,2}月\d{1,2}[日号]?")
_ENGLISH_SHORT_YEAR = re.compile(rf"\d{{1,2}}[\s\-/]*(?:{_MONTH})[\s\-/,.]*\d{{2}}(?!\d)")
_DAY_MONTH = re.compile(
    rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[\s\-/]*(?:of\s)?(?P<month>{_MONTH})[\s\-/,.]*(?P<year>\d{{4}})(?!\d)"
)
_MONTH_DAY = re.compile(
    rf"(?P<month>{_MONTH})[\s.\-/]*(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[\s,\-/]+(?P<year>\d{{4}})(?!\d)"
)
_INCOMPLETE = re.compile(r"\d{4}(?:年|[\-/.]\d{1,2}|年\d{1,2}月?)?|\d{1,2}月\d{1,2}[日号]?")
_WEEKDAY_BEFORE = re.compile(r"^(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?[,.]?\s+")
_WEEKDAY_AFTER = re.compile(r"^\s*[,(]?\s*(?:星期|周|礼拜)[一二三四五六日天]\)?")
_TIME = re.compile(
    r"(?P<before>上午|下午|中午|凌晨|早上|晚上|am|pm|a\.m\.|p\.m\.)?\s*(?P<hour>\d{1,2})\s*(?::|时|点)"
    r"\s*(?:(?P<half>半)|(?P<minute>\d{1,2})\s*分?(?:\s*:?\s*(?P<second>\d{1,2})(?:[.,](?P<fraction>\d{1,9}))?\s*秒?)?)?"
    r"\s*(?P<after>am|pm|a\.m\.|p\.m\.)?\s*(?P<zone>z|utc|[+\-]\d{2}:?\d{2})?"
)
_LATER = frozenset({"下午", "晚上", "pm", "p.m."})
_NOON = "中午"


class _Found(NamedTuple):
    day: date
    rest: str


def parse_date(
    cell: Cell,
    *,
    order: DateOrder | None = None,
    excel_serial: bool = False,
    earliest: date = EARLIEST,
    latest: date = LATEST,
) -> date:
    """Return the date; a time beside it is read and dropped.

    03/05/2024 has two readings: without `order` it is refused. A bare number is a date only with
    `excel_serial`, or as eight digits.

    :raises CellError: empty, excel_error, not_a_date, ambiguous_date, impossible_date, incomplete_date,
        two_digit_year, excel_serial, not_a_time, impossible_time or date_out_of_range
    """
    if isinstance(cell, datetime):
        day = cell.date()
    elif isinstance(cell, date):
        day = cell
    else:
        found = _find_date(cell, order, excel_serial=excel_serial)
        day = found.day
        if found.rest:
            _read_time(found.rest)
    return _within(day, earliest, latest)


def parse_datetime(
    cell: Cell,
    *,
    zone: tzinfo,
    order: DateOrder | None = None,
    excel_serial: bool = False,
    earliest: date = EARLIEST,
    latest: date = LATEST,
) -> datetime:
    """Return the instant in UTC; a cell without a zone of its own is a clock reading in `zone`.

    A date without a time is its midnight.

    :raises CellError: as `parse_date`
    """
    if isinstance(cell, datetime):
        moment = cell if cell.tzinfo else cell.replace(tzinfo=zone)
    elif isinstance(cell, date):
        moment = datetime.combine(cell, time(), zone)
    elif excel_serial and (serial := _serial(cell)) is not None:
        moment = _from_serial(serial).replace(tzinfo=zone)
    else:
        found = _find_date(cell, order, excel_serial=False)
        clock, own = _read_time(found.rest) if found.rest else (time(), None)
        moment = datetime.combine(found.day, clock, own or zone)
    _within(moment.date(), earliest, latest)
    return moment.astimezone(UTC)


def _find_date(cell: Cell, order: DateOrder | None, *, excel_serial: bool) -> _Found:
    if isinstance(cell, (bool, time, timedelta)):
        raise CellError("not_a_date")
    serial = _serial(cell)
    if serial is not None and excel_serial:
        return _Found(_from_serial(serial).date(), "")
    text = _WEEKDAY_BEFORE.sub("", plain(cell).lower())
    for find in (_chinese, _numeric, _english):
        if found := find(text, order):
            rest = _WEEKDAY_AFTER.sub("", found.rest).strip()
            return _Found(found.day, rest.removeprefix("t").removeprefix(",").strip())
    raise CellError(_why_not(text, is_number=serial is not None))


def _chinese(text: str, _order: DateOrder | None) -> _Found | None:
    found = _CHINESE_DATE.match(text)
    if not found:
        return None
    year = int(found["year"].translate(_DIGITS))
    return _Found(_calendar(year, _small(found["month"]), _small(found["day"])), text[found.end() :])


def _numeric(text: str, order: DateOrder | None) -> _Found | None:
    if found := _YEAR_FIRST.match(text) or _COMPACT.match(text):
        year, month, day = (int(part) for part in found.groups())
        return _Found(_calendar(year, month, day), text[found.end() :])
    found = _YEAR_LAST.match(text)
    if not found:
        return None
    first, second, year = int(found[1]), int(found[3]), int(found[4])
    if order is None and first != second and first <= 12 and second <= 12:
        raise CellError("ambiguous_date")
    day_first = order == "dmy" or (order is None and first > 12)
    month, day = (second, first) if day_first else (first, second)
    return _Found(_calendar(year, month, day), text[found.end() :])


def _english(text: str, _order: DateOrder | None) -> _Found | None:
    found = _DAY_MONTH.match(text) or _MONTH_DAY.match(text)
    if not found:
        return None
    day = _calendar(int(found["year"]), _MONTHS[found["month"][:3]], int(found["day"]))
    return _Found(day, text[found.end() :])


def _why_not(text: str, *, is_number: bool) -> str:
    if _SHORT_YEAR.match(text) or _ENGLISH_SHORT_YEAR.match(text):
        return "two_digit_year"
    if is_number and re.fullmatch(r"[1-9]\d{4}(?:\.\d+)?", text):
        return "excel_serial"
    return "incomplete_date" if _INCOMPLETE.fullmatch(text) else "not_a_date"


def _calendar(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise CellError("impossible_date") from error


def _within(day: date, earliest: date, latest: date) -> date:
    if not earliest <= day <= latest:
        raise CellError("date_out_of_range", earliest=earliest, latest=latest)
    return day


def _small(text: str) -> int:
    """Read a Chinese number up to 39."""
    text = text.replace("廿", "二十").replace("卅", "三十")
    if "十" not in text:
        return int(text.translate(_DIGITS))
    tens, _, ones = text.partition("十")
    return int(tens.translate(_DIGITS) or 1) * 10 + int(ones.translate(_DIGITS) or 0)


def _serial(cell: Cell) -> Decimal | None:
    """Return the cell as a number, if it is one and not eight digits in a row."""
    if isinstance(cell, bool):
        return None
    text = str(cell).strip() if isinstance(cell, (int, float, str, Decimal)) else ""
    return Decimal(text) if re.fullmatch(r"\d{1,7}(?:\.\d+)?", text, re.ASCII) else None


def _from_serial(serial: Decimal) -> datetime:
    """Return the clock reading of an Excel day number; Excel believes in 29 February 1900."""
    if not 1 <= serial < 2_958_466 or int(serial) == 60:
        raise CellError("impossible_date")
    days = int(serial) - (0 if serial < 60 else 1)
    seconds = round((serial - int(serial)) * 86_400)
    return datetime(1899, 12, 31, tzinfo=UTC) + timedelta(days=days, seconds=seconds)


def _read_time(text: str) -> tuple[time, tzinfo | None]:
    found = _TIME.fullmatch(text)
    if not found:
        raise CellError("not_a_time")
    hour, half_day = int(found["hour"]), found["before"] or found["after"]
    if half_day and hour <= 12:
        later = half_day in _LATER or (half_day == _NOON and hour < 11)
        hour = hour % 12 + (12 if later else 0) if half_day != _NOON or later else hour
    minute = 30 if found["half"] else int(found["minute"] or 0)
    micro = int((found["fraction"] or "0")[:6].ljust(6, "0"))
    try:
        clock = time(hour, minute, int(found["second"] or 0), micro)
    except ValueError as error:
        raise CellError("impossible_time") from error
    return clock, _offset(found["zone"])


def _offset(text: str | None) -> tzinfo | None:
    if not text:
        return None
    moment = "+0000" if text in ("z", "utc") else text.replace(":", "")
    try:
        return datetime.strptime(moment, "%z").tzinfo
    except ValueError as error:
        raise CellError("impossible_time") from error
