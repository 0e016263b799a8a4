"""What happened to what is on sale."""

from dataclasses import dataclass
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
