# domain data
"""How long a home is held, and until when a reservation may be undone. Numbers are proposed defaults."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.timezone import localdate, make_aware
from django.utils.translation import gettext_lazy as _

from hearth.organization.models import OrgUnit
from hearth.organization.selectors import resolve_settings, setting_at
from hearth.organization.settings_catalogue import SettingDefinition, declare

HOLD_MINUTES = declare(
    SettingDefinition(
        "inventory.hold_minutes",
        _("Minutes for which a home is held for a customer"),
        "int",
        30,
        minimum=1,
        maximum=10_080,
        help_text=_("After this time the home is free again by itself."),
    )
)


def hold_minutes_at(org_unit: OrgUnit) -> int:
    """Return for how long a home is held at a place; one query."""
    return int(setting_at(HOLD_MINUTES.key, org_unit))


WITHDRAWAL_DAYS = declare(
    SettingDefinition(
        "inventory.withdrawal_days",
        _("Days for withdrawing from a reservation without a reason"),
        "int",
        3,
        minimum=0,
        maximum=60,
        help_text=_("The whole deposit goes back. Nought where the city forbids it."),
    )
)
WITHDRAWAL_ON_OPENING_DAY = declare(
    SettingDefinition(
        "inventory.withdrawal_on_opening_day",
        _("Homes chosen on an opening day may be withdrawn from too"),
        "bool",
        default=False,
    )
)
SIGN_WITHIN_DAYS = declare(
    SettingDefinition(
        "inventory.sign_within_days",
        _("Days from a reservation to the contract"),
        "int",
        7,
        minimum=0,
        maximum=365,
        help_text=_(
            "Nought sets no day. A reservation whose day is over ends, unless earnest money was paid."
        ),
    )
)


@dataclass(frozen=True)
class ReservationTerms:
    """Until when a reservation may be undone, and by which day the contract is to be signed."""

    withdrawal_ends_at: datetime | None
    sign_by_date: date | None


def terms_at(org_unit: OrgUnit, now: datetime, *, is_opening_day: bool) -> ReservationTerms:
    """Return the terms of a reservation made now at a place; one query.

    The day of the reservation does not count: three days end at midnight after the third day that follows.
    """
    definitions = (WITHDRAWAL_DAYS, WITHDRAWAL_ON_OPENING_DAY, SIGN_WITHIN_DAYS)
    rules = resolve_settings({each.key: each.default for each in definitions}, org_unit)
    days, today = int(rules[WITHDRAWAL_DAYS.key].value), localdate(now)
    is_open = days > 0 and (not is_opening_day or bool(rules[WITHDRAWAL_ON_OPENING_DAY.key].value))
    end = make_aware(datetime.combine(today + timedelta(days=days + 1), time()))
    within = int(rules[SIGN_WITHIN_DAYS.key].value)
    return ReservationTerms(end if is_open else None, today + timedelta(days=within) if within else None)
