"""The place in the rail."""

from django.utils.translation import gettext_lazy as _

from hearth.audit.coverage import leave_unwatched
from hearth.core.navigation import Place, Section, register_place
from hearth.warehouse.models import Snapshot
from hearth.warehouse.permissions import VIEW_SNAPSHOT

register_place(
    Place(_("Warehouse"), "database", "warehouse:snapshots", VIEW_SNAPSHOT, order=40, section=Section.DATA)
)

leave_unwatched(Snapshot, because="The progress of copying; the copy is made of watched rows.")
