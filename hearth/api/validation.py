"""What is wrong with a body or a parameter, said in the reader's language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SENTENCES: Mapping[str, str | Promise] = {
    "missing": _("This is required."),
    "extra_forbidden": _("This is not known here."),
    "string_type": _("This must be a text."),
    "string_too_long": _("This text is too long: at most %(max_length)s characters."),
    "string_too_short": _("This text is too short: at least %(min_length)s characters."),
    "string_pattern_mismatch": _("This text does not have the expected form."),
    "literal_error": _("This must be one of %(expected)s."),
    "list_type": _("This must be a list."),
    "tuple_type": _("This must be a list."),
    "too_long": _("This list is too long: at most %(max_length)s entries."),
    "too_short": _("This list is too short: at least %(min_length)s entries."),
    "int_type": _("This must be a whole number."),
    "int_parsing": _("This must be a whole number."),
    "bool_type": _("This must be true or false."),
    "bool_parsing": _("This must be true or false."),
    "greater_than_equal": _("This must be at least %(ge)s."),
    "less_than_equal": _("This must be at most %(le)s."),
    "date_type": _("This must be a day such as 2026-03-18."),
    "date_parsing": _("This must be a day such as 2026-03-18."),
    "date_from_datetime_parsing": _("This must be a day such as 2026-03-18."),
    "datetime_type": _("This must be an instant such as 2026-03-18T06:30:00Z."),
    "datetime_parsing": _("This must be an instant such as 2026-03-18T06:30:00Z."),
    "datetime_from_date_parsing": _("This must be an instant such as 2026-03-18T06:30:00Z."),
    "timezone_aware": _("This must be an instant with its time zone."),
    "uuid_type": _("This must be an id."),
    "uuid_parsing": _("This must be an id."),
    "model_attributes_type": _("This must be an object."),
    "dict_type": _("This must be an object."),
}
OTHERWISE = _("This value is not valid.")


@dataclass(frozen=True)
class FieldError:
    """One thing wrong, at a place in the body (a JSON pointer) or in a parameter (its name)."""

    pointer: str
    code: str
    detail: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {
            "pointer": self.pointer,
            "code": self.code,
            "detail": self.detail,
            "params": {name: _plain(value) for name, value in self.params.items()},
        }


def read_errors(errors: Sequence[Mapping[str, Any]]) -> tuple[bool, list[FieldError]]:
    """Return whether the body (else a parameter) is at fault, and each error.

    The first part of a location names its source, the second the function's argument.
    """
    in_body = [error for error in errors if error["loc"] and error["loc"][0] == "body"]
    chosen = in_body or errors
    return bool(in_body), [_read(error, is_body=bool(in_body)) for error in chosen]


def _read(error: Mapping[str, Any], *, is_body: bool) -> FieldError:
    place = list(error["loc"][2:] if is_body else error["loc"][1:])
    pointer = "".join(f"/{_escape(part)}" for part in place) if is_body else str(place[-1] if place else "")
    params = {name: value for name, value in error.get("ctx", {}).items() if name != "error"}
    sentence = str(SENTENCES.get(error["type"], OTHERWISE))
    return FieldError(pointer, str(error["type"]), sentence % params if params else sentence, params)


def _escape(part: object) -> str:
    return str(part).replace("~", "~0").replace("/", "~1")


def _plain(value: object) -> object:
    return value if isinstance(value, str | int | float | bool | None) else str(value)
