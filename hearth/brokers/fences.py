"""What brokers register is seen at the place of the project, the broker at the place of the partner."""

from hearth.brokers.models import Broker, ChannelRegistration, ConflictSide, Partner, RegistrationConflict
from hearth.core.fence import at_place, fence

for seen in (Partner, Broker, ChannelRegistration, RegistrationConflict, ConflictSide):
    fence(seen, at_place())
