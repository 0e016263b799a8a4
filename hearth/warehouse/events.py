"""What happens in this app."""

from dataclasses import dataclass
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hearth.core.events import Event


@dataclass(frozen=True, kw_only=True)
class SnapshotTaken(Event):
    """A snapshot is complete; `subject_id` names it."""

    type: ClassVar[str] = "warehouse.snapshot_taken"
    label: ClassVar[str | Promise] = _("Snapshot taken")

    rows: int
