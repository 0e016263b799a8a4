"""What of a person's particulars is shown to those who may not see them in full.

Masks are for reading, never for finding a row. They hide at least half of what they are given, and the
number of stars says nothing of the length of a name or an address.
"""

import re

_AREA = re.compile(r"^(.*?(?:省|自治区|市|自治州|盟|地区|区|县|旗))(?=.)")


def mask_phone(number: str) -> str:
    """Return 138****1234; of shorter numbers only the end."""
    prefix = "+86" if number.startswith("+86") else ""
    digits = number.removeprefix("+86")
    if len(digits) >= 11:
        return f"{prefix}{digits[:3]}****{digits[-4:]}"
    return f"{prefix}****{digits[-2:]}" if len(digits) >= 5 else "****"


def mask_name(name: str) -> str:
    """Return the surname and a star: 张*; of names in letters the first letter."""
    stripped = name.strip()
    return f"{stripped[0]}*" if stripped else ""


def mask_identity(number: str) -> str:
    """Return the first and the last of an identity document: 1****************X."""
    if len(number) < 6:
        return "*" * len(number)
    return f"{number[0]}{'*' * (len(number) - 2)}{number[-1]}"


def mask_email(address: str) -> str:
    """Return z***@example.com."""
    local, at, domain = address.rpartition("@")
    return f"{local[:1]}***{at}{domain}" if at else "***"


def mask_address(address: str) -> str:
    """Return the province and city or district, and hide the rest: 北京市朝阳区****."""
    shown, rest = "", address.strip()
    for _ in range(3):
        found = _AREA.match(rest)
        if not found or len(found.group(1)) > 10:
            break
        shown, rest = shown + found.group(1), rest[found.end() :]
    return f"{shown}****" if rest else shown
