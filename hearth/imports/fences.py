"""Files of a place and what became of their rows."""

from hearth.core.fence import at_place, fence, leave_open, with_seen
from hearth.imports.models import ImportIssue, ImportJob, ImportRow, ImportSource, RememberedMapping

fence(ImportJob, at_place())
for part in (ImportRow, ImportIssue):
    fence(part, with_seen(ImportJob, "job_id", of=part))
for rule in (ImportSource, RememberedMapping):
    leave_open(rule, because="How files are read, which holds no customer's data.")
