# domain data
"""Until when a change is approved, and what a filed contract keeps. Numbers are proposed defaults."""

from django.utils.translation import gettext_lazy as _

from hearth.organization.models import OrgUnit
from hearth.organization.selectors import setting_at
from hearth.organization.settings_catalogue import SettingDefinition, declare

ANSWER_DAYS = declare(
    SettingDefinition(
        "contract_changes.answer_days",
        _("Days in which a change of a contract is approved, for each step"),
        "int",
        2,
        minimum=1,
        maximum=60,
        help_text=_("Whoever has not answered by then is reminded."),
    )
)
LAPSE_DAYS = declare(
    SettingDefinition(
        "contract_changes.lapse_days",
        _("Days after which a change of a contract lapses"),
        "int",
        30,
        minimum=1,
        maximum=365,
        help_text=_("Counted from the day it was asked for, whether it is approved by then or not."),
    )
)
NAMES_BEFORE_FILING = declare(
    SettingDefinition(
        "contract_changes.names_before_filing",
        _("Buyer and owners are changed only before a contract is filed online"),
        "bool",
        default=True,
    )
)


def names_before_filing_only(org_unit: OrgUnit) -> bool:
    """Tell whether a filed contract keeps its names at a place; one query."""
    return bool(setting_at(NAMES_BEFORE_FILING.key, org_unit))
