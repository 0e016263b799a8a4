"""The radar's place in the rail."""

from django.utils.translation import gettext_lazy as _

from hearth.audit.coverage import leave_unwatched
from hearth.core.navigation import Place, Section, register_place
from hearth.radar import settings  # noqa: F401  (declares its setting)
from hearth.radar.models import RadarVoice, RadarWatch
from hearth.radar.permissions import VIEW_RADAR
from hearth.radar.selectors import count_waiting

register_place(
    Place(
        _("Radar"),
        "radar-2",
        "radar:alarms",
        VIEW_RADAR,
        order=61,
        section=Section.RECORDS,
        count=count_waiting,
    )
)
leave_unwatched(RadarVoice, because="Made by the radar from cases, which are watched.")
leave_unwatched(RadarWatch, because="When the radar listened to a place.")
