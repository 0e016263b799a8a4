"""Snapshots are files; their table says that they were taken."""

from hearth.core.fence import leave_open
from hearth.warehouse.models import Snapshot

leave_open(Snapshot, because="When a snapshot was taken and how large it is.")
