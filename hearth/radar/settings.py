"""How watchful the radar of a place is."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.analytics.radar_expectation import RadarSettings
from hearth.organization.settings_catalogue import SettingDefinition, declare

# −log10 of the probability from which there is an alarm, with the false alarms that it means (docs/benchmarks.md).
LIMITS = {"watchful": 4.5, "balanced": RadarSettings().limit, "calm": 6.0}
WATCHFULNESS = declare(
    SettingDefinition(
        "radar.watchfulness",
        _("Radar of group complaints"),
        "choice",
        "balanced",
        choices=(
            ("watchful", pgettext_lazy("radar", "watchful: about two false alarms for 100 projects a month")),
            (
                "balanced",
                pgettext_lazy("radar", "balanced: less than one false alarm for 100 projects a month"),
            ),
            ("calm", pgettext_lazy("radar", "calm: hardly a false alarm, some group complaints a day later")),
        ),
        help_text=_("A project where alarms were dismissed as unrelated asks for more than this by itself."),
    )
)
