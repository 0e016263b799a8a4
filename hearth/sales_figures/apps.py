from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SalesFiguresConfig(AppConfig):
    name = "hearth.sales_figures"
    verbose_name = _("Sales figures")
