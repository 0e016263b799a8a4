"""What a cell may hold, and how it is read as text."""

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TypeAlias

from hearth.lib.errors import Refusal

Cell: TypeAlias = str | int | float | bool | Decimal | date | datetime | time | timedelta | None

EXCEL_ERRORS = frozenset(
    {
        "#N/A",
        "#REF!",
        "#VALUE!",
        "#DIV/0!",
        "#NAME?",
        "#NULL!",
        "#NUM!",
        "#SPILL!",
        "#CALC!",
        "#GETTING_DATA",
        "#FIELD!",
    }
)
INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")


class CellError(Refusal):
    """A cell that cannot be used; never carries the cell's content, which may be personal."""


def is_blank(cell: Cell) -> bool:
    """Tell whether a cell holds nothing a person could see."""
    if not isinstance(cell, str):
        return cell is None
    return not cell[:1].isalnum() and not INVISIBLE.sub("", cell).strip()


def plain(cell: Cell) -> str:
    """Return the cell as one line in half width, without what cannot be seen.

    :raises CellError: `empty`, or `excel_error` for a formula that failed
    """
    if is_blank(cell):
        raise CellError("empty")
    # A circle with a digit or ㎡ is kept readable: NFKC makes them "1" and "m2".
    text = unicodedata.normalize("NFKC", INVISIBLE.sub("", str(cell)))
    text = " ".join(text.split())
    if text.upper() in EXCEL_ERRORS:
        raise CellError("excel_error", value=text.upper())
    return text
