"""What happened to files."""

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from hearth.core.events import Event


@dataclass(frozen=True, kw_only=True)
class FileImported(Event):
    """All rows of a file were written; `subject_id` is the import."""

    type = "imports.file_imported"
    label = _("File imported")

    kind: str
    created_rows: int
    updated_rows: int
    skipped_rows: int
    linked_rows: int = 0


@dataclass(frozen=True, kw_only=True)
class ImportTakenBack(Event):
    """What a file had brought in was taken back; `subject_id` is the import, `kept_rows` could not be."""

    type = "imports.import_taken_back"
    label = _("Import taken back")

    kind: str
    reverted_rows: int
    kept_rows: int


@dataclass(frozen=True, kw_only=True)
class RecordTakenBack(Event):
    """A record that a file had made was deleted again; `subject_id` is the record."""

    type = "imports.record_taken_back"
    label = _("Record of an import taken back")

    model: str
    import_id: UUID
