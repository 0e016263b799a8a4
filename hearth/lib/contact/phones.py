"""Telephone numbers as people write them, brought to one form."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Literal

import phonenumbers

from hearth.lib.errors import Refusal

PhoneKind = Literal["mobile", "landline", "service", "foreign"]

_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\ufeff\u00ad]")
_DASHES = re.compile("[\u2010-\u2015\u2212\u30fc\u2500~]")
_EXTENSION = re.compile(r"(?:转分机|分机号|分机|转|ext\.?|x|#)\s*[:：.]?\s*(\d{1,6})$", re.IGNORECASE)
_SEPARATORS = re.compile(
    r"[、;；,，/|\n\r]+|(?<=\d)\s*(?:或者|或|和|及)\s*(?=[\d+(])|(?<=\d)\s{2,}(?=[\d+(])"
    r"|(?<=\d{11})\s+(?=1[3-9]\d{9})"
)
_FLOAT = re.compile(r"\d+(?:\.\d+)?[eE]\+?\d+|\d+\.\d+")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_PLAIN_MOBILE = re.compile(r"(?:\+86)?(1[3-9][0-9]{9})")
_LANDLINE = re.compile(r"(0(?:10|2\d|[3-9]\d{2}))([2-8]\d{6,7})(?:-(\d{1,6}))?")
_SERVICE = re.compile(r"[48]00\d{7}")
_LABEL = re.compile(
    r"^(?:手机号码?|手机|电话号码?|电话|联系电话|固话|座机|tel|phone|mobile)\s*[:：.]?\s*", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Phone:
    """A number with its one form for comparing (`e164`) and its form for showing (`national`)."""

    e164: str
    national: str
    extension: str
    kind: PhoneKind


class InvalidPhone(Refusal):
    """Codes: empty, letters, float_damage, too_short, too_long, no_area_code, several, not_a_number."""


def normalise_phone(raw: object) -> Phone:
    """Bring one number to one form; Chinese unless it starts with + or 00 and another country.

    Takes what a cell may hold: text, or the number a spreadsheet made of it. A 400 or 800 number is of
    kind `service`.

    :raises InvalidPhone: if it is no number, or a spreadsheet has destroyed its last digits
    """
    if isinstance(raw, str) and (plain := _PLAIN_MOBILE.fullmatch(raw)):
        return Phone(f"+86{plain[1]}", plain[1], "", "mobile")
    text = _EXTENSION_SPACE.sub("", _plain(raw))
    extension = ""
    if found := _EXTENSION.search(text):
        extension, text = found.group(1), text[: found.start()]
    if re.search(r"[^\W\d_]", text):
        raise InvalidPhone("letters")
    if len(split_phones(text)) > 1:
        raise InvalidPhone("several")
    text = _SEPARATORS.sub("", text)
    digits = re.sub(r"[\s().·*'\"]|(?<!\d)-|-(?=\D|$)", "", text)
    return _recognise(digits, extension)


def plain_mobile(raw: object) -> str:
    """Return a Chinese mobile that is written without any trimmings as `normalise_phone` does, else an empty text.

    Of a million phones nearly all are written so; this takes a fifth of the time.
    """
    found = _PLAIN_MOBILE.fullmatch(raw) if isinstance(raw, str) else None
    return f"+86{found[1]}" if found else ""


def split_phones(raw: object) -> list[str]:
    """Split a cell into its numbers, not yet checked; 021-66668888/9 stays two pieces for a person."""
    if isinstance(raw, str) and _PLAIN_MOBILE.fullmatch(raw):
        return [raw]
    return [part.strip() for part in _SEPARATORS.split(_plain(raw)) if part.strip()]


_EXTENSION_SPACE = re.compile(r"(?<=[转机])\s+")


def _plain(raw: object) -> str:
    """Return the cell as text in half width, with the number a spreadsheet made of it repaired."""
    if isinstance(raw, bool) or raw is None:
        raise InvalidPhone("empty" if raw is None else "not_a_number")
    if isinstance(raw, float):
        if not raw.is_integer() or abs(raw) >= 1e15:
            raise InvalidPhone("float_damage")
        raw = int(raw)
    text = unicodedata.normalize("NFKC", str(raw))
    text = _DASHES.sub("-", _INVISIBLE.sub("", text)).strip().lstrip("'")
    text = _LABEL.sub("", text)
    if not text:
        raise InvalidPhone("empty")
    return _repair_float(text) if _FLOAT.fullmatch(text) else text


def _repair_float(text: str) -> str:
    """Undo 13800138000.0 and 1.3800138E+10, but not 1.38001E+10, whose last digits are gone."""
    try:
        number = Decimal(text)
    except InvalidOperation as error:
        raise InvalidPhone("not_a_number") from error
    kept = len(text.lower().split("e", maxsplit=1)[0].replace(".", ""))
    # Seven digits after the point are the least at which eleven-digit numbers are seldom rounded.
    if number != number.to_integral_value() or number >= 10**15 or ("e" in text.lower() and kept < 8):
        raise InvalidPhone("float_damage")
    return str(int(number))


def _recognise(digits: str, extension: str) -> Phone:
    bare = re.sub(r"^(?:\+86|0086|\+0086)-?", "", digits)
    if bare == digits and re.match(r"\+|00", digits):
        return _foreign(digits, extension)
    if re.fullmatch(r"0?86-?(?:1[3-9](?:-?\d){9}|0(?:-?\d){9,11})", bare):
        bare = bare.removeprefix("0")[2:].removeprefix("-")
    if landline := _landline(bare, extension, has_country=bare != digits):
        return landline
    number = bare.replace("-", "")
    if number.startswith("01") and _MOBILE.fullmatch(number[1:]):
        number = number[1:]
    if not number.isdecimal() or not number.isascii():
        raise InvalidPhone("not_a_number")
    if _MOBILE.fullmatch(number):
        return Phone(f"+86{number}", number, extension, "mobile")
    if _SERVICE.fullmatch(number):
        return Phone(f"+86{number}", f"{number[:3]}-{number[3:6]}-{number[6:]}", extension, "service")
    raise InvalidPhone(_why_not(number))


def _landline(bare: str, extension: str, *, has_country: bool) -> Phone | None:
    """Read area code and number; the digits after a further dash are the extension."""
    text = bare
    if has_country and not text.startswith("0"):
        text = f"0{text}"
    area, dash, rest = text.partition("-")
    if dash and _MOBILE.fullmatch(text.replace("-", "")):
        return None
    compact = f"{area}{rest}" if re.fullmatch(r"0\d{2,3}", area) else text
    head, *tail = compact.split("-")
    joined = "-".join([head + tail[0], *tail[1:]]) if tail and len(head) <= 8 else compact
    for candidate in (compact, joined):
        found = _LANDLINE.fullmatch(candidate)
        if found and not _MOBILE.fullmatch(candidate.replace("-", "").lstrip("0")):
            area, number, inner = found.groups()
            if len(number) == 7 and area in ("010", "020", "021"):
                return None
            return Phone(f"+86{area[1:]}{number}", f"{area}-{number}", extension or inner or "", "landline")
    return None


def _foreign(digits: str, extension: str) -> Phone:
    text = re.sub(r"^00", "+", digits.replace("-", ""))
    try:
        number = phonenumbers.parse(text, None)
    except phonenumbers.NumberParseException as error:
        raise InvalidPhone("not_a_number") from error
    if not phonenumbers.is_possible_number(number):
        raise InvalidPhone("too_long" if len(text) > 14 else "too_short")
    shape = phonenumbers.PhoneNumberFormat
    return Phone(
        str(phonenumbers.format_number(number, shape.E164)),
        str(phonenumbers.format_number(number, shape.INTERNATIONAL)),
        extension,
        "foreign",
    )


def _why_not(number: str) -> str:
    if len(number) in (7, 8) and number[0] in "2345678":
        return "no_area_code"
    if len(number) < 11:
        return "too_short"
    return "too_long" if len(number) > 12 or (len(number) == 12 and number[0] == "1") else "not_a_number"
