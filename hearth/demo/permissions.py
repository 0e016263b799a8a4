"""The right over the sample data."""

from django.utils.translation import gettext_lazy as _

from hearth.core.permissions import permission

DEMO_MANAGE = permission("demo.manage", _("Load and remove the sample data"))
