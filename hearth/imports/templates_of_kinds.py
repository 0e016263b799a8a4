"""An empty file of a kind, for whoever starts from nothing."""

import io

from hearth.imports.kinds import ImportKind
from hearth.lib.tabular_write import write_csv


def template_of(kind: ImportKind) -> bytes:
    """Return a CSV file that holds only the column names, in the language in force, as Excel opens it."""
    text = io.StringIO(newline="")
    write_csv(text, [str(field.label) for field in kind.fields], [])
    return text.getvalue().encode("utf-8-sig")
