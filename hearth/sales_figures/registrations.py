"""Places of the figures of sales, and of a consultant's day, in the rail."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hearth.core.navigation import Place, Section, register_place
from hearth.leads.permissions import CHANGE_LEAD
from hearth.sales_figures.permissions import VIEW_SALES_FIGURES

register_place(
    Place(
        pgettext_lazy("sales", "My day"),
        "calendar-event",
        "sales_figures:today",
        CHANGE_LEAD,
        order=12,
        section=Section.WORK,
    )
)
register_place(
    Place(_("Sales figures"), "chart-funnel", "sales_figures:funnel", VIEW_SALES_FIGURES, order=55)
)
register_place(
    Place(
        _("Sales around complaints"),
        "chart-histogram",
        "sales_figures:incidents",
        VIEW_SALES_FIGURES,
        order=56,
        is_in_rail=False,
    )
)
