# domain data
"""How long a home is held. Numbers are proposed defaults."""

from django.utils.translation import gettext_lazy as _

from hearth.organization.models import OrgUnit
from hearth.organization.selectors import setting_at
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
