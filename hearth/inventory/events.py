"""What happened to what is on sale."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hearth.core.events import Event


@dataclass(frozen=True, kw_only=True)
class BatchReleased(Event):
    """A batch of homes went on sale; `subject_id` is the batch."""

    type: ClassVar[str] = "inventory.batch_released"
    family: ClassVar[str] = "property"
    label: ClassVar[str | Promise] = _("Homes released for sale")

    units: int


@dataclass(frozen=True, kw_only=True)
class PricesApproved(Event):
    """A second person approved a version of a price list; `subject_id` is the version."""

    type: ClassVar[str] = "inventory.prices_approved"
    family: ClassVar[str] = "property"
    label: ClassVar[str | Promise] = _("Price list approved")

    version: int
    units: int


@dataclass(frozen=True, kw_only=True)
class HomeHeld(Event):
    """A home is held for a customer, or longer than before; `subject_id` is the hold."""

    type: ClassVar[str] = "inventory.home_held"
    family: ClassVar[str] = "contract"
    label: ClassVar[str | Promise] = _("Home held")

    expires_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class HomeReserved(Event):
    """A customer chose a home; `subject_id` is the reservation, `amount` what it cost."""

    type: ClassVar[str] = "inventory.home_reserved"
    family: ClassVar[str] = "contract"
    label: ClassVar[str | Promise] = _("Home reserved")


@dataclass(frozen=True, kw_only=True)
class HomeGivenFree(Event):
    """A held or reserved home was given free before its time; `subject_id` is the hold."""

    type: ClassVar[str] = "inventory.home_given_free"
    family: ClassVar[str] = "contract"
    label: ClassVar[str | Promise] = _("Home given free")


@dataclass(frozen=True, kw_only=True)
class ReservationWithdrawn(Event):
    """A customer withdrew from a reservation in time; `amount` is the deposit that goes back, negative."""

    type: ClassVar[str] = "inventory.reservation_withdrawn"
    family: ClassVar[str] = "contract"
    label: ClassVar[str | Promise] = _("Withdrew from a reservation")


@dataclass(frozen=True, kw_only=True)
class ReservationLapsed(Event):
    """The day by which the contract was to be signed went by; `amount` is the deposit that goes back, negative."""

    type: ClassVar[str] = "inventory.reservation_lapsed"
    family: ClassVar[str] = "contract"
    label: ClassVar[str | Promise] = _("Reservation ran out")


@dataclass(frozen=True, kw_only=True)
class QueueJoined(Event):
    """A customer got a number in the queue of a batch; `subject_id` is the entry, `amount` the sincerity money."""

    type: ClassVar[str] = "inventory.queue_joined"
    family: ClassVar[str] = "contract"
    label: ClassVar[str | Promise] = _("Queue number given")

    number: int


@dataclass(frozen=True, kw_only=True)
class QueueLeft(Event):
    """A customer withdrew from a queue; `subject_id` is the entry, which keeps its number."""

    type: ClassVar[str] = "inventory.queue_left"
    family: ClassVar[str] = "contract"
    label: ClassVar[str | Promise] = _("Withdrew from the queue")

    number: int


@dataclass(frozen=True, kw_only=True)
class NumbersCalled(Event):
    """Numbers of a queue were called to choose; `subject_id` is the opening day."""

    type: ClassVar[str] = "inventory.numbers_called"
    family: ClassVar[str] = "property"
    label: ClassVar[str | Promise] = _("Queue numbers called")

    round: int
    first: int
    last: int
