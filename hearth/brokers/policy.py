# domain data
"""For how long a registration 报备 protects a broker, and what makes it invalid. Numbers are proposed defaults."""

from dataclasses import dataclass

from django.utils.translation import pgettext_lazy

from hearth.organization.models import OrgUnit
from hearth.organization.selectors import resolve_settings
from hearth.organization.settings_catalogue import SettingDefinition, declare

VISIT_WITHIN_DAYS = declare(
    SettingDefinition(
        "brokers.visit_within_days",
        pgettext_lazy("brokers", "Days from a registration to the visit"),
        "int",
        7,
        minimum=1,
        maximum=90,
        help_text=pgettext_lazy("brokers", "For so long nobody else registers the same number."),
    )
)
SIGN_WITHIN_DAYS = declare(
    SettingDefinition(
        "brokers.sign_within_days",
        pgettext_lazy("brokers", "Days from the visit to the contract"),
        "int",
        30,
        minimum=1,
        maximum=365,
        help_text=pgettext_lazy(
            "brokers",
            "A contract signed later belongs to no registration. The day of the visit is not counted.",
        ),
    )
)
MINUTES_BEFORE_VISIT = declare(
    SettingDefinition(
        "brokers.minutes_before_visit",
        pgettext_lazy("brokers", "Minutes that lie between a registration and the visit at least"),
        "int",
        30,
        minimum=0,
        maximum=1440,
        help_text=pgettext_lazy("brokers", "Who is registered at the door came by themselves."),
    )
)
KNOWN_DAYS = declare(
    SettingDefinition(
        "brokers.known_days",
        pgettext_lazy("brokers", "Days for which a contact makes a customer known already"),
        "int",
        30,
        minimum=0,
        maximum=365,
        help_text=pgettext_lazy(
            "brokers", "A visit, or a contact with a live lead, within so many days before the registration."
        ),
    )
)
TAKES_HIDDEN = declare(
    SettingDefinition(
        "brokers.takes_hidden_numbers",
        pgettext_lazy("brokers", "Numbers with four hidden digits may be registered"),
        "bool",
        default=True,
        help_text=pgettext_lazy(
            "brokers", "138****5678 is matched when the whole number is known at the visit."
        ),
    )
)


@dataclass(frozen=True)
class Terms:
    """The rules of registration that hold at a place."""

    visit_within_days: int
    sign_within_days: int
    minutes_before_visit: int
    known_days: int
    takes_hidden: bool


def terms_at(org_unit: OrgUnit) -> Terms:
    """Return the rules that hold at a place, its own or those of the nearest place above; one query."""
    asked = (VISIT_WITHIN_DAYS, SIGN_WITHIN_DAYS, MINUTES_BEFORE_VISIT, KNOWN_DAYS, TAKES_HIDDEN)
    found = resolve_settings({each.key: each.default for each in asked}, org_unit)
    return Terms(
        int(found[VISIT_WITHIN_DAYS.key].value),
        int(found[SIGN_WITHIN_DAYS.key].value),
        int(found[MINUTES_BEFORE_VISIT.key].value),
        int(found[KNOWN_DAYS.key].value),
        bool(found[TAKES_HIDDEN.key].value),
    )
