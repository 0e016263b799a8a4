"""The place of the figures of cases in the rail."""

from django.utils.translation import gettext_lazy as _

from hearth.cases.permissions import VIEW_CASE
from hearth.core.navigation import Place, register_place

register_place(Place(_("Figures of cases"), "chart-histogram", "case_figures:figures", VIEW_CASE, order=61))
