from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RepairsConfig(AppConfig):
    name = "hearth.repairs"
    verbose_name = _("Repairs")
