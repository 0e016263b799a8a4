"""What every file says of its origin: in words in a column of its own, and hidden in how its rows are written."""

from dataclasses import dataclass
from pathlib import Path

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from hearth.core.crypto import keyed_digest
from hearth.exports.models import Export
from hearth.lib.marks import agreement, chance, read_marks
from hearth.lib.typed_tables import CellType, TypedColumn

KEY = "exported"
LONGEST_REASON = 60
# A stranger's file is taken for one of ours less often than once in a million looks.
MOST_CHANCE = 1e-6


def visible_column() -> TypedColumn:
    """Return the last column of every file."""
    return TypedColumn(KEY, _("Exported by, on, for"), CellType.TEXT)


def visible_words(export: Export) -> str:
    """Say who took a file, when, why, and the code that finds the export again."""
    when = localtime(export.created_at).strftime("%Y-%m-%d %H:%M")
    return f"{export.created_by} · {when} · {export.reason[:LONGEST_REASON]} · {export.code}"


def hidden_key(export: Export) -> bytes:
    """Return the key of the hidden mark; it follows from the installation's own and is kept nowhere."""
    return keyed_digest("export", export.pk.hex)[:16]


@dataclass(frozen=True)
class Trace:
    """An export that a file may come from, how many of its marked rows agree, and how likely that is by chance."""

    export: Export
    agreeing: int
    rows: int
    chance: float


def trace_file(path: Path) -> list[Trace]:
    """Return the exports that a file or a fragment of one comes from by its hidden mark, the likeliest first.

    One query; every export ever written is tried.
    """
    found = read_marks(path)
    written = list(Export.objects.filter(finished_at__isnull=False).select_related("created_by").light())
    traces = []
    for export in written:
        agreeing = agreement(hidden_key(export), found)
        likelihood = min(1.0, chance(len(found), agreeing) * len(written))
        if likelihood <= MOST_CHANCE:
            traces.append(Trace(export, agreeing, len(found), likelihood))
    return sorted(traces, key=lambda trace: trace.chance)
