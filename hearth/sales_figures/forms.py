"""Which figures of sales a person asks for."""

from typing import ClassVar

from hearth.properties.spans import SpanForm
from hearth.sales_figures.funnel import PARTINGS
from hearth.sales_figures.permissions import VIEW_SALES_FIGURES


class FunnelForm(SpanForm):
    """The days, the place and the project of the leads, and by what they are parted."""

    permission: ClassVar = VIEW_SALES_FIGURES
    partings: ClassVar = PARTINGS
