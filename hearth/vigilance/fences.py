"""What colleagues read, by the numbers of records."""

from hearth.core.fence import SOMEBODY, fence, leave_open
from hearth.vigilance.models import Alarm, AlarmRule, AlarmStep, Read, ReadSeal

for noted in (Read, Alarm, AlarmStep):
    fence(noted, SOMEBODY)
leave_open(AlarmRule, because="When reading is unusual.")
leave_open(
    ReadSeal, because="How many reads there were in an hour, and their digest; nobody and nothing is named."
)
