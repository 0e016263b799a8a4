"""How people are reached and identified: phones, e-mail, identity numbers, and their masks."""

from hearth.lib.contact.email import InvalidEmail, normalise_email
from hearth.lib.contact.identity import IdentityNumber, InvalidIdentityNumber, normalise_identity_number
from hearth.lib.contact.masks import mask_address, mask_email, mask_identity, mask_name, mask_phone
from hearth.lib.contact.phones import (
    InvalidPhone,
    Phone,
    PhoneKind,
    normalise_phone,
    plain_mobile,
    split_phones,
)

__all__ = [
    "IdentityNumber",
    "InvalidEmail",
    "InvalidIdentityNumber",
    "InvalidPhone",
    "Phone",
    "PhoneKind",
    "mask_address",
    "mask_email",
    "mask_identity",
    "mask_name",
    "mask_phone",
    "normalise_email",
    "normalise_identity_number",
    "normalise_phone",
    "plain_mobile",
    "split_phones",
]
