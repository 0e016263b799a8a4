"""What a customer looks for, today and before."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any

from hearth.core.field_rules import Access
from hearth.customers.models import Customer
from hearth.customers.words import word
from hearth.families.models import NEED_FIELDS, NeedProfile
from hearth.families.ruled_fields import INCOME
from hearth.families.words import MOTIVES, VALUE_ELEMENTS

MASK = "•••"


@dataclass(frozen=True)
class Difference:
    """One thing that changed between two versions, in words; empty text where nothing was known."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Statement:
    """One thing a version says, in words; `is_masked`: a reason uncovers it."""

    label: str
    words: str
    is_masked: bool = False


@dataclass(frozen=True)
class NeedVersion:
    """One version with its number, counted from the first, and what it changed."""

    number: int
    profile: NeedProfile
    differences: Sequence[Difference]

    @property
    def stated_at(self) -> datetime:
        return self.profile.created_at


def present_need(customer: Customer) -> NeedProfile | None:
    """Return the newest version that may be used; one query."""
    return NeedProfile.objects.filter(customer=customer, is_blocked=False).newest_first().first()


def need_history(customer: Customer, income: Access) -> Sequence[NeedVersion]:
    """Return the versions that may be used, the newest first, each with what it changed; one query.

    `income`: what the reader may see of it (`access_of`).
    """
    rows = (
        NeedProfile.objects.filter(customer=customer, is_blocked=False)
        .select_related("recorded_by")
        .newest_first()
    )
    oldest_first = [NeedProfile(), *reversed(rows)]
    versions = [
        NeedVersion(number, after, differences(before, after, income))
        for number, (before, after) in enumerate(pairwise(oldest_first), start=1)
    ]
    return versions[::-1]


def differences(before: NeedProfile, after: NeedProfile, income: Access) -> Sequence[Difference]:
    """Return what differs between two versions, as far as the reader may see it."""
    return [
        Difference(
            _label(name),
            _shown(name, getattr(before, name), income),
            _shown(name, getattr(after, name), income),
        )
        for name in _known(income)
        if getattr(before, name) != getattr(after, name)
    ]


def stated(profile: NeedProfile, income: Access) -> Sequence[Statement]:
    """Return what a version says, as far as the reader may see it; what is unknown is left out."""
    return [
        Statement(_label(name), _shown(name, value, income), is_masked=_is_masked(name, income))
        for name in _known(income)
        if (value := getattr(profile, name))
    ]


def _known(income: Access) -> Sequence[str]:
    return [name for name in NEED_FIELDS if name != INCOME.key or income != Access.HIDDEN]


def _is_masked(name: str, income: Access) -> bool:
    return name == INCOME.key and income == Access.MASKED


def _shown(name: str, value: Any, income: Access) -> str:
    return MASK if value and _is_masked(name, income) else words_of(name, value)


def words_of(name: str, value: Any) -> str:
    """Return a value of a need as people read it."""
    if value is None or value == "":
        return ""
    if name == "motives":
        return ", ".join(word(MOTIVES, code) for code in value)
    if name == "value_ratings":
        rated = sorted(value.items(), key=lambda pair: (-pair[1], pair[0]))
        return ", ".join(f"{word(VALUE_ELEMENTS, code)} {rating}" for code, rating in rated)
    if isinstance(value, Decimal):
        return f"{value.normalize():,f}"
    choices: dict[str, Any] = dict(_field(name).choices or ())
    return str(choices.get(value, value))


def words_of_need_fields(names: Iterable[str]) -> str:
    """List parts of a need in words."""
    return ", ".join(_label(name) for name in names if name in NEED_FIELDS)


def _label(name: str) -> str:
    return str(_field(name).verbose_name)


def _field(name: str) -> Any:
    return NeedProfile._meta.get_field(name)
