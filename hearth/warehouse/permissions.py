"""Rights over snapshots."""

from django.utils.translation import gettext_lazy as _

from hearth.core.permissions import permission

VIEW_SNAPSHOT = permission("warehouse.view", _("See snapshots of the warehouse"))
TAKE_SNAPSHOT = permission("warehouse.snapshot", _("Take a snapshot of the warehouse"))
