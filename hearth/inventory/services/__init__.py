"""Acts on what is on sale."""

from hearth.inventory.services.deposits import Deposit
from hearth.inventory.services.holds import (
    end_holds_of,
    extend_hold,
    give_free,
    hold_home,
    refuse_if_of_another,
    reserve_home,
)
from hearth.inventory.services.openings import begin_opening, call_numbers, choose_home, close_opening
from hearth.inventory.services.prices import (
    ListTerms,
    approve_prices,
    begin_prices,
    compute_prices,
    return_prices,
    show_prices_of_today,
    submit_prices,
    write_prices,
)
from hearth.inventory.services.queue import join_queue, leave_queue
from hearth.inventory.services.releases import (
    BatchTerms,
    HomesWanted,
    add_homes,
    approve_batch,
    change_batch,
    create_batch,
    release_batch,
    remove_homes,
    return_batch,
    submit_batch,
)
from hearth.inventory.services.reservations import lapse_reservations, withdraw_reservation
from hearth.inventory.services.second import may_decide

__all__ = [
    "BatchTerms",
    "Deposit",
    "HomesWanted",
    "ListTerms",
    "add_homes",
    "approve_batch",
    "approve_prices",
    "begin_opening",
    "begin_prices",
    "call_numbers",
    "change_batch",
    "choose_home",
    "close_opening",
    "compute_prices",
    "create_batch",
    "end_holds_of",
    "extend_hold",
    "give_free",
    "hold_home",
    "join_queue",
    "lapse_reservations",
    "leave_queue",
    "may_decide",
    "refuse_if_of_another",
    "release_batch",
    "remove_homes",
    "reserve_home",
    "return_batch",
    "return_prices",
    "show_prices_of_today",
    "submit_batch",
    "submit_prices",
    "withdraw_reservation",
    "write_prices",
]
