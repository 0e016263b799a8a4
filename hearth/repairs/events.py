"""What happened to repairs."""

from dataclasses import dataclass
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hearth.core.events import Event


@dataclass(frozen=True, kw_only=True)
class BuildingAccepted(Event):
    """It was said when a building was accepted; `subject_id` is the building."""

    type: ClassVar[str] = "repairs.building_accepted"
    family: ClassVar[str] = "property"
    label: ClassVar[str | Promise] = _("Acceptance of a building noted")

    accepted: str


@dataclass(frozen=True, kw_only=True)
class RepairOrdered(Event):
    """A repair order was made; `subject_id` is the order, as in what follows."""

    type: ClassVar[str] = "repairs.ordered"
    family: ClassVar[str] = "case"
    label: ClassVar[str | Promise] = _("Repair ordered")

    part: str
    is_in_warranty: bool
    is_repeat: bool


@dataclass(frozen=True, kw_only=True)
class RepairBooked(Event):
    """A repair was booked into a slot, or into another one."""

    type: ClassVar[str] = "repairs.booked"
    family: ClassVar[str] = "case"
    label: ClassVar[str | Promise] = _("Repair booked")

    starts_at: str
    is_moved: bool


@dataclass(frozen=True, kw_only=True)
class RepairReached(Event):
    """Somebody is on site for a repair."""

    type: ClassVar[str] = "repairs.reached"
    family: ClassVar[str] = "case"
    label: ClassVar[str | Promise] = _("Engineer on site")


@dataclass(frozen=True, kw_only=True)
class RepairReported(Event):
    """An engineer reported a visit; the amount is that of the parts used."""

    type: ClassVar[str] = "repairs.reported"
    family: ClassVar[str] = "case"
    label: ClassVar[str | Promise] = _("Visit for a repair reported")

    is_finished: bool
    photos: int


@dataclass(frozen=True, kw_only=True)
class RepairPartsCorrected(Event):
    """What a visit used was put right; the amount is that of its parts by now."""

    type: ClassVar[str] = "repairs.parts_corrected"
    family: ClassVar[str] = "case"
    label: ClassVar[str | Promise] = _("Parts of a repair put right")


@dataclass(frozen=True, kw_only=True)
class RepairSigned(Event):
    """A party signed a repair off; complete with the third."""

    type: ClassVar[str] = "repairs.signed"
    family: ClassVar[str] = "case"
    label: ClassVar[str | Promise] = _("Repair signed")

    signer: str
    is_complete: bool


@dataclass(frozen=True, kw_only=True)
class RepairCancelled(Event):
    """A repair is not made."""

    type: ClassVar[str] = "repairs.cancelled"
    family: ClassVar[str] = "case"
    label: ClassVar[str | Promise] = _("Repair cancelled")


@dataclass(frozen=True, kw_only=True)
class RepairPassedOn(Event):
    """Somebody else comes for a repair."""

    type: ClassVar[str] = "repairs.passed_on"
    family: ClassVar[str] = "case"
    label: ClassVar[str | Promise] = _("Repair passed on")
