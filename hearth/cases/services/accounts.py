"""Keeping what a customer told of a matter, and what it is about."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from hearth.cases.models import Case, CaseAccount, Cause
from hearth.core.bulk import insert_many
from hearth.core.errors import DomainError, InvalidInput

EARLIEST = date(1990, 1, 1)
LONGEST_WAIT = timedelta(days=730)


class DayUnlikely(InvalidInput):
    """What is told happened before the case opens, and an answer is expected after it."""

    code = "day_unlikely"
    message = _(
        "It happened between 1990 and the day the case opens, and is expected within two years of it."
    )


class CategoryPutAside(DomainError):
    """Matters are taken in under categories in use."""

    code = "category_put_aside"
    message = _("This category is no longer used. Choose another.")


@dataclass(frozen=True)
class Account:
    """What a customer told, as it was written down."""

    happened_date: date | None = None
    spot: str = ""
    persons: str = ""
    course: str = ""
    reason: str = ""
    demand: str = ""
    demand_note: str = ""
    expected_date: date | None = None
    others: str = ""

    @property
    def is_empty(self) -> bool:
        return self == Account()

    @property
    def trimmed(self) -> "Account":
        """The account without spaces around its words."""
        words: dict[str, Any] = {
            name: value.strip() for name, value in asdict(self).items() if isinstance(value, str)
        }
        return replace(self, **words)


def require_likely(account: Account, *, opened_at: datetime) -> None:
    """Refuse days that cannot be.

    :raises DayUnlikely: if it happened after the case opened, or is expected before
    """
    opened = localdate(opened_at)
    if account.happened_date and not EARLIEST <= account.happened_date <= opened:
        raise DayUnlikely("happened_date")
    if account.expected_date and not opened <= account.expected_date <= opened + LONGEST_WAIT:
        raise DayUnlikely("expected_date")


def require_in_use(category_id: int | None) -> None:
    """Refuse a category that was put aside.

    :raises CategoryPutAside: if it was, or its class
    """
    if category_id and not Cause.objects.in_use().filter(pk=category_id).exists():
        raise CategoryPutAside


def topics_of(category_ids: Collection[int]) -> Mapping[int, str]:
    """Name the topic of each category, which the radar counts by; no query for none."""
    if not category_ids:
        return {}
    return dict(Cause.objects.filter(pk__in=category_ids).values_list("pk", "name_zh"))


def write_accounts(told: Sequence[tuple[Case, Account]], *, now: datetime) -> None:
    """Write the accounts of new cases that say something; opens no transaction."""
    insert_many(
        [
            CaseAccount(
                case=case,
                created_at=now,
                updated_at=now,
                is_sample=case.is_sample,
                **asdict(account.trimmed),
            )
            for case, account in told
            if not account.trimmed.is_empty
        ]
    )
