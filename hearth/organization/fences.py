"""The organisation is what fences are made of."""

from hearth.core.fence import leave_open
from hearth.organization.models import CalendarDay, FirstStep, Membership, OrgUnit, Role, Setting

for part in (OrgUnit, Role, Membership):
    leave_open(part, because="Read to find out where the actor works, before anybody is told.")
for rule in (Setting, CalendarDay, FirstStep):
    leave_open(rule, because="Rules of the house, which hold no customer's data.")
