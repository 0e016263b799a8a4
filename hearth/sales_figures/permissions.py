"""The right to see figures of sales."""

from django.utils.translation import gettext_lazy as _

from hearth.core.permissions import permission

VIEW_SALES_FIGURES = permission(
    "sales_figures.view", _("See figures of sales: the funnel by consultant too, and sales around complaints")
)
