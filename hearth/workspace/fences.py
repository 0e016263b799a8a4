"""When a colleague last looked at a record."""

from hearth.core.fence import leave_open
from hearth.workspace.models import Look

leave_open(Look, because="When a colleague looked, found by that colleague alone.")
