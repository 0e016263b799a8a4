"""What happened to files that go out."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hearth.core.events import Event


@dataclass(frozen=True, kw_only=True)
class ListExported(Event):
    """A list was written to a file; `subject_id` is the export, which keeps the reason in words."""

    type: ClassVar[str] = "exports.list_exported"
    family: ClassVar[str] = "system"
    label: ClassVar[str | Promise] = _("List exported")
    object_key: str
    format: str
    rows: int
    columns: list[str]
    source_key: str = ""
    source_id: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class ExportHeld(Event):
    """A file waits for a second person, as it has more rows than one may take alone; `subject_id` is the export."""

    type: ClassVar[str] = "exports.held"
    family: ClassVar[str] = "system"
    label: ClassVar[str | Promise] = _("Export waits for approval")
    object_key: str
    rows: int


@dataclass(frozen=True, kw_only=True)
class ExportApproved(Event):
    """A second person approved a file; `subject_id` is the export."""

    type: ClassVar[str] = "exports.approved"
    family: ClassVar[str] = "system"
    label: ClassVar[str | Promise] = _("Export approved")
    object_key: str
    rows: int


@dataclass(frozen=True, kw_only=True)
class ExportRefused(Event):
    """A second person refused a file; `subject_id` is the export, which keeps why in words."""

    type: ClassVar[str] = "exports.refused"
    family: ClassVar[str] = "system"
    label: ClassVar[str | Promise] = _("Export refused")
    object_key: str
    rows: int


@dataclass(frozen=True, kw_only=True)
class ExportDownloaded(Event):
    """The file of an export was taken away; `subject_id` is the export."""

    type: ClassVar[str] = "exports.downloaded"
    family: ClassVar[str] = "system"
    label: ClassVar[str | Promise] = _("Export downloaded")
    object_key: str
    rows: int
