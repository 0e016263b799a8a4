"""Signs in text templates, and what stands in their place once a person writes about a customer."""

import re
from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SIGNS: Mapping[str, str | Promise] = {
    "customer": _("the customer's name"),
    "writer": _("the name of whoever writes"),
    "place": _("the place where the customer is served"),
    "date": _("today"),
}
_SIGN = re.compile(r"\{(\w+)\}")


def unknown_signs(text: str) -> list[str]:
    """Return what is written like a sign and is none, in order."""
    return [name for name in dict.fromkeys(_SIGN.findall(text)) if name not in SIGNS]


def fill(text: str, values: Mapping[str, str]) -> str:
    """Write values for signs; a sign without a value stays as it stands."""
    return _SIGN.sub(lambda found: values.get(found[1], found[0]), text)
