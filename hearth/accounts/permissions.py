"""Rights over accounts."""

from django.utils.translation import gettext_lazy as _

from hearth.core.permissions import permission

CHANGE_ACCOUNT = permission("accounts.change", _("Create, change and deactivate accounts"))
