"""What happens to books; the rows that move have events of their own."""

from dataclasses import dataclass
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hearth.core.events import Event


@dataclass(frozen=True, kw_only=True)
class BookHandedOver(Event):
    """A colleague's book was handed over; `subject_id` is the handover."""

    type: ClassVar[str] = "books.handed_over"
    label: ClassVar[str | Promise] = _("Book handed over")

    from_user_id: int
    rule: str
    moved: int
    left: int


@dataclass(frozen=True, kw_only=True)
class BookReturned(Event):
    """What still was where a handover had put it went back; `reason` is `undone` or `ended`."""

    type: ClassVar[str] = "books.returned"
    label: ClassVar[str | Promise] = _("Book returned")

    from_user_id: int
    reason: str
    returned: int
    kept: int
