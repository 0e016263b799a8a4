"""Alarms are seen at the place of their project, and what belongs to an alarm with it."""

from hearth.core.fence import at_place, fence, leave_open, with_seen
from hearth.radar.models import RadarAlarm, RadarLimit, RadarVoice, RadarWatch

fence(RadarAlarm, at_place())
fence(RadarVoice, with_seen(RadarAlarm, "alarm_id", of=RadarVoice))
leave_open(RadarLimit, because="A number a project, of no household.")
leave_open(RadarWatch, because="When the radar listened to a place.")
