"""Keys to people that only say who did something."""

from hearth.core.ownership import register_mark

register_mark("vigilance.Read.user", "who read; forgotten after half a year")
register_mark("vigilance.Alarm.user", "whom the alarm is about")
register_mark("vigilance.Alarm.handler", "who examined the alarm; others may go on")
register_mark("vigilance.AlarmStep.user", "who did something about the alarm")
