"""What policy says of files that go out."""

from django.utils.translation import gettext_lazy as _

from hearth.organization.models import OrgUnit
from hearth.organization.selectors import setting_at
from hearth.organization.settings_catalogue import SettingDefinition, declare

ROWS_ALONE = declare(
    SettingDefinition(
        "exports.rows_alone",
        _("Rows of a file that one person may take alone"),
        "int",
        1_000,
        minimum=0,
        maximum=10_000_000,
        help_text=_("Files of more rows wait until a second person approves them. The group's value counts."),
    )
)


def rows_alone() -> int:
    """Return how many rows a person may take without a second one, as the group has set it. Two queries."""
    group = OrgUnit.objects.filter(depth=0).order_by("id").first()
    return int(setting_at(ROWS_ALONE.key, group)) if group else int(ROWS_ALONE.default)
