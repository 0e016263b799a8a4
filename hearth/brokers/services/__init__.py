"""Acts on brokers, registrations and conflicts about them."""

from hearth.brokers.services.conflicts import decide_conflict, is_party, object_to_refusal
from hearth.brokers.services.partners import (
    BrokerNotActive,
    NewBroker,
    NewPartner,
    add_broker,
    add_partner,
    change_broker,
    change_partner,
    renew_link,
    withdraw_link,
)
from hearth.brokers.services.registering import NewRegistration, expire_registrations, register_customer
from hearth.brokers.services.visits import confirm_visit

__all__ = [
    "BrokerNotActive",
    "NewBroker",
    "NewPartner",
    "NewRegistration",
    "add_broker",
    "add_partner",
    "change_broker",
    "change_partner",
    "confirm_visit",
    "decide_conflict",
    "expire_registrations",
    "is_party",
    "object_to_refusal",
    "register_customer",
    "renew_link",
    "withdraw_link",
]
