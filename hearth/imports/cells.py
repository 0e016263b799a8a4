"""One cell of a file in, the value a loader gets out."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from hearth.imports.kinds import CellKind, ImportField
from hearth.lib.contact import (
    InvalidEmail,
    InvalidIdentityNumber,
    InvalidPhone,
    mask_email,
    mask_identity,
    mask_phone,
    normalise_email,
    normalise_identity_number,
    normalise_phone,
    plain_mobile,
    split_phones,
)
from hearth.lib.errors import Refusal
from hearth.lib.parse import (
    Cell,
    CellError,
    is_blank,
    parse_area,
    parse_boolean,
    parse_date,
    parse_datetime,
    parse_integer,
    parse_money,
    parse_text,
)
from hearth.lib.pinyin import fold
from hearth.lib.tabular_write import as_text

SHANGHAI = ZoneInfo("Asia/Shanghai")
SHOWN_LENGTH = 30
# Characters that cannot be seen are shown by their pictures: ␀, ␇, ␛.
PICTURES = {**{code: 0x2400 + code for code in range(0x20)}, 0x7F: 0x2421}
# One meaning for a code: the families of codes overlap.
FAMILIES: Mapping[type[Refusal], str] = {
    CellError: "cell",
    InvalidPhone: "phone",
    InvalidEmail: "email",
    InvalidIdentityNumber: "identity",
}
MASKS: Mapping[CellKind, Callable[[str], str]] = {
    "phones": mask_phone,
    "email": mask_email,
    "identity": mask_identity,
}


def read_cell(cell: Cell, field: ImportField) -> Any:
    """Return the typed value of a cell that is not blank.

    :raises Refusal: a subclass of `hearth.lib`; `full_code` names it
    """
    return reader_of(field)(cell)


def reader_of(field: ImportField) -> Callable[[Cell], Any]:
    """Return what reads the cells of a field as `read_cell` does, for those who read many."""
    if field.kind == "choice":
        return partial(_read_choice, field=field)
    if field.kind == "integer":
        return partial(parse_integer, minimum=field.minimum, maximum=field.maximum)
    return _READERS.get(field.kind) or partial(parse_text, max_length=field.max_length)


def full_code(error: Refusal) -> str:
    """Return the code with its family, for example `phone.too_short`."""
    return f"{FAMILIES[type(error)]}.{error.code}"


def shown(cell: Cell, kind: CellKind) -> str:
    """Return as much of a cell as a message shows; ways to reach or identify a person are masked."""
    if is_blank(cell):
        return ""
    text = " ".join(as_text(cell).split()).translate(PICTURES)
    if mask := MASKS.get(kind):
        text = mask(text)
    return text if len(text) <= SHOWN_LENGTH else f"{text[: SHOWN_LENGTH - 1]}…"


def _read_choice(cell: Cell, field: ImportField) -> str:
    word = fold(parse_text(cell, max_length=field.max_length))
    for key, words in field.choices.items():
        if word == fold(key) or any(word == fold(accepted) for accepted in words):
            return key
    accepted = [words[0] if words else key for key, words in field.choices.items()]
    raise CellError("unknown_choice", choices=accepted)


def _read_phones(cell: Cell) -> list[str]:
    if mobile := plain_mobile(cell):
        return [mobile]
    return list(dict.fromkeys(normalise_phone(part).e164 for part in split_phones(cell)))


_READERS: Mapping[CellKind, Callable[[Cell], Any]] = {
    "money": parse_money,
    "area": parse_area,
    "date": parse_date,
    "instant": lambda cell: parse_datetime(cell, zone=SHANGHAI),
    "yes_no": parse_boolean,
    "phones": _read_phones,
    "email": lambda cell: normalise_email(as_text(cell)),
    "identity": lambda cell: normalise_identity_number(cell).number,
}
