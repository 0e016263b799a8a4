# domain data
"""What makes an incident major, and how long each notice may take. The values of the group count.

Terms follow the rules on reporting network security incidents (in force since 2025-11-01) and PIPL article 57;
numbers without a law are proposed defaults.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from hearth.organization.models import OrgUnit
from hearth.organization.selectors import setting_at
from hearth.organization.settings_catalogue import SettingDefinition, declare

MAJOR_PERSONS = declare(
    SettingDefinition(
        "registers.major_persons",
        _("Persons from which an incident is major"),
        "int",
        1_000_000,
        minimum=1,
        maximum=1_000_000_000,
        help_text=_(
            "From this number on the authority is told within the hours below. The group's value counts."
        ),
    )
)
MAJOR_SENSITIVE = declare(
    SettingDefinition(
        "registers.major_sensitive_persons",
        _("Persons from which an incident with sensitive data is major"),
        "int",
        100_000,
        minimum=1,
        maximum=1_000_000_000,
        help_text=_(
            "Sensitive are identity numbers, bank accounts and incomes, health, and children under 14."
        ),
    )
)
AUTHORITY_HOURS = declare(
    SettingDefinition(
        "registers.authority_hours",
        _("Hours until the authority is told of a major incident"),
        "int",
        4,
        minimum=1,
        maximum=240,
        help_text=_("Counted from when the incident was noticed."),
    )
)
PERSONS_HOURS = declare(
    SettingDefinition(
        "registers.persons_hours",
        _("Hours until it is decided whether the persons are told"),
        "int",
        72,
        minimum=1,
        maximum=720,
        help_text=_("Counted from when the incident was noticed."),
    )
)
AUDIT_PERSONS = declare(
    SettingDefinition(
        "registers.audit_persons",
        _("Persons above which compliance audits are more frequent"),
        "int",
        10_000_000,
        minimum=1,
        maximum=1_000_000_000,
        help_text=_("Whoever handles data of more persons audits at least every two years."),
    )
)
AUDIT_MONTHS_MANY = declare(
    SettingDefinition(
        "registers.audit_months_many",
        _("Months between compliance audits above that number"),
        "int",
        24,
        minimum=1,
        maximum=24,
    )
)
AUDIT_MONTHS = declare(
    SettingDefinition(
        "registers.audit_months",
        _("Months between compliance audits otherwise"),
        "int",
        36,
        minimum=1,
        maximum=120,
    )
)


@dataclass(frozen=True)
class IncidentRules:
    """The rules as the group has set them."""

    major_persons: int
    major_sensitive: int
    authority: timedelta
    persons: timedelta

    def is_major(self, persons: int | None, *, is_sensitive: bool) -> bool:
        """Tell whether so many persons make an incident major; one of unknown extent is not."""
        least = min(self.major_persons, self.major_sensitive) if is_sensitive else self.major_persons
        return persons is not None and persons >= least


def incident_rules() -> IncidentRules:
    """Return the rules in force; a few queries."""
    group = OrgUnit.objects.filter(depth=0).order_by("id").first()
    values = [
        int(setting_at(each.key, group)) if group else int(each.default)
        for each in (MAJOR_PERSONS, MAJOR_SENSITIVE, AUTHORITY_HOURS, PERSONS_HOURS)
    ]
    return IncidentRules(values[0], values[1], timedelta(hours=values[2]), timedelta(hours=values[3]))
