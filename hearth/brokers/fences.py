"""What brokers register is seen at the place of the project, the broker at the place of the partner."""

from hearth.brokers.models import (
    Broker,
    ChannelRegistration,
    Commission,
    CommissionRule,
    CommissionSheet,
    CommissionStep,
    ConflictSide,
    Partner,
    RegistrationConflict,
)
from hearth.core.fence import at_place, fence

for seen in (Partner, Broker, ChannelRegistration, RegistrationConflict, ConflictSide):
    fence(seen, at_place())
for earned in (CommissionRule, CommissionStep, Commission, CommissionSheet):
    fence(earned, at_place())
