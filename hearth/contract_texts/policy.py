"""What places decide about the texts of contracts."""

from django.utils.translation import gettext_lazy as _

from hearth.organization.models import OrgUnit
from hearth.organization.selectors import setting_at
from hearth.organization.settings_catalogue import SettingDefinition, declare

REQUIRED = declare(
    SettingDefinition(
        "contract_texts.required",
        _("Contracts are filed only once their text was read by every buyer and signed"),
        "bool",
        default=False,
        help_text=_("Otherwise a contract may be filed online without a text in Hearth."),
    )
)


def is_required_at(org_unit: OrgUnit) -> bool:
    """Tell whether contracts of a place need a text that was read and signed; one query."""
    return bool(setting_at(REQUIRED.key, org_unit))
