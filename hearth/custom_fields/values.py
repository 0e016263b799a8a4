"""Values of custom fields: read from what people type, kept as JSON, shown again.

Numbers and amounts are kept as text, so that nothing is rounded; days as ISO dates. A sensitive value is sealed and
bound to its record and field: copied elsewhere it does not open.
"""

import re
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.db.models import Model
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from hearth.core.crypto import open_sealed, seal
from hearth.core.errors import InvalidInput
from hearth.core.sealed_places import Renew
from hearth.custom_fields.models import FieldDefinition
from hearth.custom_fields.words import NO, YES

Kind = FieldDefinition.Kind
SEALED = "sealed"
LONGEST = 2_000
SEPARATORS = re.compile(r"[,，;；、|]")


class CustomValueInvalid(InvalidInput):
    """A value does not fit its field; `field` is the field's key."""

    code = "custom_value_invalid"
    message = _("%(name)s: %(reason)s")


class _Unfit(ValueError):
    """Why a value does not fit, in words."""


def name_of(definition: FieldDefinition) -> str:
    """Return the name of a field in the reader's language."""
    return definition.name_zh if (get_language() or "").startswith("zh") else definition.name_en


def read_value(definition: FieldDefinition, raw: Any) -> Any:
    """Return a value as it is kept, or None for nothing.

    :raises CustomValueInvalid: if it does not fit, or nothing is given where something is required
    """
    try:
        value = _READERS[Kind(definition.kind)](definition, raw) if _is_given(raw) else None
        if definition.is_required and value is None:
            raise _Unfit(gettext("This field is required."))
    except _Unfit as error:
        raise CustomValueInvalid(definition.key, name=name_of(definition), reason=str(error)) from error
    return value


def keep_value(definition: FieldDefinition, value: Any, record: Model) -> Any:
    """Return what stands in the record for a value: itself, or sealed where the field is sensitive."""
    if not definition.is_sensitive or value is None:
        return value
    text = value if isinstance(value, str) else "\n".join(value) if isinstance(value, list) else str(value)
    sealed = seal(text, column=_column(definition, record), row_id=record.pk)
    return {SEALED: b64encode(sealed).decode()}


def keep_values(stated: Iterable[tuple[FieldDefinition, Any]], record: Model) -> dict[str, Any]:
    """Return values as they stand in a record, by the keys of their fields."""
    return {definition.key: keep_value(definition, value, record) for definition, value in stated}


def change_values(stated: Iterable[tuple[FieldDefinition, Any]], record: Model) -> bool:
    """Put the values that differ into a record's `custom`, and tell whether there were any."""
    custom: dict[str, Any] = getattr(record, "custom")  # noqa: B009  (each object's model has it)
    differing = [
        (definition, value)
        for definition, value in stated
        if open_value(definition, custom.get(definition.key), record) != value
    ]
    setattr(record, "custom", {**custom, **keep_values(differing, record)})  # noqa: B010
    return bool(differing)


def open_value(definition: FieldDefinition, kept: Any, record: Model) -> Any:
    """Return the value of what stands in a record."""
    if not (isinstance(kept, dict) and SEALED in kept):
        return kept
    sealed = b64decode(kept[SEALED])
    text = open_sealed(sealed, column=_column(definition, record), row_id=record.pk)
    if definition.kind == Kind.CHOICES:
        return text.split("\n")
    return text == "True" if definition.kind == Kind.YES_NO else text


def renew_custom(model: type[Model], row_id: UUID, custom: Mapping[str, Any], renew: Renew) -> dict[str, Any]:
    """Return the custom values of a record with the sealed ones renewed."""
    return {
        key: {SEALED: b64encode(renew(b64decode(kept[SEALED]), _name(model, key), row_id)).decode()}
        if isinstance(kept, dict) and SEALED in kept
        else kept
        for key, kept in custom.items()
    }


