"""Rights over what the radar of group complaints finds."""

from django.utils.translation import gettext_lazy as _

from hearth.core.permissions import permission

VIEW_RADAR = permission("radar.view", _("See alarms of group complaints"))
CHANGE_RADAR = permission(
    "radar.change", _("Is told of alarms of group complaints, and accepts or dismisses them")
)
