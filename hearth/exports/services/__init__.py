"""Acts on files that go out."""

from hearth.exports.services.asking import ask_export, cancel_export
from hearth.exports.services.deciding import approve_export, refuse_export
from hearth.exports.services.giving import give_file
from hearth.exports.services.tidying import remove_old_files
from hearth.exports.services.writing import write_export

__all__ = [
    "approve_export",
    "ask_export",
    "cancel_export",
    "give_file",
    "refuse_export",
    "remove_old_files",
    "write_export",
]