def show_value(definition: FieldDefinition, value: Any) -> str:
    """Return a value as people read it."""
    if value is None or value == []:
        return ""
    if definition.kind == Kind.YES_NO:
        return gettext("yes") if value else gettext("no")
    if definition.kind == Kind.CHOICES:
        return ", ".join(value)
    if definition.kind == Kind.MONEY:
        return f"¥{Decimal(value):,.2f}"
    return str(value)


def typed_value(definition: FieldDefinition, value: Any) -> Any:
    """Return a value as files have it: numbers and amounts as decimals, days as dates, others as people read them."""
    if value is None or value == []:
        return None
    if definition.kind in (Kind.NUMBER, Kind.MONEY):
        return Decimal(value)
    return date.fromisoformat(value) if definition.kind == Kind.DATE else show_value(definition, value)


def _is_given(raw: Any) -> bool:
    if isinstance(raw, str):
        return bool(raw.strip())
    return raw is not None and raw != []


def _column(definition: FieldDefinition, record: Model) -> str:
    return _name(type(record), definition.key)


def _name(model: type[Model], key: str) -> str:
    return f"{model._meta.db_table}.custom.{key}"


def _text(definition: FieldDefinition, raw: Any) -> str:
    text = str(raw).strip()
    longest = min(int(definition.maximum or LONGEST), LONGEST)
    if len(text) > longest:
        raise _Unfit(gettext("At most %(number)s characters.") % {"number": longest})
    if definition.minimum and len(text) < definition.minimum:
        raise _Unfit(gettext("At least %(number)s characters.") % {"number": int(definition.minimum)})
    return text


def _number(definition: FieldDefinition, raw: Any) -> str:
    if isinstance(raw, bool):
        raise _Unfit(gettext("This is no number."))
    try:
        number = Decimal(str(raw).strip().replace(",", "").replace("，", "").removeprefix("¥"))
    except InvalidOperation as error:
        raise _Unfit(gettext("This is no number.")) from error
    if not number.is_finite() or abs(number) >= 10**14 or number != round(number, 4):
        raise _Unfit(gettext("This number is too large or too fine."))
    if definition.kind == Kind.MONEY and number != round(number, 2):
        raise _Unfit(gettext("An amount has at most two decimal places."))
    if definition.minimum is not None and number < definition.minimum:
        raise _Unfit(gettext("At least %(number)s.") % {"number": definition.minimum})
    if definition.maximum is not None and number > definition.maximum:
        raise _Unfit(gettext("At most %(number)s.") % {"number": definition.maximum})
    return f"{number:f}"


def _day(definition: FieldDefinition, raw: Any) -> str:
    if isinstance(raw, date):
        return raw.isoformat()
    try:
        return date.fromisoformat(str(raw).strip().replace("/", "-")).isoformat()
    except ValueError as error:
        raise _Unfit(gettext("This is no day. Write it like 2026-03-18.")) from error


def _choice(definition: FieldDefinition, raw: Any) -> str:
    text = str(raw).strip()
    if text not in definition.choices:
        raise _Unfit(gettext("“%(value)s” is none of the choices.") % {"value": text[:60]})
    return text


def _choices(definition: FieldDefinition, raw: Any) -> list[str]:
    parts: Iterable[Any] = raw if isinstance(raw, list | tuple) else SEPARATORS.split(str(raw))
    chosen = {_choice(definition, part) for part in parts if _is_given(part)}
    return [choice for choice in definition.choices if choice in chosen]


def _yes_no(definition: FieldDefinition, raw: Any) -> bool:
    text = str(raw).strip().casefold()
    if text not in YES | NO:
        raise _Unfit(gettext("Say yes or no."))
    return text in YES


_READERS = {
    Kind.TEXT: _text,
    Kind.NUMBER: _number,
    Kind.MONEY: _number,
    Kind.DATE: _day,
    Kind.CHOICE: _choice,
    Kind.CHOICES: _choices,
    Kind.YES_NO: _yes_no,
}
