# domain data
"""What repairs ask of a place. Numbers are proposed defaults, inherited down the tree."""

from django.utils.translation import gettext_lazy as _

from hearth.organization.settings_catalogue import SettingDefinition, declare

REPEAT_DAYS = declare(
    SettingDefinition(
        "repairs.repeat_days",
        _("Days in which a repair of the same part is a repeat"),
        "int",
        90,
        minimum=0,
        maximum=730,
        help_text=_("Counts too for the same cause in the same entrance. Nought: repeats are not marked."),
    )
)
SLOT_MINUTES = declare(
    SettingDefinition(
        "repairs.slot_minutes",
        _("Length of a slot for repairs, in minutes"),
        "int",
        90,
        minimum=15,
        maximum=480,
    )
)
