"""Brokers and referrers 渠道, the customers they register 报备, and conflicts about them 判客."""

from hearth.brokers.models.conflicts import ConflictSide, RegistrationConflict
from hearth.brokers.models.partners import Broker, Partner
from hearth.brokers.models.registrations import ChannelRegistration

__all__ = ["Broker", "ChannelRegistration", "ConflictSide", "Partner", "RegistrationConflict"]
