"""The right to read what was changed by whom."""

from django.utils.translation import gettext_lazy as _

from hearth.core.permissions import permission

VIEW_AUDIT = permission("audit.view", _("See who changed what, with the values before and after"))
