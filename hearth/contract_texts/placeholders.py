# domain data
"""The placeholders of templates: a closed catalogue, filled from the record of the contract."""

import re
from collections.abc import Mapping
from decimal import Decimal
from math import prod

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

PLACEHOLDER = re.compile(r"\{([^{}\n]*)\}")
# An amount of money in figures, with the sign before it or the unit after it, perhaps in thousands or more.
NUMBER, MULTIPLE = r"(\d[\d,]*(?:\.\d+)?)", r"\s*([十百千]?[万亿]?)"
AMOUNT = re.compile(rf"(?:[¥￥]\s*|人民币\s*){NUMBER}{MULTIPLE}|{NUMBER}{MULTIPLE}元")
MULTIPLES: Mapping[str, int] = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
# Stands where the record knows nothing; it is filled in by hand, or the record is completed first.
BLANK = "＿＿＿＿"
CATALOGUE: Mapping[str, str | Promise] = {
    "number": pgettext_lazy("placeholder", "number of the contract"),
    "seller": pgettext_lazy("placeholder", "the company that sells"),
    "buyer": pgettext_lazy("placeholder", "all buyers by name"),
    "project": pgettext_lazy("placeholder", "project"),
    "building": pgettext_lazy("placeholder", "building"),
    "unit": pgettext_lazy("placeholder", "the home with building and entrance"),
    "area": pgettext_lazy("placeholder", "floor area in m²"),
    "unit_price": pgettext_lazy("placeholder", "price of a m² in yuan: the total over the area, to the cent"),
    "total": pgettext_lazy("placeholder", "total in yuan, in figures"),
    "total_capitals": pgettext_lazy("placeholder", "total in Chinese capitals"),
    "signed_date": pgettext_lazy("placeholder", "day of the contract"),
    "plan": pgettext_lazy("placeholder", "way to pay; its instalments follow as a table"),
    "instalments": pgettext_lazy("placeholder", "number of instalments"),
}
OF_FIGURES = ("area", "unit_price", "total", "total_capitals", "signed_date", "instalments")


def placeholders() -> list[tuple[str, str | Promise]]:
    """Return every placeholder as a template writes it, with what it stands for."""
    return [(f"{{{name}}}", meaning) for name, meaning in CATALOGUE.items()]


def placeholders_in(wording: str) -> list[str]:
    """Return the names in braces, in order, each once."""
    return list(dict.fromkeys(PLACEHOLDER.findall(wording)))


def unknown_in(wording: str) -> list[str]:
    """Return the names in braces that the catalogue does not have."""
    return [name for name in placeholders_in(wording) if name not in CATALOGUE]


def amounts_in(wording: str) -> list[Decimal]:
    """Return the amounts of money that a wording names in figures, in order."""
    found = []
    for before, of_before, after, of_after in AMOUNT.findall(wording):
        amount = Decimal((before or after).replace(",", ""))
        found.append(amount * prod(MULTIPLES[each] for each in of_before + of_after))
    return found


def fill(wording: str, values: Mapping[str, str]) -> str:
    """Return a wording with what the record says; what it does not know stays blank."""
    return PLACEHOLDER.sub(lambda found: values.get(found[1], "") or BLANK, wording)
