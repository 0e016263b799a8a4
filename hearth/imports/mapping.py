"""Where each field of an import takes its value from: a column, a constant, or the number of the row."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from hearth.core.errors import InvalidInput
from hearth.imports.kinds import CellKind, ImportKind
from hearth.lib.mapping import Field, FieldKind, guess_mapping
from hearth.lib.parse import Cell

GUESSED_AS: Mapping[CellKind, FieldKind] = {
    "text": "text",
    "key": "text",
    "integer": "integer",
    "money": "money",
    "area": "area",
    "date": "date",
    "instant": "date",
    "choice": "text",
    "yes_no": "boolean",
    "phones": "phone",
    "email": "email",
    "identity": "identity",
}
SourceKind = Literal["column", "constant", "row_number"]


class BadMapping(InvalidInput):
    """A field, a column or a way of filling that does not exist."""

    code = "bad_mapping"
    message = _("“%(field)s” cannot be filled from “%(source)s”. Choose a column of the file.")

    def __init__(self, field: str, source: str) -> None:
        super().__init__(field)
        self.params = {"field": field, "source": source}


class FieldsNotMapped(InvalidInput):
    """Required fields have no source."""

    code = "fields_not_mapped"
    message = _("Choose where these come from: %(fields)s.")

    def __init__(self, fields: Sequence[str]) -> None:
        super().__init__(fields[0] if fields else "")
        self.params = {"fields": ", ".join(fields)}


@dataclass(frozen=True)
class Source:
    """How one field is filled; `value` is the column's name, the constant or the prefix of the row number."""

    kind: SourceKind
    value: str = ""
    confidence: float | None = None

    def as_json(self) -> dict[str, Any]:
        known = {} if self.confidence is None else {"confidence": self.confidence}
        return {self.kind: self.value, **known}


def read_sources(
    mapping: Mapping[str, Mapping[str, Any]], *, kind: ImportKind, columns: Sequence[str]
) -> dict[str, Source]:
    """Read a mapping as it is stored, for example `{"name": {"column": "姓名"}, "source": {"constant": "x"}}`.

    :raises BadMapping: for an unknown field, column or kind of source
    """
    names = {field.name for field in kind.fields}
    sources: dict[str, Source] = {}
    for name, stored in mapping.items():
        source = _source(stored)
        if name not in names or source is None:
            raise BadMapping(name, ", ".join(map(str, stored)))
        if source.kind == "column" and source.value not in columns:
            raise BadMapping(name, source.value)
        sources[name] = source
    return sources


def _source(stored: Mapping[str, Any]) -> Source | None:
    confidence = stored.get("confidence")
    if "column" in stored:
        return Source("column", str(stored["column"]), confidence)
    if "constant" in stored:
        return Source("constant", str(stored["constant"]))
    return Source("row_number", str(stored["row_number"])) if "row_number" in stored else None


def require_complete(sources: Mapping[str, Source], *, kind: ImportKind) -> None:
    """Refuse a mapping that leaves a required field without a source.

    :raises FieldsNotMapped: with the labels of those fields
    """
    missing = [str(field.label) for field in kind.fields if field.is_required and field.name not in sources]
    if missing:
        raise FieldsNotMapped(missing)


def guess_sources(
    kind: ImportKind, columns: Sequence[str], samples: Iterable[Sequence[Cell]]
) -> dict[str, dict[str, Any]]:
    """Return the likely mapping of a file, in the form that is stored."""
    fields = [
        Field(
            field.name,
            _in_language(field.label, "zh-hans"),
            _in_language(field.label, "en"),
            field.aliases,
            GUESSED_AS[field.kind],
            required=field.is_required,
        )
        for field in kind.fields
    ]
    guesses = guess_mapping(columns, fields, samples)
    return {
        name: Source("column", guess.column, guess.confidence).as_json() for name, guess in guesses.items()
    }


def _in_language(text: str | Promise, language: str) -> str:
    with override(language):
        return str(text)
