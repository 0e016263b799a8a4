"""Newline-delimited JSON: one flat object a line."""

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, NoReturn

from hearth.lib.parse.cells import Cell
from hearth.lib.tabular_csv import find_encoding
from hearth.lib.tabular_model import (
    MAX_CELL_LENGTH,
    MAX_COLUMNS,
    FileProblem,
    Table,
    column_name,
    find_header,
)


class JsonLinesTable(Table):
    """A text file of one JSON object a line; its rows bear the numbers of their lines.

    The columns are the keys of all objects in the order of their first appearance; a key that an object lacks is a
    blank cell. Numbers keep all their digits.
    """

    format = "ndjson"

    def __init__(self, path: Path, *, name: str, sha256: str, encoding: str | None) -> None:
        """Look through the whole file for its encoding, and once more for its keys.

        :raises FileProblem: if a line is no flat object
        """
        super().__init__()
        self.path, self.name, self.sha256 = path, name, sha256
        self.encoding = find_encoding(path, encoding)
        keys: dict[str, None] = {}
        self.estimated_rows = 0
        for number, record in self._records():
            keys.update(dict.fromkeys(record))
            if len(keys) > MAX_COLUMNS:
                raise FileProblem("too_many_columns", columns=len(keys), limit=MAX_COLUMNS)
            for key, cell in record.items():
                if isinstance(cell, str) and len(cell) > MAX_CELL_LENGTH:
                    raise FileProblem("cell_too_long", row=number, limit=MAX_CELL_LENGTH, name=key[:100])
            self.estimated_rows += 1
        if not keys:
            raise FileProblem("empty_file")
        self.header_row = 0
        self._keys = list(keys)
        self.columns = find_header(iter([(0, list[Cell](map(column_name, keys)))])).columns

    def _numbered_rows(self) -> Iterator[tuple[int, list[Cell]]]:
        for number, record in self._records():
            yield number, [record.get(key) for key in self._keys]

    def _records(self) -> Iterator[tuple[int, dict[str, Cell]]]:
        codec = {"utf-8": "utf-8-sig"}.get(self.encoding or "", self.encoding)
        with self.path.open(encoding=codec, newline="\n") as file:
            for number, line in enumerate(file, start=1):
                if not line.isspace():
                    yield number, _read_line(line, number)


def _read_line(line: str, number: int) -> dict[str, Cell]:
    """Read one object.

    :raises FileProblem: broken_json, doubled_key or nested_value
    """
    try:
        pairs = json.loads(line, object_pairs_hook=_Pairs, parse_float=Decimal, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise FileProblem("broken_json", line=number) from error
    if not isinstance(pairs, _Pairs):
        raise FileProblem("broken_json", line=number)
    record: dict[str, Cell] = {}
    for key, value in pairs:
        if key in record:
            raise FileProblem("doubled_key", line=number, name=key[:100])
        record[key] = _cell(value, key, number)
    return record


class _Pairs(list[tuple[str, Any]]):
    """The pairs of an object as they stand, a key that comes twice included."""


def _refuse(_constant: str) -> NoReturn:
    message = "NaN and Infinity are no JSON."
    raise ValueError(message)


def _cell(value: Any, key: str, number: int) -> Cell:
    """Return a value as a cell; a list of texts becomes one text, as people write several phones."""
    if isinstance(value, _Pairs) or (
        isinstance(value, list) and any(isinstance(each, list) for each in value)
    ):
        raise FileProblem("nested_value", line=number, name=key[:100])
    if isinstance(value, list):
        return ", ".join(str(each) for each in value if each is not None)
    cell: Cell = value
    return cell
