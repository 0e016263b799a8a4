"""Acts on files: receive, map, check, commit, pause, resume, give up, take back."""

from hearth.imports.services.checking import check_file, start_check
from hearth.imports.services.committing import commit_file, start_commit
from hearth.imports.services.receiving import change_mapping, change_reading, receive_file
from hearth.imports.services.remembering import change_remembered, forget_mapping
from hearth.imports.services.reverting import revert_file, revert_import
from hearth.imports.services.steering import cancel_import, pause_import, resume_import

__all__ = [
    "cancel_import",
    "change_mapping",
    "change_reading",
    "change_remembered",
    "check_file",
    "commit_file",
    "forget_mapping",
    "pause_import",
    "receive_file",
    "resume_import",
    "revert_file",
    "revert_import",
    "start_check",
    "start_commit",
]
