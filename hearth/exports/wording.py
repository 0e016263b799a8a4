"""How an export is told to people."""

from hearth.exports.models import Export
from hearth.lib.typed_tables import ENDINGS, TableFormat


def download_name(export: Export) -> str:
    """Return the name a file is given under; the code in it leads back to the export."""
    return f"{export.name} {export.code}.{ENDINGS[TableFormat(export.format)]}"


def share_done(export: Export) -> int:
    """Return how much of a file is written, in percent."""
    return min(100, round(export.written_rows * 100 / export.total_rows)) if export.total_rows else 0
