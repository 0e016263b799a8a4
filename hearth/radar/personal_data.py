"""Alarms count households and name none."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from hearth.core.personal_data import Person, holds_none, register_personal_data, strike_out_in
from hearth.radar.models import RadarAlarm, RadarLimit, RadarVoice, RadarWatch


def erase_notes(person: Person, now: datetime) -> int:
    return strike_out_in(RadarAlarm.objects.all(), person, "note")


register_personal_data("radar.notes", _("Notes on alarms of group complaints"), RadarAlarm, erase=erase_notes)
holds_none(RadarVoice, because="Which case speaks in which alarm; the case goes with its own rules.")
holds_none(RadarLimit, because="A number a project.")
holds_none(RadarWatch, because="When the radar listened to a place.")
