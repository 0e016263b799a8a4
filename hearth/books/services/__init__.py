"""Handing over books, ending covers, and undoing."""

from hearth.books.services.adopting import give_without_owner
from hearth.books.services.handing_over import (
    BadLastDay,
    HandOverToNobody,
    NothingToHandOver,
    hand_over_book,
    run_handover,
)
from hearth.books.services.returning import NotReturnable, end_covers, undo_handover

__all__ = [
    "BadLastDay",
    "HandOverToNobody",
    "NotReturnable",
    "NothingToHandOver",
    "end_covers",
    "give_without_owner",
    "hand_over_book",
    "run_handover",
    "undo_handover",
]
