"""Why there is an alarm, in words."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hearth.radar.models import RadarAlarm


@dataclass(frozen=True)
class Why:
    """What was heard, what is usual, and how likely it was by chance."""

    heard: str
    usual: str
    chance: str


def why(alarm: RadarAlarm) -> Why:
    """Say why an alarm was raised, as it stood on its day."""
    where = alarm.building.name if alarm.building else _("the whole project")
    return Why(
        heard=ngettext(
            "%(households)s household of %(where)s spoke of “%(topic)s” within %(days)s days.",
            "%(households)s households of %(where)s spoke of “%(topic)s” within %(days)s days.",
            alarm.households,
        )
        % {
            "households": alarm.households,
            "where": where,
            "topic": alarm.topic,
            "days": alarm.window_days,
        },
        usual=_(
            "On days like these %(expected)s would be expected: by the past of the project and of the topic, and by"
            " how loud the rest of the project and the city are now."
        )
        % {"expected": f"{alarm.expected:.2g}" if alarm.expected < 1 else f"{alarm.expected:.1f}"},
        chance=_("By chance alone it would happen once in %(times)s such windows.")
        % {"times": _power(alarm.score)},
    )


def _power(score: float) -> str:
    """Write 10 to the power of a score in round figures."""
    return f"{round(10 ** min(score, 12), -int(min(score, 12))):,.0f}"
