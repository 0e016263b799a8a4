"""Contact values and identity numbers: brought to one form, indexed for search, shown masked or in full."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hearth.core.crypto import blind_index, last_four_index
from hearth.core.errors import InvalidInput
from hearth.customers.models import ContactPoint
from hearth.lib.contact import (
    IdentityNumber,
    InvalidEmail,
    InvalidIdentityNumber,
    InvalidPhone,
    mask_address,
    mask_email,
    mask_name,
    mask_phone,
    normalise_email,
    normalise_identity_number,
    normalise_phone,
    plain_mobile,
)

PHONE, EMAIL, WECHAT, ADDRESS = ContactPoint.Kind
MAX_LENGTH = 300
EXTENSION = ";ext="

WORDS: Mapping[str, str | Promise] = {
    "empty": _("It is empty."),
    "letters": _("It holds letters."),
    "float_damage": _("A spreadsheet has destroyed its last digits."),
    "too_short": _("It is too short."),
    "too_long": _("It is too long."),
    "no_area_code": _("The area code is missing."),
    "several": _("It holds more than one."),
    "not_a_number": _("It is not a number."),
    "not_an_address": _("It is not an address."),
    "length": _("It does not have 18 characters."),
    "characters": _("It holds characters that do not belong there."),
    "region": _("Its first two digits are no province."),
    "date": _("Its date of birth does not exist."),
    "checksum": _("Its last character does not fit the others."),
}


class InvalidPhoneNumber(InvalidInput):
    """The phone is no single number."""

    code = "invalid_phone"
    message = _("This phone number is not valid. %(reason)s")


class InvalidEmailAddress(InvalidInput):
    """The e-mail address is none."""

    code = "invalid_email"
    message = _("This e-mail address is not valid. %(reason)s")


class InvalidContactText(InvalidInput):
    """The WeChat name or address is empty or too long."""

    code = "invalid_contact"
    message = _("This value is not valid. %(reason)s")


class InvalidIdentity(InvalidInput):
    """The identity number fails its own check."""

    code = "invalid_identity"
    message = _("This identity number is not valid. %(reason)s")


@dataclass(frozen=True, slots=True)
class ContactValue:
    """One value ready to keep: the text to seal and what finds it again."""

    kind: str
    text: str
    index: bytes
    last_four: bytes | None = None


def read_contact(kind: str, raw: str) -> ContactValue:
    """Bring a contact value to one form.

    :raises InvalidInput: `InvalidPhoneNumber`, `InvalidEmailAddress` or `InvalidContactText`
    """
    if kind == PHONE:
        return _read_phone(raw)
    if kind == EMAIL:
        text = _read_email(raw)
        return ContactValue(kind, text, blind_index(kind, text))
    text = " ".join(raw.split())
    if not 0 < len(text) <= MAX_LENGTH:
        raise InvalidContactText(kind, reason=WORDS["too_long" if text else "empty"])
    return ContactValue(kind, text, blind_index(kind, _plain(text)))


def is_contact(kind: str, raw: str) -> bool:
    """Tell whether a contact value could be kept."""
    if kind == PHONE and plain_mobile(raw):
        return True
    try:
        if kind == PHONE:
            normalise_phone(raw.partition(EXTENSION)[0])
        elif kind == EMAIL:
            _read_email(raw)
        else:
            read_contact(kind, raw)
    except (InvalidPhone, InvalidInput):
        return False
    return True


def _read_phone(raw: str) -> ContactValue:
    number, _mark, extension = raw.partition(EXTENSION)
    try:
        phone = normalise_phone(number)
    except InvalidPhone as error:
        raise InvalidPhoneNumber("phone", reason=WORDS[error.code]) from error
    extension = phone.extension or extension
    text = f"{phone.e164}{EXTENSION}{extension}" if extension else phone.e164
    digits = re.sub(r"\D", "", phone.national)
    return ContactValue(PHONE, text, blind_index(PHONE, phone.e164), last_four_index(PHONE, digits))


def _read_email(raw: str) -> str:
    try:
        return normalise_email(raw)
    except InvalidEmail as error:
        raise InvalidEmailAddress("email", reason=WORDS[error.code]) from error


def read_identity(raw: str, *, latest: date | None = None) -> IdentityNumber:
    """Check an identity number.

    :raises InvalidIdentity: if its form, date or last character is wrong
    """
    try:
        return normalise_identity_number(raw, latest=latest)
    except InvalidIdentityNumber as error:
        raise InvalidIdentity("identity_number", reason=WORDS[error.code]) from error


def identity_index(number: str) -> bytes:
    return blind_index("identity", number)


def show_in_full(kind: str, text: str) -> str:
    """Return a kept value as people write it."""
    if kind != PHONE:
        return text
    number, _mark, extension = text.partition(EXTENSION)
    national = normalise_phone(number).national
    return f"{national} - {extension}" if extension else national


def show_masked(kind: str, text: str) -> str:
    """Return what of a kept value everybody may see who sees the customer."""
    if kind == PHONE:
        return mask_phone(text.partition(EXTENSION)[0].removeprefix("+86"))
    if kind == EMAIL:
        return mask_email(text)
    return mask_address(text) if kind == ADDRESS else mask_name(text)


def _plain(text: str) -> str:
    """Return what two spellings of one address or name have in common."""
    return re.sub(r"[\s,，.。·\-—]+", "", unicodedata.normalize("NFKC", text).casefold())
