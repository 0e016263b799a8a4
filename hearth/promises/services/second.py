"""Two persons stand behind what buyers are told."""

from hearth.core.second_person import SecondPerson
from hearth.promises.permissions import APPROVE_PROMISE, CHANGE_PROMISE

_TWO = SecondPerson(CHANGE_PROMISE, APPROVE_PROMISE)
writer_of, lock_to_decide, may_decide = _TWO.writer_of, _TWO.lock_to_decide, _TWO.may_decide
