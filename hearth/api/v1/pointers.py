"""Which part of a body a refused value stands in."""

from collections.abc import Callable, Sequence

from hearth.api.v1.customer_schemas import CustomerToCreate
from hearth.lib.contact import InvalidEmail, InvalidPhone, normalise_email, normalise_phone


def point_at(field: str, body: CustomerToCreate) -> str:
    """Return the place of a refused field in the body, without its leading slash."""
    if field == "phone":
        return f"phones/{_first_refused(body.phones, _is_phone)}"
    if field == "email":
        return f"emails/{_first_refused(body.emails, _is_email)}"
    return {"wechat": "wechat_names", "address": "addresses"}.get(field, field)


def _first_refused(values: Sequence[str], is_sound: Callable[[str], bool]) -> int:
    return next((place for place, value in enumerate(values) if not is_sound(value)), 0)


def _is_phone(value: str) -> bool:
    try:
        normalise_phone(value.partition(";ext=")[0])
    except InvalidPhone:
        return False
    return True


def _is_email(value: str) -> bool:
    try:
        normalise_email(value)
    except InvalidEmail:
        return False
    return True
