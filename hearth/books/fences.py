"""Handing over moves the books of colleagues: numbers of records, no customer's data."""

from hearth.books.models import BookHandover, BookMove
from hearth.core.fence import SOMEBODY, fence

for part in (BookHandover, BookMove):
    fence(part, SOMEBODY)
