"""The log holds what was written of everybody; it is read by who holds its right, and at the record by its readers."""

from hearth.audit.models import AuditEntry, AuditSeal
from hearth.core.fence import SOMEBODY, fence, leave_open

fence(AuditEntry, SOMEBODY)
leave_open(AuditSeal, because="Digests and signatures.")
