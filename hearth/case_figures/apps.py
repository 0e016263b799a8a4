from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CaseFiguresConfig(AppConfig):
    name = "hearth.case_figures"
    verbose_name = _("Figures of cases")
