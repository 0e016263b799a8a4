"""Rights over what is known of families."""

from django.utils.translation import gettext_lazy as _

from hearth.core.permissions import permission

VIEW_INCOME = permission("families.view_income", _("See the income of families in full"))
