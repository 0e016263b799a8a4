"""Acts on brokers, registrations, conflicts about them, and commissions."""

from hearth.brokers.services.conflicts import decide_conflict, is_party, object_to_refusal
from hearth.brokers.services.earning import (
    amount_of,
    earn_commission,
    release_commission,
    reverse_commission,
)
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
from hearth.brokers.services.rules import NewRule, write_rule
from hearth.brokers.services.sheets import (
    approve_settlement,
    gather_again,
    make_settlement,
    may_approve,
    pay_settlement,
    return_settlement,
    submit_settlement,
)
from hearth.brokers.services.visits import confirm_visit

__all__ = [
    "BrokerNotActive",
    "NewBroker",
    "NewPartner",
    "NewRegistration",
    "NewRule",
    "add_broker",
    "add_partner",
    "amount_of",
    "approve_settlement",
    "change_broker",
    "change_partner",
    "confirm_visit",
    "decide_conflict",
    "earn_commission",
    "expire_registrations",
    "gather_again",
    "is_party",
    "make_settlement",
    "may_approve",
    "object_to_refusal",
    "pay_settlement",
    "register_customer",
    "release_commission",
    "renew_link",
    "return_settlement",
    "reverse_commission",
    "submit_settlement",
    "withdraw_link",
    "write_rule",
]
