"""What is wrong with a file, said so that whoever sold the home can mend it."""

from collections.abc import Mapping
from typing import Any, Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext as now_in_language
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.imports.errors import AlreadyImported, FolderOutside, ServerInside
from hearth.imports.kinds import ImportKind
from hearth.imports.sentences import SENTENCES

Text = str | Promise

OUTCOMES: Mapping[str, Text] = {
    "created": pgettext_lazy("row", "created"),
    "updated": pgettext_lazy("row", "updated"),
    "linked": pgettext_lazy("row", "linked"),
    "skipped": pgettext_lazy("row", "skipped"),
    "error": _("not imported"),
    "warning": _("remark"),
}
STATES: Mapping[str, Text] = {
    "interrupted": _("The work was interrupted. No row is half written; go on where it stopped."),
    "rows_turned_bad": _(
        "Since the check other people have changed something, and rows now have problems. Nothing was written."
    ),
    "refused.not_allowed": _("The right to import here was withdrawn meanwhile. The work stopped."),
    "bad_mapping": _("A fixed value does not fit its field. Change it and check again."),
}
TROUBLES: Mapping[str, Text] = {
    "place_unreachable": _("The folder could not be reached. Check address, user, password and rights."),
    "folder_outside": FolderOutside.message,
    "server_inside": ServerInside.message,
    "not_allowed": _("Whoever set this up may no longer import here. Save it again."),
}
KEPT: Mapping[str, Text] = {
    "changed": _("Somebody has changed the record since; it stays as it is."),
    "in_use": _("Other records point to this one by now; it stays."),
    "gone": _("The record is no longer there."),
}
NOT_TABLES: Mapping[str, Text] = {
    "pdf": _("a PDF document"),
    "image": _("a picture"),
    "document": _("a text document"),
    "archive": _("an archive"),
    "program": _("a program"),
    "database": _("a database"),
    "web page": _("a web page"),
    "json": _("a JSON file"),
    "binary": _("no text at all"),
    "binary workbook": _("a workbook in the binary format (xlsb)"),
    "one line": _("one endless line"),
}
UNKNOWN_FILE: Text = _("The file cannot be used (%(code)s).")
UNKNOWN: Text = _("The row cannot be used (%(code)s).")


class Flaw(Protocol):
    """What an issue has, in memory and in the database."""

    @property
    def row(self) -> int: ...
    @property
    def column(self) -> str: ...
    @property
    def code(self) -> str: ...
    @property
    def params(self) -> Mapping[str, Any]: ...


def explain(flaw: Flaw, kind: ImportKind) -> str:
    """Say in the reader's language what is wrong with a row, without naming row and column."""
    sentence = SENTENCES.get(flaw.code) or kind.messages.get(flaw.code) or UNKNOWN
    return _fill(sentence, flaw.code, flaw.params)


def explain_in_place(flaw: Flaw, kind: ImportKind) -> str:
    """Say where and what: row, column, the cell as far as it is shown, and the reason."""
    reason, value = explain(flaw, kind), str(flaw.params.get("value") or "")
    words = {"row": flaw.row, "column": flaw.column, "value": value, "reason": reason}
    if flaw.column and value:
        return now_in_language("Row %(row)s, column “%(column)s”, “%(value)s”: %(reason)s") % words
    if flaw.column:
        return now_in_language("Row %(row)s, column “%(column)s”: %(reason)s") % words
    return now_in_language("Row %(row)s: %(reason)s") % words


def explain_file(code: str, params: Mapping[str, Any]) -> str:
    """Say why a file is refused or an import stopped; `code` as an import keeps it, empty for no reason."""
    if not code:
        return ""
    if code == AlreadyImported.code:
        return _fill(AlreadyImported.message, code, params)
    return _fill(SENTENCES.get(code) or STATES.get(code) or UNKNOWN_FILE, code, params)


def explain_reversal(code: str, kind: ImportKind) -> str:
    """Say why a row was not taken back; empty where it was."""
    return str(KEPT.get(code) or kind.messages.get(code) or code) if code else ""


def explain_source(code: str) -> str:
    """Say why nothing could be picked up; empty for no trouble."""
    return str(TROUBLES.get(code, code)) if code else ""


def name_outcome(outcome: str) -> str:
    return str(OUTCOMES[outcome])


def _fill(sentence: Text, code: str, params: Mapping[str, Any]) -> str:
    """Put the parameters in; one that is missing becomes a dash, so that an old issue can still be read."""
    words: Mapping[str, str] = _Words({name: _word(name, value) for name, value in params.items()}, code=code)
    return str(sentence) % words


class _Words(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return "—"


def _word(name: str, value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    if name == "kind":
        return str(NOT_TABLES.get(str(value), value))
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10_000:
        return f"{value:,}"
    return str(value)
