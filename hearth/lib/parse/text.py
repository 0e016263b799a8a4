"""Text and yes or no."""

import re
import unicodedata

from hearth.lib.parse.cells import EXCEL_ERRORS, Cell, CellError, is_blank, plain

_SPACES = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\t\x0b\x0c]")
# Joiners stay: emoji and some scripts are made of them. Marks of direction and zero widths go.
_UNSEEN = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
# The categories Cc and Cs but for the line break, and the sign for what could not be read.
_FORBIDDEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffd]")
# Words of letters, digits and common characters with one mark or space between them: they stand as they are,
# whatever is done to a text.
_PLAIN = re.compile(r"[A-Za-z0-9\u4e00-\u9fa5]+(?:[ ._·-][A-Za-z0-9\u4e00-\u9fa5]+)*")
_YES = frozenset({"是", "有", "对", "真", "y", "yes", "true", "t", "1", "√", "✓", "✔", "☑", "on", "1.0"})
_NO = frozenset(
    {"否", "无", "没有", "不是", "假", "n", "no", "false", "f", "0", "×", "✗", "✘", "☐", "off", "0.0"}
)


def parse_text(cell: Cell, *, max_length: int, multiline: bool = False) -> str:
    """Return the text without surrounding space and unseen characters, as its writer spelled it.

    Width is kept (，stays ，). Line breaks become spaces unless `multiline`.

    :raises CellError: empty, excel_error, control_character, broken_encoding or too_long
    """
    if isinstance(cell, str) and len(cell) <= max_length and _PLAIN.fullmatch(cell):
        return cell
    if is_blank(cell):
        raise CellError("empty")
    whole = isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15
    text = str(int(cell)) if whole and isinstance(cell, float) else str(cell)
    text = unicodedata.normalize("NFC", _UNSEEN.sub("", _SPACES.sub(" ", text)))
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    lines = [re.sub(" {2,}", " ", line).strip() for line in text.split("\n")]
    text = ("\n" if multiline else " ").join(line for line in lines if line or multiline).strip()
    if not text:
        raise CellError("empty")
    if text.upper() in EXCEL_ERRORS:
        raise CellError("excel_error", value=text.upper())
    _check_characters(text)
    if len(text) > max_length:
        raise CellError("too_long", length=len(text), limit=max_length)
    return text


def parse_boolean(cell: Cell) -> bool:
    """Read yes or no: 是 否 有 无 Y N 1 0 √ ×.

    :raises CellError: empty, excel_error or not_yes_or_no
    """
    if isinstance(cell, bool):
        return cell
    word = plain(cell).lower()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise CellError("not_yes_or_no")


def _check_characters(text: str) -> None:
    """Refuse what a database cannot hold and what tells of a wrong encoding."""
    if found := _FORBIDDEN.search(text):
        place, character = found.start() + 1, found.group()
        if character == "\ufffd":
            raise CellError("broken_encoding", place=place)
        raise CellError("control_character", place=place, character=f"U+{ord(character):04X}")
