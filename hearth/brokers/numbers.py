"""The numbers brokers register, whole or with four digits hidden, and what finds both."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import pgettext_lazy

from hearth.brokers.models import ChannelRegistration
from hearth.core.crypto import blind_index
from hearth.core.errors import InvalidInput
from hearth.core.index_places import Computed, IndexPlace
from hearth.customers.contacts import PHONE, read_contact, show_masked
from hearth.customers.models import ContactPoint

HIDDEN = re.compile(r"1[3-9]\d[*x]{4}\d{4}", re.IGNORECASE)


class HiddenNumberRefused(InvalidInput):
    """The place takes whole numbers alone."""

    code = "hidden_number_refused"
    message = pgettext_lazy("channel registration", "Here the whole number is registered.")


@dataclass(frozen=True)
class Number:
    """A number as it is kept: `index` is missing where four digits are hidden."""

    text: str
    masked_index: bytes
    index: bytes | None

    @property
    def is_hidden(self) -> bool:
        return self.index is None


def _masked(text: str) -> bytes:
    """Index what a whole number and the same one with hidden digits have in common."""
    return blind_index(f"{PHONE}:masked", text)


def read_number(raw: str, *, takes_hidden: bool) -> Number:
    """Bring a number to one form, 138****5678 as well.

    :raises HiddenNumberRefused: if digits are hidden where they may not be
    :raises InvalidPhoneNumber: if it is no number
    """
    plain = re.sub(r"[\s\-]+", "", unicodedata.normalize("NFKC", raw))
    if HIDDEN.fullmatch(plain):
        if not takes_hidden:
            raise HiddenNumberRefused("phone")
        text = f"{plain[:3]}****{plain[7:]}"
        return Number(text, _masked(text), None)
    return whole_number(raw)


def whole_number(raw: str) -> Number:
    """:raises InvalidPhoneNumber: if it is no whole number"""
    value = read_contact(PHONE, raw)
    return Number(value.text, _masked(show_masked(PHONE, value.text)), value.index)


def numbers_of(customer_id: UUID) -> Sequence[Number]:
    """Return the phones of a customer that are in use; one query."""
    points = ContactPoint.objects.usable().filter(customer=customer_id, kind=PHONE).order_by("id")
    return [
        Number(text, _masked(show_masked(PHONE, text)), bytes(point.value_index))
        for point in points
        if (text := point.value)
    ]


def _indexes(rows: Sequence[tuple[Any, ...]]) -> list[Computed]:
    return [_of_row(row_id, bytes(sealed)) for row_id, sealed in rows]


def _of_row(row_id: UUID, sealed: bytes) -> Computed:
    number = read_number(
        ChannelRegistration.phone.open(ChannelRegistration, row_id, sealed), takes_hidden=True
    )
    return number.masked_index, number.index


REGISTERED = IndexPlace(ChannelRegistration, ("masked_index", "phone_index"), ("phone_sealed",), _indexes)
