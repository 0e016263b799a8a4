"""Rights over campaigns."""

from django.utils.translation import gettext_lazy as _

from hearth.core.permissions import permission

VIEW_CAMPAIGN = permission("campaigns.view", _("See campaigns and their results"))
CHANGE_CAMPAIGN = permission("campaigns.change", _("Plan campaigns"))
LAUNCH_CAMPAIGN = permission("campaigns.launch", _("Start and stop campaigns"))
WORK_CALL_LIST = permission("campaigns.work_call_list", _("Work through call lists"))
