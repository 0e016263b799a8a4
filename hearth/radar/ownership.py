"""Keys to people that only say who did something."""

from hearth.core.ownership import register_mark

register_mark("radar.RadarAlarm.judged_by", "who judged the alarm")
