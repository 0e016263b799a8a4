"""Resident identity numbers (GB 11643)."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Literal

from hearth.lib.errors import Refusal

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_PROVINCES = re.compile("1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|91")


@dataclass(frozen=True, slots=True)
class IdentityNumber:
    """A number in its present form of 18 characters, and what it says of its holder."""

    number: str
    birth_date: date
    sex: Literal["male", "female"]
    region: str


class InvalidIdentityNumber(Refusal):
    """Codes: empty, float_damage, length, characters, region, date, checksum."""


def normalise_identity_number(raw: object, *, latest: date | None = None) -> IdentityNumber:
    """Check a number of 18 or 15 characters; the old form is brought to the present one.

    With `latest` a birth date after it is refused.

    :raises InvalidIdentityNumber: if it is none, or a spreadsheet has destroyed its last digits
    """
    text = _plain(raw)
    if re.fullmatch(r"\d{15}", text):
        text = f"{text[:6]}19{text[6:]}"
        text += check_character(text)
    if len(text) != 18:
        raise InvalidIdentityNumber("length", length=len(text))
    if not re.fullmatch(r"\d{17}[\dX]", text, re.ASCII):
        raise InvalidIdentityNumber("characters")
    if not _PROVINCES.fullmatch(text[:2]):
        raise InvalidIdentityNumber("region")
    try:
        born = date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError as error:
        raise InvalidIdentityNumber("date") from error
    if born.year < 1850 or (latest and born > latest):
        raise InvalidIdentityNumber("date")
    if check_character(text) != text[17]:
        raise InvalidIdentityNumber("float_damage" if text.endswith("000") else "checksum")
    return IdentityNumber(text, born, "male" if int(text[16]) % 2 else "female", text[:6])


def check_character(number: str) -> str:
    """Return the last character that belongs to the first 17 digits (ISO 7064, MOD 11-2)."""
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return _CHECKS[total % 11]


def _plain(raw: object) -> str:
    if isinstance(raw, float):
        # Beyond 15 digits a spreadsheet has rounded; a number of 15 digits is still whole.
        if not raw.is_integer() or abs(raw) >= 1e15:
            raise InvalidIdentityNumber("float_damage")
        raw = int(raw)
    text = unicodedata.normalize("NFKC", "" if raw is None else str(raw)).upper()
    text = re.sub("[\\s\u200b-\u200f\u202a-\u202e\ufeff'\\-]", "", text.replace("×", "X").replace("Х", "X"))
    if not text:
        raise InvalidIdentityNumber("empty")
    if re.fullmatch(r"\d(?:\.\d+)?E\+?1[4-8]|\d{14,18}\.0+", text):
        if re.fullmatch(r"\d{15}\.0+", text):
            return text.split(".")[0]
        raise InvalidIdentityNumber("float_damage")
    return text
