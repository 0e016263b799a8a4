"""One cell in, one typed value out, or a `CellError` that says what is wrong with it.

A blank cell is an error here: whether a field may be empty is for its owner, who asks `is_blank` first.
"""

from hearth.lib.parse.cells import Cell, CellError, is_blank
from hearth.lib.parse.dates import DateOrder, parse_date, parse_datetime
from hearth.lib.parse.numbers import parse_area, parse_decimal, parse_integer, parse_money
from hearth.lib.parse.text import parse_boolean, parse_text

__all__ = [
    "Cell",
    "CellError",
    "DateOrder",
    "is_blank",
    "parse_area",
    "parse_boolean",
    "parse_date",
    "parse_datetime",
    "parse_decimal",
    "parse_integer",
    "parse_money",
    "parse_text",
]
