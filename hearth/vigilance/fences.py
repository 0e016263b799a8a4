"""What colleagues read, by the numbers of records."""

from hearth.core.fence import SOMEBODY, fence, leave_open
from hearth.vigilance.models import Alarm, AlarmRule, AlarmStep, Read

for noted in (Read, Alarm, AlarmStep):
    fence(noted, SOMEBODY)
leave_open(AlarmRule, because="When reading is unusual.")
