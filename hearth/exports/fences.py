"""What was searched for, and which rows were found."""

from hearth.core.fence import SOMEBODY, fence
from hearth.exports.models import Export, ExportedRows

for written in (Export, ExportedRows):
    fence(written, SOMEBODY)
