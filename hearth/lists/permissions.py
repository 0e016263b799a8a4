"""Rights over lists; what rows a list shows is the right of the app that owns them."""

from django.utils.translation import gettext_lazy as _

from hearth.core.permissions import permission

SHARE_VIEW = permission("lists.share", _("Share saved views with a team or a place"))
CHANGE_MANY = permission("lists.change_many", _("Change many rows of a list at once"))
