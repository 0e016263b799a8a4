# domain data
"""What places decide about changes of contracts."""

from django.utils.translation import gettext_lazy as _

from hearth.organization.models import OrgUnit
from hearth.organization.selectors import setting_at
from hearth.organization.settings_catalogue import SettingDefinition, declare

BY_REQUEST = declare(
    SettingDefinition(
        "sales.cancel_by_request",
        _("Contracts are cancelled by approved requests alone"),
        "bool",
        default=False,
        help_text=_("Otherwise whoever records contracts may cancel one at once, without penalty or refund."),
    )
)


def by_request_at(org_unit: OrgUnit) -> bool:
    """Tell whether contracts of a place are cancelled by approved requests alone; one query."""
    return bool(setting_at(BY_REQUEST.key, org_unit))
