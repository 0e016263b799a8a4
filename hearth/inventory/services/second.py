"""Two persons stand behind what goes on sale, and at which price."""

from hearth.core.second_person import SecondPerson
from hearth.inventory.permissions import APPROVE_INVENTORY, CHANGE_INVENTORY

_TWO = SecondPerson(CHANGE_INVENTORY, APPROVE_INVENTORY)
writer_of, lock_to_decide, may_decide = _TWO.writer_of, _TWO.lock_to_decide, _TWO.may_decide
