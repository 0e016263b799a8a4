"""Brokers and referrers 渠道, the customers they register 报备, conflicts about them 判客, and what is earned 佣金."""

from hearth.brokers.models.commissions import Commission, CommissionRule, CommissionSheet, CommissionStep
from hearth.brokers.models.conflicts import ConflictSide, RegistrationConflict
from hearth.brokers.models.partners import Broker, Partner
from hearth.brokers.models.registrations import ChannelRegistration

__all__ = [
    "Broker",
    "ChannelRegistration",
    "Commission",
    "CommissionRule",
    "CommissionSheet",
    "CommissionStep",
    "ConflictSide",
    "Partner",
    "RegistrationConflict",
]
